"""Shapes that enter and leave the attendance room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.events.audiences import Category
from app.kernel.japanese_dates import fiscal_year_text


class Presence(StrEnum):
    """Whether somebody came."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "present": "出席",
            "late": "遅刻",
            "left_early": "早退",
            "absent": "欠席",
            "excused": "公欠",
        }[self.value]

    @property
    def came(self) -> bool:
        """True for those who were in the room at some time: only they count in the totals."""
        return self in {Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY}

    @property
    def key(self) -> str:
        """The digit that stands for it on the keyboard, 1 to 5."""
        return str(list(Presence).index(self) + 1)


# Who was in the room at some time.
CAME = tuple(presence for presence in Presence if presence.came)


class Order(StrEnum):
    """How a list of people is ordered, on paper and on the screen alike."""

    KANA = "kana"
    AFFILIATION = "affiliation"

    @property
    def word(self) -> str:
        """The words on the screen."""
        return {"kana": "フリガナ順", "affiliation": "所属順"}[self.value]


@dataclass(frozen=True, slots=True)
class Mark:
    """What the organizer says of one registration. `presence` None takes the mark back.

    `people` is how many of the party came (None: all of them). `seen` is the version of the line the organizer had
    before them, 0 for a line without mark, None when it does not matter.
    """

    registration_id: int
    presence: Presence | None
    people: int | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of several marks: registrations that were changed, that somebody else changed meanwhile (left as
    they are), and that have no place at the sitting any more. A mark that is there already is in none of them.
    """

    changed: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody who came without registration. `entry_key` is the one-time key of the form that was sent."""

    name: str
    kana: str
    category: Category
    people: int
    entry_key: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet. `number` is the one printed beside it; `version` 0: not marked yet.

    `names` are those who come along, as far as they are named; one mark counts how many of them came.
    """

    number: int
    registration_id: int
    reference: str
    name: str
    kana: str
    affiliation: str
    category: Category
    seats: int
    needs: bool
    presence: Presence | None
    people: int
    version: int
    reason: str
    substitute: str = ""
    names: tuple[str, ...] = ()

    @property
    def reference_text(self) -> str:
        """1234-5678, as on paper."""
        return f"{self.reference[:4]}-{self.reference[4:]}"


@dataclass(frozen=True, slots=True)
class WalkInLine:
    """A walk-in on the sheet."""

    id: int
    name: str
    kana: str
    category: Category
    people: int
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """People who came to a sitting, by whom they count as. `absent` and `excused` count registrations."""

    by_category: Mapping[Category, int] = field(default_factory=dict)
    walk_ins: int = 0
    absent: int = 0
    excused: int = 0
    unmarked: int = 0

    @property
    def people(self) -> int:
        """Everybody who came."""
        return sum(self.by_category.values())

    def of(self, category: Category) -> int:
        """People of one category."""
        return self.by_category.get(category, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The attendance of one sitting. `headcount` is given where only numbers are known."""

    sitting_id: int
    lines: tuple[Line, ...]
    walk_ins: tuple[WalkInLine, ...]
    headcount: Mapping[Category, int]
    sheet_count: int | None
    closed_at: datetime | None
    closed_by: str
    totals: Totals

    @property
    def difference(self) -> int:
        """How many people more stand here than were counted on the paper sheet; 0 where nobody counted."""
        return 0 if self.sheet_count is None else self.totals.people - self.sheet_count


@dataclass(frozen=True, slots=True)
class MarkRow:
    """How one registration was marked at one meeting, for its page."""

    sitting_id: int
    presence: Presence
    people: int
    marked_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What a certificate is issued for: who completed what on which day, by which registration (None: some other way).

    `member_id` is set for members of staff.
    """

    name: str
    title: str
    day: date
    registration_id: int | None
    member_id: int | None


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate (修了証) as it was issued. `revoked_reason` is empty while it is valid."""

    id: int
    fiscal_year: int
    number: int
    event_id: int
    name: str
    title: str
    attended_on: date
    issued_on: date
    issuer: str
    revoked_reason: str

    @property
    def number_text(self) -> str:
        """令和8年度　第12号"""
        return f"{fiscal_year_text(self.fiscal_year)}　第{self.number}号"
