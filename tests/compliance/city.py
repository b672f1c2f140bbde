"""A city hall for tests of boards: departments, sections, officers and two sittings, made by the verbs or as rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from app.attendance import services as attendance
from app.attendance.types import Mark, Presence
from app.compliance import services
from app.compliance.types import RequirementDraft
from app.events.types import Audience as EventAudience
from app.infra.db import db, transaction
from app.org.models import Duty, OrgUnit, OrgUnitYear, Posting, StaffMember
from app.org.types import DutyKind, UnitKind
from app.registrations import staffing
from app.registrations.models import Registration
from tests.factories import NOW, ORGANIZER, a_sitting, an_event

APRIL = date(2026, 4, 1)
DUE = date(2026, 12, 18)
HELD_AT = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
AFTER = HELD_AT + timedelta(days=1)


@transaction
def build(sections: int, *, departments: int = 1, year: int = 2026) -> tuple[list[int], list[int], list[int]]:
    """Ids of the sections, of their promoters in the same order, and of the departments' coordinators."""
    tops = [_unit(f"部{n}", UnitKind.DEPARTMENT, None, n, year) for n in range(departments)]
    leaves = [_unit(f"課{n}", UnitKind.SECTION, tops[n % departments], n, year) for n in range(sections)]
    promoters = [_holder(unit, f"P{year}{n}", DutyKind.PROMOTER, year) for n, unit in enumerate(leaves)]
    coordinators = [_holder(unit, f"C{year}{n}", DutyKind.COORDINATOR, year) for n, unit in enumerate(tops)]
    return leaves, promoters, coordinators


@transaction
def colleague(unit_id: int, number: str, position: str = "") -> int:
    """Somebody else who works at a unit."""
    return _person(unit_id, number, 2026, position)


def training(seats: int = 200):
    """An event for staff with a morning and an afternoon."""
    event = an_event(audience=EventAudience.STAFF)
    return event.id, [a_sitting(event, starts_at=HELD_AT + timedelta(hours=4 * n), capacity=seats).id for n in (0, 1)]


def required(event_id: int, **changes) -> int:
    values = {"fiscal_year": 2026, "code": "kyodo", "title": "協働推進員研修", "event_id": event_id, "due_on": DUE}
    return services.make(RequirementDraft(**{**values, **changes}), by=ORGANIZER, now=NOW)


def come(event_id: int, sitting_id: int, member_ids: list[int], presence: Presence = Presence.PRESENT) -> None:
    chosen = sa.select(Registration.id).where(
        Registration.event_id == event_id, Registration.staff_member_id.in_(member_ids)
    )
    marks = [Mark(one, presence) for one in db.session.scalars(chosen)]
    attendance.mark_many(sitting_id, marks, by=ORGANIZER, now=AFTER)


def assign(event_id: int, sitting_id: int, member_ids: list[int]) -> None:
    staffing.assign(event_id, [(who, sitting_id) for who in member_ids], by=ORGANIZER, now=NOW)


def _unit(name: str, kind: UnitKind, parent_id: int | None, position: int, year: int) -> int:
    unit = OrgUnit()
    db.session.add(unit)
    db.session.flush()
    code = f"{kind.value[0]}{position:04}"
    db.session.add(OrgUnitYear(unit_id=unit.id, fiscal_year=year, code=code, kind=kind, name=name, parent_id=parent_id,
                               position=position))  # fmt: skip
    return unit.id


def _person(unit_id: int, number: str, year: int, position: str = "") -> int:
    email = f"{number.lower()}@city.example.jp"
    member = StaffMember(number=number, name=f"職員　{number}", kana="ショクイン", kana_order="シヨクイン",
                         email=email, position=position, created_at=NOW, updated_at=NOW)  # fmt: skip
    db.session.add(member)
    db.session.flush()
    db.session.add(Posting(staff_member_id=member.id, unit_id=unit_id, starts_on=date(year, 4, 1)))
    return member.id


def _holder(unit_id: int, number: str, kind: DutyKind, year: int) -> int:
    member_id = _person(unit_id, number, year)
    db.session.add(Duty(fiscal_year=year, unit_id=unit_id, kind=kind, staff_member_id=member_id,
                        starts_on=date(year, 4, 1)))  # fmt: skip
    return member_id
