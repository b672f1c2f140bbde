"""Shapes of the year's plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """How far something of the plan has come."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    DONE = "done"
    LATE = "late"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"not_begun": "これから", "under_way": "進行中", "done": "済み", "late": "期日超過"}[self.value]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the data say of an entry: whether it has begun, whether it is done, and in words how far it has come."""

    begun: bool
    done: bool
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """Something that is to be done from one day to another, or on one day.

    `page`: the page of this service where it is done, where it has one of its own; `watch`: what tells its state.
    `key` names a shipped entry; a section's own have none.
    """

    title: str
    starts_on: date
    ends_on: date
    note: str = ""
    page: str = ""
    watch: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow(EntryDraft):
    """An entry of a section's plan. `done_by`: who ticked it, as the log names them."""

    id: int
    fiscal_year: int
    section: str
    done_at: datetime | None
    done_by: str
    updated_at: datetime
