"""Whom a message to many goes to: a group of those who registered for an event, and the way to each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app.events.types import AskedRow, EventRow
from app.infra.db import db
from app.kernel.types import JSON
from app.questions.kinds import AGREED, NO, YES
from app.questions.types import Kind, Question
from app.registrations.models import Registration, RegistrationAnswer
from app.registrations.rules import post_arrives
from app.registrations.types import Status

# Marks an answer that is no option's key.
_BARE = "="


class Came(StrEnum):
    """Whether somebody was seen at the sitting."""

    ANY = "any"
    PRESENT = "present"
    ABSENT = "absent"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"any": "指定しない", "present": "出席の記録がある方", "absent": "出席の記録がない方"}[self.value]


@dataclass(frozen=True, slots=True)
class Group:
    """Who is chosen. Without sittings: those of all.

    `answers` are names of answers_of(): of one question any of them, of several questions each.
    """

    statuses: tuple[Status, ...] = (Status.CONFIRMED,)
    sittings: tuple[int, ...] = ()
    came: Came = Came.ANY
    answers: tuple[str, ...] = ()

    def stored(self) -> dict[str, JSON]:
        """As a JSON column keeps it."""
        return {
            "statuses": [one.value for one in self.statuses],
            "sittings": list(self.sittings),
            "came": self.came.value,
            "answers": list(self.answers),
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Group:
        """What stored() wrote."""
        statuses = tuple(Status(word) for word in stored["statuses"])
        return cls(statuses, tuple(stored["sittings"]), Came(stored["came"]), tuple(stored.get("answers", ())))

    def text(self, event: EventRow) -> str:
        """確定・キャンセル待ち、午前の部、出席の記録がある方、昼食：要る"""
        parts = ["・".join(one.word for one in self.statuses)]
        if self.sittings:
            chosen = [s.label or "回" for s in event.sittings if s.id in self.sittings]
            parts.append("・".join(chosen))
        if self.came is not Came.ANY:
            parts.append(self.came.word)
        offered = answers_of(event.asked)
        parts += [offered[name] for name in self.answers if name in offered]
        return "、".join(parts)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a group has, by the way in which they are told. `nowhere`: they left no contact at all."""

    by_mail: int = 0
    by_post: int = 0
    by_phone: int = 0
    nowhere: int = 0

    @property
    def people(self) -> int:
        """Who is told."""
        return self.by_mail + self.by_post + self.by_phone


def reach(event: EventRow, group: Group, *, now: datetime) -> Reach:
    """How many people of the group are told by mail, letter and telephone; one statement."""
    counted = sa.select(*(sa.func.count().filter(way) for way in _ways(event, now))).where(*matching(event.id, group))
    return Reach(*tuple(db.session.execute(counted).one()))


def matching(event_id: int, group: Group) -> list[sa.ColumnElement[bool]]:
    """The conditions that a registration of the group meets."""
    wanted = [Registration.event_id == event_id, Registration.status.in_(group.statuses)]
    if group.sittings:
        wanted.append(Registration.sitting_id.in_(group.sittings))
    if group.came is not Came.ANY:
        wanted.append(Registration.attended.is_(group.came is Came.PRESENT))
    return [*wanted, *_answered(group.answers)]


def reachable() -> sa.ColumnElement[bool]:
    """Who left an address or a number."""
    return sa.or_(Registration.email.is_not(None), Registration.address != "", Registration.phone.is_not(None))


def answers_of(asked: Sequence[AskedRow]) -> dict[str, str]:
    """The answers that a group can be chosen by, as they are named in it, with their words: question and option."""
    offered: dict[str, str] = {}
    for row in asked:
        for value, words in _values(row.question):
            offered[f"{row.id}:{value}"] = f"{row.question.label}：{words}"
    return offered


def posted_to(event: EventRow, *, now: datetime) -> frozenset[int]:
    """The sittings whose people a letter still reaches in time; after a sitting there is time again."""
    return frozenset(s.id for s in event.sittings if s.starts_at <= now or post_arrives(now, s.starts_at))


def _values(question: Question) -> list[tuple[str, str]]:
    if question.kind is Kind.YES_NO:
        return [(f"{_BARE}true", YES), (f"{_BARE}false", NO)]
    if question.kind is Kind.CONSENT:
        return [(f"{_BARE}true", AGREED)]
    return [(option.key, option.label) for option in question.options]


def _answered(names: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    """For each question: the applicant or a companion chose one of the answers named."""
    wanted: dict[int, list[str]] = {}
    for name in names:
        question_id, _colon, value = name.partition(":")
        wanted.setdefault(int(question_id), []).append(value)
    return [
        sa.exists().where(
            RegistrationAnswer.registration_id == Registration.id,
            RegistrationAnswer.question_id == question_id,
            sa.or_(*map(_says, values)),
        )
        for question_id, values in wanted.items()
    ]


def _says(value: str) -> sa.ColumnElement[bool]:
    """JSON as text: an option's key stands in quotes, alone or in a list; yes and no stand bare."""
    said = sa.cast(RegistrationAnswer.value, sa.String)
    if value.startswith(_BARE):
        return said == value.removeprefix(_BARE)
    return said.contains(f'"{value}"', autoescape=True)


def _ways(event: EventRow, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    no_mail, at_home = Registration.email.is_(None), Registration.address != ""
    posted = sa.and_(at_home, Registration.sitting_id.in_(posted_to(event, now=now)))
    called = sa.and_(no_mail, ~posted, sa.or_(at_home, Registration.phone.is_not(None)))
    return ~no_mail, sa.and_(no_mail, posted), called, ~reachable()
