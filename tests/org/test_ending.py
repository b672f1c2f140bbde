"""Ending many duties at once: seen beforehand, each left out with its reason, never others than were looked at."""

from __future__ import annotations

from datetime import date

import pytest

from app.org import ending, queries, services
from app.org.drafts import Appointment
from app.org.ending import Wanted
from app.org.errors import PlanChanged, WrongDay
from app.org.types import DutyKind, UnitKind
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_unit

pytestmark = pytest.mark.usefixtures("any_app")
BY = {"by": ORGANIZER, "now": NOW}
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 1)


def held_after() -> set[int]:
    return {duty.id for duty in queries.duties(2026, on=OCTOBER)}


@pytest.fixture
def city():
    """Duties by what became of their holders: stays, moved, over, later; and a coordinator."""
    department = a_unit(UnitKind.DEPARTMENT)
    sections = [a_unit(UnitKind.SECTION, department) for _ in range(4)]
    found = {name: a_duty(section) for name, section in zip(("stays", "moved", "over"), sections, strict=False)}
    services.post(queries.duty(found["moved"]).member.id, sections[0], OCTOBER, **BY)
    services.end_duty(found["over"], date(2026, 6, 30), **BY)
    later = Appointment(a_member().id, sections[3], DutyKind.PROMOTER, 2026, date(2026, 11, 1))
    found["later"] = services.appoint(later, **BY)
    found["coordinator"] = a_duty(department, kind=DutyKind.COORDINATOR)
    return found


def reasons(plan: ending.Plan) -> dict[int, str]:
    return {one.duty.id: one.reason for one in plan.left_out}


def test_only_those_who_moved_and_every_other_with_a_reason(city):
    plan = ending.plan(Wanted(2026, SEPTEMBER, moved=True))
    assert [duty.id for duty in plan.ended] == [city["moved"]]
    assert reasons(plan) == {
        city["stays"]: "同じ所属に在籍しています。",
        city["over"]: "すでに6月30日（火）で終わっています。",
        city["later"]: "11月1日（日）からの担当です。",
        city["coordinator"]: "同じ所属に在籍しています。",
    }


def test_what_was_seen_ends_and_twice_is_once(city):
    wanted = Wanted(2026, SEPTEMBER, DutyKind.PROMOTER)
    seen = ending.plan(wanted).digest
    assert services.end_duties(wanted, seen=seen, **BY) == 2
    assert held_after() == {city["coordinator"]}
    with pytest.raises(PlanChanged):
        services.end_duties(wanted, seen=seen, **BY)
    assert ending.plan(wanted).ended == ()


def test_nothing_ends_that_was_not_looked_at(city):
    wanted = Wanted(2026, SEPTEMBER)
    seen = ending.plan(wanted).digest
    new = a_duty(a_unit())
    with pytest.raises(PlanChanged):
        services.end_duties(wanted, seen=seen, **BY)
    assert {new, city["stays"], city["moved"]} <= held_after()


def test_a_day_of_another_year_is_refused(city):
    with pytest.raises(WrongDay):
        ending.plan(Wanted(2026, date(2027, 4, 1)))
