"""What one member of staff owes this year: each requirement that binds them as one thing, what is due first before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.compliance import queries, rules
from app.compliance.types import Line, RequirementRow
from app.kernel.fiscal_year import fiscal_year


@dataclass(frozen=True, slots=True)
class Task:
    """A requirement that binds somebody. `trained`, `handed_in`: that part of it is not owed, or not any more."""

    requirement: RequirementRow
    line: Line
    trained: bool
    handed_in: bool

    @property
    def open(self) -> bool:
        """Whether there is still something to do, or to wait for."""
        return not self.line.done and self.requirement.ended_at is None


def tasks(member_id: int, *, today: date) -> list[Task]:
    """The requirements of the year that bind somebody today, by due date; a constant number of statements."""
    found = queries.lines_about(queries.of_year(fiscal_year(today)), [member_id], today=today)
    return [_task(requirement, line) for requirement, line in found if line.person.id == member_id]


def _task(requirement: RequirementRow, line: Line) -> Task:
    trained = rules.is_done(line.standing, requirement.substitutes)
    return Task(requirement, line, trained, rules.sheet_done(line.standing, line.sheet))
