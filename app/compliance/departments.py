"""What a coordinator sees: the year's requirements as far as they concern one department."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.compliance import queries
from app.compliance.types import Board
from app.kernel.fiscal_year import fiscal_year
from app.org import queries as org
from app.org import rules
from app.org.types import DutyKind, UnitRow


def coordinated(member_id: int, *, today: date) -> list[UnitRow]:
    """The departments whose coordinator somebody is on that day."""
    duties = org.duties_of(member_id, fiscal_year(today))
    return [duty.unit for duty in duties if duty.kind is DutyKind.COORDINATOR and duty.held_on(today)]


def boards(department_id: int, *, today: date) -> list[Board]:
    """Every requirement of the year with the department's own people, by due date; a constant number of statements."""
    year = fiscal_year(today)
    units = org.units(year)
    department_of = rules.departments(units)
    names = {unit.full_name for unit in units if department_of[unit.id] == department_id}
    return [
        replace(
            board,
            lines=tuple(line for line in board.lines if department_of.get(line.unit_id or 0) == department_id),
            vacant=tuple(name for name in board.vacant if name in names),
        )
        for board in queries.boards_of_year(year, today=today)
    ]
