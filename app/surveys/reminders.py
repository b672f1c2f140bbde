"""The plan of reminders: who has not handed in is told on certain working days around the due date, each time once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, insert_into, run, transaction
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM, Actor
from app.kernel.working_days import in_office_hours, step_due
from app.org import queries as org
from app.org.rules import is_head
from app.org.types import MemberRow
from app.surveys import board, messages, queries, steps
from app.surveys.models import SurveyReminded, SurveyReminder
from app.surveys.types import BoardRow, SurveyRow


@dataclass(frozen=True, slots=True)
class Silent:
    """A section that has not handed in, whom to ask there, and why it is not told now ("": it is)."""

    row: BoardRow
    people: tuple[MemberRow, ...]
    heads: tuple[MemberRow, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ChaseList:
    """Who is silent. `step`: the reminder that is due now, None where none is; `plan`: all of them."""

    plan: tuple[int, ...]
    step: int | None
    lines: tuple[Silent, ...]

    @property
    def told(self) -> list[Silent]:
        """Those whom sending now would reach."""
        return [line for line in self.lines if not line.reason]


def chase_list(survey: SurveyRow, *, today: date) -> ChaseList:
    """Every section that has still to hand in, with whom to ask. Nothing is written."""
    plan = days_of(survey.id)
    step = step_due(plan, survey.due_on, today) if survey.writable else None
    sent = _sent(survey.id, step)
    owing = [row for row in board.board(survey, today=today) if row.owes]
    heads = _heads([row.unit.id for row in owing], today)
    lines = []
    for row in owing:
        chiefs = tuple(heads.get(row.unit.id, ()))
        people = row.promoters or chiefs
        reason = _reason(survey, step, row.unit.id in sent, people)
        # Once the date is over, the head of the section is told too.
        late = step is not None and step > 0
        told = tuple({one.id: one for one in (*people, *(chiefs if late else ()))}.values())
        lines.append(Silent(row, told, chiefs, reason))
    return ChaseList(plan, step, tuple(lines))


@transaction
def send(survey_id: int, *, by: Actor = SYSTEM, now: datetime) -> int:
    """Queue the reminder that is due to every section that has not handed in and was not told at this step.

    Returns how many sections. Two who press at the same time tell nobody twice. Raises NotFound.
    """
    steps.locked_survey(survey_id)
    found = chase_list(queries.survey(survey_id), today=local_date(now))
    if found.step is None:
        return 0
    told = [line for line in found.told if _first(survey_id, line.row.unit.id, found.step, now)]
    for line in told:
        messages.reminder(survey_id, line.row.unit.id, found.step, line.people, now=now)
    if told:
        audit.record("survey.reminded", "survey", survey_id, by=by, at=now, fields=[f"rows={len(told)}"])
    return len(told)


def send_due(*, now: datetime) -> int:
    """Send what is due of this fiscal year's survey, in the city hall's hours; returns how many sections were told."""
    if not in_office_hours(now):
        return 0
    survey = queries.of_year(fiscal_year(now))
    return send(survey.id, now=now) if survey is not None and survey.writable else 0


def days_of(survey_id: int) -> tuple[int, ...]:
    """The plan of a survey."""
    chosen = sa.select(SurveyReminder.days).filter_by(survey_id=survey_id).order_by(SurveyReminder.days)
    return tuple(db.session.scalars(chosen))


def _reason(survey: SurveyRow, step: int | None, was_told: bool, people: Iterable[MemberRow]) -> str:
    if not survey.writable:
        return "受付中ではないため、お知らせしません。"
    if step is None:
        return "お知らせの日が、まだ来ていません。"
    if was_told:
        return "この回のお知らせは、送信済みです。"
    return "" if any(one.email for one in people) else "メールアドレスの分かる担当者がいません。"


def _sent(survey_id: int, step: int | None) -> set[int]:
    chosen = sa.select(SurveyReminded.unit_id).filter_by(survey_id=survey_id, days=step)
    return set(db.session.scalars(chosen)) if step is not None else set()


def _heads(unit_ids: Iterable[int], today: date) -> dict[int, list[MemberRow]]:
    found: dict[int, list[MemberRow]] = {}
    for member in org.members_of(unit_ids, on=today):
        if member.unit is not None and is_head(member.position):
            found.setdefault(member.unit.id, []).append(member)
    return found


def _first(survey_id: int, unit_id: int, step: int, now: datetime) -> bool:
    row = {"survey_id": survey_id, "unit_id": unit_id, "days": step, "at": now}
    adding = insert_into(SurveyReminded).values(row).on_conflict_do_nothing().returning(SurveyReminded.unit_id)
    return run(adding).scalar_one_or_none() is not None
