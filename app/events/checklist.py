"""What an organizer does for one event, and by which day: the shipped steps, and how their days are counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import yaml

from app.events.types import Audience, EventRow
from app.kernel.japanese_dates import local_date
from app.kernel.working_days import working_day

# A working week of five days lasts seven: only to put steps of both kinds in order while there is no date yet.
DAYS_A_WORKING_DAY = 7 / 5
# The key of the step that publishing itself is.
PUBLISH = "publish"
SOON = timedelta(days=7)


class Counting(StrEnum):
    """What the days of a step are."""

    DAYS = "days"
    WORKING_DAYS = "working_days"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"days": "日", "working_days": "営業日"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """A step as it is said. `days`: before the first sitting where negative, after the last where positive.

    `key` names a shipped step; one's own have none.
    """

    title: str
    days: int
    counting: Counting = Counting.DAYS
    note: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of an event. `due_on` None: the event has no date yet. `done_by`: who ticked it, as the log names them."""

    id: int
    event_id: int
    event_title: str
    key: str | None
    title: str
    note: str
    days: int
    counting: Counting
    done_at: datetime | None
    done_by: str
    due_on: date | None = None

    @property
    def when(self) -> str:
        """60日前, 1営業日後, 当日."""
        if self.days == 0:
            return "当日"
        return f"{abs(self.days)}{self.counting.word}{'前' if self.days < 0 else '後'}"


def shipped(audience: Audience) -> tuple[StepDraft, ...]:
    """The steps for an event of that audience."""
    return tuple(step for step, audiences in _template() if not audiences or audience in audiences)


def left(event: EventRow, today: date) -> tuple[StepDraft, ...]:
    """The steps whose day has not passed: what there is still to prepare. None for an event without a date."""
    if event.starts_at is None or event.ends_at is None:
        return ()
    first, last = local_date(event.starts_at), local_date(event.ends_at)
    return tuple(s for s in shipped(event.audience) if due_on(s.days, s.counting, first, last) >= today)


def due_on(days: int, counting: Counting, first: date, last: date) -> date:
    """The day of a step of an event from `first` to `last`.

    What falls on a day when the city hall is closed is due on the last working day before; the day itself stays.
    """
    if days == 0:
        return first
    base = first if days < 0 else last
    if counting is Counting.WORKING_DAYS:
        return working_day(base, days)
    return working_day(base + timedelta(days=days), 0)


def in_order(steps: Sequence[StepRow]) -> list[StepRow]:
    """By day; without dates as far from the event as they are meant to be."""
    return sorted(steps, key=lambda step: (step.due_on or date.max, _distance(step), step.id))


def next_step(steps: Sequence[StepRow]) -> StepRow | None:
    """The first that is not done yet."""
    return next((step for step in in_order(steps) if step.done_at is None), None)


def pressing(steps: Sequence[StepRow], today: date) -> list[tuple[StepRow, int]]:
    """Of each event the first step not done whose day is over or comes within a week, and how many more there are."""
    found: dict[int, list[StepRow]] = {}
    for step in in_order(steps):
        if step.done_at is None and step.due_on is not None and step.due_on <= today + SOON:
            found.setdefault(step.event_id, []).append(step)
    return [(some[0], len(some) - 1) for some in found.values()]


def _distance(step: StepRow) -> float:
    return step.days * (DAYS_A_WORKING_DAY if step.counting is Counting.WORKING_DAYS else 1)


@cache
def _template() -> tuple[tuple[StepDraft, frozenset[Audience]], ...]:
    text = resources.files("app.events").joinpath("checklist.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)
    return tuple((_step(row), frozenset(Audience(word) for word in row.get("for", ()))) for row in rows)


def _step(row: dict[str, Any]) -> StepDraft:
    counting = Counting.WORKING_DAYS if "working_days" in row else Counting.DAYS
    return StepDraft(
        key=row["key"], title=row["title"], note=row.get("note", ""), days=row[counting.value], counting=counting
    )
