"""Duties: one promoter a section and one coordinator a department at a time; who held them before stays on record."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from app.infra.db import db
from app.org import carrying, queries, services
from app.org.drafts import Appointment
from app.org.errors import DutyHeld, PlanChanged, WrongDay, WrongUnit
from app.org.models import Duty
from app.org.types import DutyKind, UnitKind
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_unit

pytestmark = pytest.mark.usefixtures("any_app")
BY = {"by": ORGANIZER, "now": NOW}
APRIL, OCTOBER, MARCH = date(2026, 4, 1), date(2026, 10, 1), date(2027, 3, 31)


def holders(on: date, year: int = 2026) -> list[int]:
    return [duty.member.id for duty in queries.duties(year, on=on)]


def test_a_section_has_one_promoter_at_a_time():
    section = a_unit()
    a_duty(section)
    with pytest.raises(DutyHeld):
        a_duty(section)


def test_the_database_itself_refuses_a_second_promoter():
    duty = queries.duty(a_duty(a_unit()))
    twice = Duty(fiscal_year=2026, unit_id=duty.unit.id, kind=DutyKind.PROMOTER, staff_member_id=duty.member.id)
    twice.starts_on = OCTOBER
    db.session.add(twice)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_handover_in_the_middle_of_the_year_keeps_both():
    first, second = a_member().id, a_member().id
    duty = a_duty(a_unit(), first)
    services.hand_over(duty, second, OCTOBER, **BY)
    assert (holders(date(2026, 9, 30)), holders(OCTOBER), holders(MARCH)) == ([first], [second], [second])
    assert [row.member.id for row in queries.duties(2026)] == [first, second]


def test_promoters_are_named_by_sections_and_coordinators_by_departments():
    section, department = a_unit(), a_unit(UnitKind.DEPARTMENT)
    a_duty(department, kind=DutyKind.COORDINATOR)
    for unit, kind in ((department, DutyKind.PROMOTER), (section, DutyKind.COORDINATOR)):
        with pytest.raises(WrongUnit):
            a_duty(unit, kind=kind)


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2027, 4, 1)])
def test_a_duty_lies_within_its_fiscal_year(day):
    member, unit = a_member().id, a_unit()
    with pytest.raises(WrongDay):
        services.appoint(Appointment(member, unit, DutyKind.PROMOTER, 2026, day), **BY)


def test_a_duty_cannot_be_handed_over_before_it_began():
    duty = a_duty(a_unit())
    with pytest.raises(WrongDay):
        services.hand_over(duty, a_member().id, APRIL, **BY)


def test_sections_without_a_promoter_are_named():
    held, empty = a_unit(), a_unit(UnitKind.OFFICE)
    a_unit(UnitKind.DEPARTMENT)
    duty = a_duty(held)
    assert [unit.id for unit in queries.units_without(DutyKind.PROMOTER, 2026, on=APRIL)] == [empty]
    services.end_duty(duty, date(2026, 9, 30), **BY)
    assert [unit.id for unit in queries.units_without(DutyKind.PROMOTER, 2026, on=OCTOBER)] == [held, empty]


def test_april_carries_on_who_stayed_and_says_who_did_not_and_why():
    stays, moved, closed, elsewhere = a_unit(), a_unit(), a_unit(), a_unit()
    keeper, mover = a_member().id, a_member().id
    for unit, member in ((stays, keeper), (moved, mover), (closed, None)):
        a_duty(unit, member)
    services.begin_year(2027, **BY)
    services.succeed([closed], [stays], 2027, **BY)
    services.post(mover, elsewhere, date(2027, 4, 1), **BY)
    left_out = {row.duty.unit.id: row.reason for row in carrying.plan(2027).left_out}
    assert left_out == {moved: "異動しました。", closed: "この組織は、新しい年度にはありません。"}
    seen = carrying.plan(2027).digest
    assert services.carry_duties(2027, seen=seen, **BY) == 1
    assert holders(date(2027, 4, 1), 2027) == [keeper]
    with pytest.raises(PlanChanged):
        services.carry_duties(2027, seen=seen, **BY)
    assert services.carry_duties(2027, seen=carrying.plan(2027).digest, **BY) == 0


def test_where_somebody_works_follows_the_calendar():
    old, new, person = a_unit(), a_unit(), a_member().id
    services.post(person, old, APRIL, **BY)
    services.post(person, new, OCTOBER, **BY)
    at = [queries.member(person, on=day).unit for day in (date(2026, 9, 30), OCTOBER)]
    assert [unit.id for unit in at if unit] == [old, new]
    assert [row.id for row in queries.members_of([new], on=OCTOBER)] == [person]
    assert queries.members_of([new], on=APRIL) == []


def test_a_duty_at_a_section_that_left_the_chart_binds_nobody_and_stays_in_its_holders_story():
    stays, closed = a_unit(), a_unit(name="市民相談室")
    services.begin_year(2027, **BY)
    member = a_member().id
    services.appoint(Appointment(member, closed, DutyKind.PROMOTER, 2027, date(2027, 4, 1)), **BY)
    services.succeed([closed], [stays], 2027, **BY)
    assert queries.duties(2027) == []
    assert [duty.unit.name for duty in queries.duties_of(member, 2027)] == ["市民相談室"]
