"""Shapes of an import of people and duties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.org.drafts import MemberDraft
from app.org.types import DutyKind, DutyRow, MemberRow, UnitKind, UnitRow

Cells = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be taken as it stands. `line` counts from 1, the heading included, as a spreadsheet does."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file, understood. `path`: the names of bureau, department and section, as far as given."""

    line: int
    code: str
    path: tuple[str, str, str]
    draft: MemberDraft
    kind: DutyKind | None
    starts_on: date | None
    ends_on: date | None

    @property
    def where(self) -> tuple[str, ...]:
        """The names that are given, from the top down."""
        return tuple(name for name in self.path if name)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that the chart lacks. `parent`: the code of the unit above, None at the top."""

    code: str
    kind: UnitKind
    name: str
    parent: str | None
    position: int


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A duty to give, and the day it ended already (None: it goes on)."""

    code: str
    number: str
    kind: DutyKind
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What is stored of a person: a new one (`member_id` None) or another wording."""

    member_id: int | None
    draft: MemberDraft


@dataclass(frozen=True, slots=True)
class Posted:
    """From `first` on the person works at another unit."""

    number: str
    code: str
    first: date


@dataclass(frozen=True, slots=True)
class Ending:
    """A duty that ends on `last`."""

    duty: DutyRow
    last: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the preview: who, and what would happen. `line` None: somebody who is not in the file."""

    line: int | None
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class State:
    """What is stored of the fiscal year: the chart, everybody with their place of work, the duties."""

    fiscal_year: int
    units: Sequence[UnitRow]
    members: Sequence[MemberRow]
    duties: Sequence[DutyRow]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would change. While there are problems nothing is written."""

    fiscal_year: int
    added: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    ended: tuple[Entry, ...] = ()
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    new_units: tuple[NewUnit, ...] = ()
    saved: tuple[Saved, ...] = ()
    posted: tuple[Posted, ...] = ()
    endings: tuple[Ending, ...] = ()
    new_duties: tuple[NewDuty, ...] = ()

    @property
    def empty(self) -> bool:
        """True where the file says what is stored already."""
        return not (self.new_units or self.saved or self.posted or self.endings or self.new_duties)
