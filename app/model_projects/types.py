"""Shapes that enter and leave the model projects room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.events.audiences import Category

# Somebody at a table: a registration, and 0 for whoever applied, 1, 2, … for those who come along.
Key = tuple[int, int]


class Audience(StrEnum):
    """Who should meet at each table."""

    RESIDENT = "resident"
    GROUP = "group"
    STAFF = "staff"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"resident": "市民", "group": "団体", "staff": "職員"}[self.value]


class Quadrant(StrEnum):
    """Where a card lies: how important it is, and whether something can be done at once (重要×すぐ対応可能)."""

    NOW = "now"
    PLAN = "plan"
    EASY = "easy"
    LATER = "later"

    @property
    def word(self) -> str:
        """The words on the screen."""
        return {
            "now": "重要・すぐに対応できる",
            "plan": "重要・時間をかけて対応する",
            "easy": "重要度は低め・すぐに対応できる",
            "later": "重要度は低め・時間をかけて対応する",
        }[self.value]


@dataclass(frozen=True, slots=True)
class ThemeDraft:
    """A theme as it was typed; `id` None: a new one. `sections`: the city's sections concerned, as people read them."""

    id: int | None
    title: str
    reporter: str
    sections: str
    tables: int


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """What is talked about at `tables` tables (0: not known), who reports on it, which sections it concerns."""

    id: int
    title: str
    reporter: str
    sections: str
    tables: int


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """An event with themes. `table_size`: people at a table, unless more come. `formed_at`: tables were made up."""

    event_id: int
    table_size: int
    formed_at: datetime | None
    themes: tuple[ThemeRow, ...]

    def theme(self, theme_id: int) -> ThemeRow | None:
        """The theme with this id."""
        return next((theme for theme in self.themes if theme.id == theme_id), None)


@dataclass(frozen=True, slots=True)
class Guest:
    """What the rule of the tables has to know of one person: the themes they chose, first and second."""

    key: Key
    audience: Audience
    first: int | None = None
    second: int | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person with a place: what they chose, and theme and table where they have one."""

    key: Key
    name: str
    audience: Audience
    first: int | None
    second: int | None
    theme_id: int | None
    table: int | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table of a theme, counted from 1, and who sits there."""

    theme: ThemeRow
    number: int
    people: tuple[PersonRow, ...]

    def count(self, audience: Audience) -> int:
        """How many of an audience sit there."""
        return sum(person.audience is audience for person in self.people)


@dataclass(frozen=True, slots=True)
class CardRow:
    """What was written on a card at a table."""

    id: int
    theme_id: int
    table: int
    text: str
    quadrant: Quadrant


@dataclass(frozen=True, slots=True)
class StepRow:
    """What somebody wants to do next (今後取り組みたい活動)."""

    name: str
    audience: Audience
    text: str


@dataclass(frozen=True, slots=True)
class MineRow:
    """What one registration has: choices, tables of the party, the next step they named."""

    first: int | None
    second: int | None
    seats: tuple[tuple[ThemeRow, int], ...]
    step: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A model project of a fiscal year, for the report: when, what about, how many of each audience came."""

    event_id: int
    title: str
    starts_at: datetime
    themes: tuple[ThemeRow, ...]
    attended: Mapping[Category, int]
