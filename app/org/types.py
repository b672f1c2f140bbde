"""Shapes that enter and leave the org room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is, from the top of the tree down."""

    BUREAU = "bureau"
    DEPARTMENT = "department"
    SECTION = "section"
    OFFICE = "office"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"bureau": "局", "department": "部", "section": "課", "office": "室"}[self.value]


class DutyKind(StrEnum):
    """What a member of staff does for collaboration: one promoter a section, one coordinator a department."""

    PROMOTER = "promoter"
    COORDINATOR = "coordinator"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"promoter": "協働推進員", "coordinator": "協働調整員"}[self.value]

    @property
    def held_at(self) -> frozenset[UnitKind]:
        """The kinds of unit that name somebody for this duty."""
        if self is DutyKind.COORDINATOR:
            return frozenset({UnitKind.DEPARTMENT})
        return frozenset({UnitKind.SECTION, UnitKind.OFFICE})


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it is in one fiscal year. `id` names it for good, `path` holds the names from the top down."""

    id: int
    fiscal_year: int
    code: str
    kind: UnitKind
    name: str
    parent_id: int | None
    position: int
    path: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """市民局　市民協働部　市民活動推進課"""
        return "　".join(self.path) if self.path else self.name


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of staff. `unit` is where they work on the day that was asked about, None where nobody knows."""

    id: int
    number: str
    name: str
    kana: str
    email: str | None
    joined_year: int | None
    position: str
    unit: UnitRow | None = None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as it is or was held. `ends_on` None: until the end of the fiscal year."""

    id: int
    fiscal_year: int
    kind: DutyKind
    unit: UnitRow
    member: MemberRow
    starts_on: date
    ends_on: date | None

    def held_on(self, day: date) -> bool:
        """Whether it is held on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
