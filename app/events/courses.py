"""Courses: one application for all meetings, whose seats are those of the first. Steps; they never commit."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.events.choices import SittingsTaken
from app.events.errors import CourseFixed, CourseKeepsSeats, WrongPeriod
from app.events.models import Event, GuestQuota, Sitting
from app.infra.db import db


def settle(event: Event) -> None:
    """Put the meetings of a draft in order: of a course the first has the seats, elsewhere each has its own.

    A course has as many seats as the smallest number given. Raises CourseKeepsSeats where a meeting that is not the
    first keeps seats for somebody.
    """
    db.session.flush()  # a meeting that was just added is read, too
    chosen = sa.select(Sitting).where(Sitting.event_id == event.id).order_by(Sitting.starts_at, Sitting.id)
    meetings = list(db.session.scalars(chosen.execution_options(populate_existing=True)))
    if event.sittings_taken is not SittingsTaken.ALL:
        for sitting in meetings:
            sitting.capacity = ledger_of(sitting).capacity
            sitting.lead_id, sitting.meeting_no = None, 1
        return
    _check_kept(meetings[1:])
    seats = [sitting.capacity for sitting in meetings if sitting.capacity is not None]
    for number, sitting in enumerate(meetings, 1):
        sitting.meeting_no = number
        sitting.lead_id = None if number == 1 else meetings[0].id
        sitting.capacity = min(seats, default=None) if number == 1 else None


def part_from(sitting: Sitting) -> None:
    """The meetings that follow this one have its number of seats before it goes."""
    following = sa.update(Sitting).where(Sitting.lead_id == sitting.id)
    db.session.execute(following.values(lead_id=None, capacity=sitting.capacity))


def ledger_of(sitting: Sitting) -> Sitting:
    """The meeting that has the seats."""
    return sitting if sitting.lead_id is None else db.session.get_one(Sitting, sitting.lead_id)


def check_order(sitting: Sitting, starts_at: datetime) -> None:
    """The meeting that one applies for stays the first of its course. Raises WrongPeriod."""
    if sitting.lead_id is not None:
        first = db.session.get_one(Sitting, sitting.lead_id).starts_at
        if starts_at < first:
            raise WrongPeriod("連続講座の最初の回より前には移せません。先に、最初の回の日時を変えてください。")
        return
    later = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.lead_id == sitting.id)
    second = db.session.scalar(later)
    if second is not None and second < starts_at:
        raise WrongPeriod("連続講座の最初の回は、2回目より後には移せません。先に、2回目からの日時を変えてください。")


def check_fixed(event: Event) -> None:
    """Whoever applied for a course applied for its meetings as they were announced. Raises CourseFixed."""
    if event.sittings_taken is SittingsTaken.ALL:
        raise CourseFixed("連続講座の回は、公開したあとは増やしたり減らしたりできません。")


def _check_kept(followers: list[Sitting]) -> None:
    quotas = sa.exists().where(GuestQuota.sitting_id.in_([one.id for one in followers]), GuestQuota.places > 0)
    if any(one.kept for one in followers) or (followers and db.session.scalar(sa.select(quotas))):
        raise CourseKeepsSeats(
            "連続講座では、最初の回にだけ、取り置きや枠を設けられます。ほかの回の取り置きと枠を、先に0にしてください。"
        )
