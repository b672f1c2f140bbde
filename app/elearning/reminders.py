"""Reminding staff who have not completed a course: each at most once a step of the plan, never who has completed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.delivery import outbox
from app.delivery.types import Message
from app.elearning import board, queries, steps
from app.elearning.models import CourseReminderSent, CourseReminderStep
from app.elearning.types import CourseRow, Learner, Standing
from app.infra import audit
from app.infra.db import db, insert_into, run, transaction
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM, Actor
from app.kernel.working_days import in_office_hours, step_due

# PostgreSQL takes 65,535 values in a statement, and a row has four.
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending now would do. `step` None: no reminder of the plan is due. `unreached`: without an address."""

    course: CourseRow
    step: int | None
    told: tuple[Learner, ...]
    unreached: int
    already: int


def preview(course_id: int, *, today: date) -> Preview:
    """Whom a reminder would reach today. Nothing is written. Raises NotFound."""
    course = queries.one(course_id)
    step = step_due(queries.steps(course_id), course.due_on, today)
    if step is None or course.published is None:
        return Preview(course, None, (), 0, 0)
    owing = [one for one in board.board(course_id, today=today).people if one.standing is not Standing.DONE]
    sent = queries.reminded(course_id, step)
    waiting = [one for one in owing if one.id not in sent]
    told = tuple(one for one in waiting if one.email)
    return Preview(course, step, told, len(waiting) - len(told), len(owing) - len(waiting))


@transaction
def plan(course_id: int, days: Collection[int], *, by: Actor, now: datetime) -> None:
    """Remind on these working days, counted from the due date; a step that was sent already is not sent again.

    Raises NotFound.
    """
    steps.locked(course_id)
    db.session.execute(sa.delete(CourseReminderStep).filter_by(course_id=course_id))
    db.session.add_all(CourseReminderStep(course_id=course_id, days=one) for one in sorted(set(days)))
    audit.record("course.planned", "course", course_id, by=by, at=now)


@transaction
def send(course_id: int, *, by: Actor = SYSTEM, now: datetime) -> int:
    """Queue the reminder that is due for all who have not completed and were not told at this step; returns how many.

    The course is held: two schedulers that meet here tell nobody twice. Raises NotFound.
    """
    steps.locked(course_id)
    found = preview(course_id, today=local_date(now))
    if found.step is None or not found.told:
        return 0
    rows = [
        {"course_id": course_id, "staff_member_id": one.id, "days": found.step, "sent_at": now} for one in found.told
    ]
    for at in range(0, len(rows), BATCH):
        run(insert_into(CourseReminderSent).values(rows[at : at + BATCH]))
    outbox.enqueue_all([_message(course_id, one, found.step) for one in found.told], now=now)
    audit.record("course.reminded", "course", course_id, by=by, at=now, fields=[f"rows={len(rows)}"])
    return len(rows)


def send_due(*, now: datetime) -> int:
    """Send what is due of all courses of this fiscal year, in office hours; returns how many people were told."""
    if not in_office_hours(now):
        return 0
    return sum(send(course.id, now=now) for course in queries.of_year(fiscal_year(now)) if course.published)


def _message(course_id: int, one: Learner, step: int) -> Message:
    thread = f"course:{course_id}:{one.id}"
    return Message(
        kind="elearning.reminder",
        thread=thread,
        to_name=one.name,
        to_email=one.email,
        payload={"course": course_id, "member": one.id},
        once=f"{thread}:{step}",
    )
