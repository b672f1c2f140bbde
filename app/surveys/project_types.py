"""Shapes of what was told of projects: rows, what is one project, totals, and how the years compare."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.types import JSON
from app.org.types import UnitRow
from app.questions.states import State
from app.questions.types import Question


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as a section handed it in. `counted`: by itself it is 企画段階から; `public`: it may be listed."""

    id: int
    answer_id: int
    unit: UnitRow
    state: State
    section: str
    answers: dict[str, JSON]
    name: str
    counted: bool
    public: bool


@dataclass(frozen=True, slots=True)
class Project:
    """What is one project in truth: a row, or the rows of several sections that were marked as the same."""

    rows: tuple[ProjectRow, ...]

    @property
    def counted(self) -> bool:
        """Counts once, where any of its rows does."""
        return any(row.counted for row in self.rows)


@dataclass(frozen=True, slots=True)
class Collaborations:
    """The projects of a year. `count`: those 企画段階から, each once."""

    projects: tuple[Project, ...]

    @property
    def count(self) -> int:
        """The figure of the report."""
        return sum(project.counted for project in self.projects)

    @property
    def rows(self) -> tuple[ProjectRow, ...]:
        """Every row that was told, also those that do not count."""
        return tuple(row for project in self.projects for row in project.rows)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an option was chosen: among the projects that count, and among all."""

    key: str
    label: str
    counted: int
    total: int


@dataclass(frozen=True, slots=True)
class Total:
    """The tallies of one question, in the form's order; `base`: how many projects count, and how many there are."""

    question: Question
    tallies: tuple[Tally, ...]
    base: tuple[int, int]


@dataclass(frozen=True, slots=True)
class TrendRow:
    """How many projects a year had, and who says so. `survey`: counted here, from the answers that were accepted."""

    fiscal_year: int
    count: int
    source: str
    survey: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows of different sections that may be the same project. `same` None: nobody has looked yet."""

    one: ProjectRow
    other: ProjectRow
    reason: str
    same: bool | None
    decided_by: str = ""
