"""What is said of units, people and duties before they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.org.types import DutyKind, UnitKind


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A unit in one fiscal year. `position`: its place among its siblings in the organisation chart."""

    code: str
    kind: UnitKind
    name: str
    parent_id: int | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A member of staff, already cleaned. `joined_year`: the fiscal year they were hired in."""

    number: str
    name: str
    kana: str
    email: str | None = None
    position: str = ""
    joined_year: int | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who holds which duty at which unit, from `starts_on` to the end of the fiscal year."""

    member_id: int
    unit_id: int
    kind: DutyKind
    fiscal_year: int
    starts_on: date
