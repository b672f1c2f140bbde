"""Whom a message to many goes to: a group of those who registered for an event, and the way to each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app.events.types import EventRow, SittingRow
from app.infra.db import db
from app.kernel.types import JSON
from app.registrations.models import Registration
from app.registrations.rules import post_arrives
from app.registrations.types import Status


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
    """Who is chosen. Without sittings: those of all."""

    statuses: tuple[Status, ...] = (Status.CONFIRMED,)
    sittings: tuple[int, ...] = ()
    came: Came = Came.ANY

    def stored(self) -> dict[str, JSON]:
        """As a JSON column keeps it."""
        return {
            "statuses": [one.value for one in self.statuses],
            "sittings": list(self.sittings),
            "came": self.came.value,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Group:
        """What stored() wrote."""
        statuses = tuple(Status(word) for word in stored["statuses"])
        return cls(statuses, tuple(stored["sittings"]), Came(stored["came"]))

    def text(self, sittings: Sequence[SittingRow]) -> str:
        """確定・キャンセル待ち、午前の部、出席の記録がある方"""
        parts = ["・".join(one.word for one in self.statuses)]
        if self.sittings:
            chosen = [s.label or "回" for s in sittings if s.id in self.sittings]
            parts.append("・".join(chosen))
        if self.came is not Came.ANY:
            parts.append(self.came.word)
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
    return wanted


def reachable() -> sa.ColumnElement[bool]:
    """Who left an address or a number."""
    return sa.or_(Registration.email.is_not(None), Registration.address != "", Registration.phone.is_not(None))


def posted_to(event: EventRow, *, now: datetime) -> frozenset[int]:
    """The sittings whose people a letter still reaches in time; after a sitting there is time again."""
    return frozenset(s.id for s in event.sittings if s.starts_at <= now or post_arrives(now, s.starts_at))


def _ways(event: EventRow, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    no_mail, at_home = Registration.email.is_(None), Registration.address != ""
    posted = sa.and_(at_home, Registration.sitting_id.in_(posted_to(event, now=now)))
    called = sa.and_(no_mail, ~posted, sa.or_(at_home, Registration.phone.is_not(None)))
    return ~no_mail, sa.and_(no_mail, posted), called, ~reachable()
