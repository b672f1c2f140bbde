"""Reading attendance: the sheet of a sitting, totals, one person's mark. A constant number of statements each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from app.attendance.models import Attendance, AttendanceSheet, Headcount
from app.attendance.rules import in_order, tally
from app.attendance.types import Line, MarkRow, Order, Presence, Sheet, Totals, WalkInLine
from app.events.audiences import Category
from app.events.models import Sitting
from app.infra.db import db
from app.org.models import StaffMember
from app.registrations import party
from app.registrations import queries as registrations
from app.registrations.models import Registration, RegistrationNeeds, Substitution
from app.registrations.types import Status

# A walk-in has both (ck_attendance_walk_in_name, ck_attendance_walk_in_category).
WALK_IN_NAME = sa.type_coerce(Attendance.name, Attendance.__table__.c.name.type)
WALK_IN_CATEGORY = sa.type_coerce(Attendance.category, Attendance.__table__.c.category.type)


def sheet(sitting_id: int, order: Order = Order.KANA) -> Sheet:
    """Everybody with a confirmed place, numbered as on the printed list of the same order, and who came besides."""
    lines, walk_ins, headcount = _lines(sitting_id, order), _walk_ins(sitting_id), _headcounts([sitting_id])[sitting_id]
    kept = db.session.get(AttendanceSheet, sitting_id)
    return Sheet(
        sitting_id=sitting_id,
        lines=lines,
        walk_ins=walk_ins,
        headcount=headcount,
        sheet_count=kept.sheet_count if kept else None,
        closed_at=kept.closed_at if kept else None,
        closed_by=(kept.closed_by or "") if kept else "",
        totals=tally(
            [(one.category, one.presence, one.people) for one in lines],
            [(one.category, one.people) for one in walk_ins],
            headcount,
        ),
    )


def totals(sitting_id: int) -> Totals:
    """Who came to one sitting."""
    return totals_of([sitting_id])[sitting_id]


def totals_of_event(event_id: int) -> dict[int, Totals]:
    """Who came, for each sitting of an event."""
    return totals_of(db.session.scalars(sa.select(Sitting.id).where(Sitting.event_id == event_id)).all())


def totals_of(sitting_ids: Sequence[int]) -> dict[int, Totals]:
    """Who came, for several sittings in three statements."""
    marks: dict[int, list[tuple[Category, Presence | None, int]]] = defaultdict(list)
    for sitting_id, category, presence, people in db.session.execute(
        sa.select(Sitting.id, Registration.category, Attendance.status, Attendance.people)
        .join(Registration, Registration.sitting_id == sa.func.coalesce(Sitting.lead_id, Sitting.id))
        .outerjoin(
            Attendance,
            sa.and_(Attendance.registration_id == Registration.id, Attendance.sitting_id == Sitting.id),
        )
        .where(Sitting.id.in_(sitting_ids), Registration.status == Status.CONFIRMED)
    ):
        marks[sitting_id].append((category, presence, people))
    walk_ins: dict[int, list[tuple[Category, int]]] = defaultdict(list)
    for sitting_id, kind, people in db.session.execute(
        sa.select(Attendance.sitting_id, WALK_IN_CATEGORY, Attendance.people).where(
            Attendance.sitting_id.in_(sitting_ids), Attendance.registration_id.is_(None)
        )
    ):
        walk_ins[sitting_id].append((kind, people))
    numbers = _headcounts(sitting_ids)
    return {i: tally(marks[i], walk_ins[i], numbers[i]) for i in sitting_ids}


def marks_of(registration_id: int) -> list[MarkRow]:
    """How a registration was marked, at each meeting that it was marked at, by date."""
    marks = (
        sa.select(Sitting.id, Attendance.status, Attendance.people, Attendance.marked_at, Attendance.reason)
        .join(Sitting, Sitting.id == Attendance.sitting_id)
        .where(Attendance.registration_id == registration_id)
    )
    return [MarkRow(*row) for row in db.session.execute(marks.order_by(Sitting.starts_at))]


def _lines(sitting_id: int, order: Order) -> tuple[Line, ...]:
    rows = db.session.execute(
        sa.select(
            Registration.id,
            Registration.reference,
            Registration.name,
            Registration.kana,
            Registration.affiliation,
            Registration.category,
            (1 + Registration.companions).label("seats"),
            RegistrationNeeds.registration_id.is_not(None).label("needs"),
            Attendance.status,
            Attendance.people,
            Attendance.version,
            Attendance.reason,
            sa.func.coalesce(StaffMember.name, "").label("substitute"),
        )
        .outerjoin(Substitution, Substitution.registration_id == Registration.id)
        .outerjoin(StaffMember, StaffMember.id == Substitution.staff_member_id)
        .outerjoin(RegistrationNeeds, RegistrationNeeds.registration_id == Registration.id)
        .outerjoin(
            Attendance,
            sa.and_(Attendance.registration_id == Registration.id, Attendance.sitting_id == sitting_id),
        )
        .where(Registration.sitting_id == registrations.coming_to(sitting_id), Registration.status == Status.CONFIRMED)
        .order_by(Registration.kana_order, Registration.id)
    ).all()
    people = party.of_sitting(sitting_id)
    return tuple(
        Line(
            number,
            *row[:9],
            people=row.people or 0,
            version=row.version or 0,
            reason=row.reason or "",
            substitute=row.substitute,
            names=tuple(one.name for one in people.get(row.id, ())),
        )
        for number, row in enumerate(in_order(rows, order, lambda row: str(row.affiliation)), 1)
    )


def _walk_ins(sitting_id: int) -> tuple[WalkInLine, ...]:
    rows = db.session.execute(
        sa.select(
            Attendance.id,
            WALK_IN_NAME,
            Attendance.kana,
            WALK_IN_CATEGORY,
            Attendance.people,
            Attendance.marked_at,
        )
        .where(Attendance.sitting_id == sitting_id, Attendance.registration_id.is_(None))
        .order_by(Attendance.id)
    )
    return tuple(WalkInLine(*row) for row in rows)


def _headcounts(sitting_ids: Sequence[int]) -> dict[int, dict[Category, int]]:
    found: dict[int, dict[Category, int]] = {i: {} for i in sitting_ids}
    for row in db.session.execute(sa.select(Headcount).where(Headcount.sitting_id.in_(sitting_ids))).scalars():
        found[row.sitting_id][row.category] = row.people
    return found
