"""Sections, staff and duties of the demonstration: last year complete, this year as it is a few months after April."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

import yaml

from app.demo.basis import SECTION
from app.demo.people import people
from app.events.audiences import Category
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import SYSTEM
from app.org import carrying, queries, rules, services
from app.org.drafts import Appointment, MemberDraft, UnitDraft
from app.org.types import DutyKind, UnitKind
from app.registrations.types import Details

DEPARTMENT_OF_SECTION = "市民協働部"
PROMOTER, COORDINATOR = "promoter@example.jp", "coordinator@example.jp"
# Every so many sections somebody was moved in April; one of the seven has not been replaced yet.
MOVED_EVERY, REPLACED = 20, 6
HANDED_OVER_AFTER = timedelta(days=92)


@dataclass(slots=True)
class _Staff:
    """Hands out people and numbers in one row."""

    names: Iterator[Details]
    year: int
    count: int = 0

    def hire(self, unit_id: int, position: str, email: str | None, now: datetime) -> int:
        """One more member of staff, at work there since their second year."""
        self.count += 1
        someone = next(self.names)
        joined = self.year - 10 - self.count % 4
        draft = MemberDraft(
            number=f"{100000 + self.count}",
            name=someone.name,
            kana=someone.kana,
            email=email or f"staff{self.count}@example.jp",
            position=position,
            joined_year=joined,
        )
        member = services.save_member(draft, by=SYSTEM, now=now)
        services.post(member, unit_id, rules.first_day(self.year - 1), by=SYSTEM, now=now)
        return member


def load(*, now: datetime) -> None:
    """Add two years: everybody of last year, and who went on, was moved or replaced this year."""
    year = fiscal_year(now)
    staff = _Staff(people(Category.STAFF, start=3), year)
    _last_year(staff, now)
    services.begin_year(year, by=SYSTEM, now=now)
    _april(staff, now)


def _last_year(staff: _Staff, now: datetime) -> None:
    year = staff.year - 1
    for number, bureau in enumerate(_chart(), start=1):
        (name, departments), top = next(iter(bureau.items())), f"{number:02}"
        bureau_id = _unit(UnitDraft(top, UnitKind.BUREAU, name, position=number), year, now)
        for place, (department, sections) in enumerate(departments.items(), start=1):
            code = f"{top}{place:02}"
            draft = UnitDraft(code, UnitKind.DEPARTMENT, department, bureau_id, place)
            department_id = _unit(draft, year, now)
            email = COORDINATOR if department == DEPARTMENT_OF_SECTION else None
            _appoint(staff.hire(department_id, "部長", email, now), department_id, DutyKind.COORDINATOR, year, now)
            for order, section in enumerate(sections, start=1):
                kind = UnitKind.OFFICE if section.endswith("室") else UnitKind.SECTION
                draft = UnitDraft(f"{code}{order:02}", kind, section, department_id, order)
                section_id = _unit(draft, year, now)
                email = PROMOTER if section == SECTION else None
                _appoint(staff.hire(section_id, "主任", email, now), section_id, DutyKind.PROMOTER, year, now)


def _april(staff: _Staff, now: datetime) -> None:
    """Some were moved and are replaced, all others go on; one hands over in summer."""
    year = staff.year
    before = queries.duties(year - 1, kind=DutyKind.PROMOTER)
    moved = [row for n, row in enumerate(before, start=1) if n % MOVED_EVERY == 0]
    for row, other in zip(moved, before, strict=False):
        services.post(row.member.id, other.unit.id, rules.first_day(year), by=SYSTEM, now=now)
    services.carry_duties(year, seen=carrying.plan(year).digest, by=SYSTEM, now=now)
    for row in moved[:REPLACED]:
        successor = staff.hire(row.unit.id, "主任", None, now)
        _appoint(successor, row.unit.id, DutyKind.PROMOTER, year, now)
    handed_over = queries.duties(year, kind=DutyKind.PROMOTER)[1]
    successor = staff.hire(handed_over.unit.id, "主任", None, now)
    day = rules.first_day(year) + HANDED_OVER_AFTER
    services.hand_over(handed_over.id, successor, day, by=SYSTEM, now=now)


def _chart() -> list[dict[str, dict[str, list[str]]]]:
    text = resources.files("app.demo").joinpath("sections.yaml").read_text("utf-8")
    loaded: list[dict[str, dict[str, list[str]]]] = yaml.safe_load(text)
    return loaded


def _unit(draft: UnitDraft, year: int, now: datetime) -> int:
    return services.save_unit(draft, year, by=SYSTEM, now=now)


def _appoint(member: int, unit: int, kind: DutyKind, year: int, now: datetime) -> None:
    services.appoint(Appointment(member, unit, kind, year, rules.first_day(year)), by=SYSTEM, now=now)
