"""Shapes of the subscriptions room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.events.types import SeriesRow


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to hear of: every series, those to come included, or the ones whose ids are named."""

    every: bool
    series: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RequestRow:
    """Somebody asked and has not confirmed yet. `series` are the titles; empty where they want every series."""

    public_id: str
    email: str
    series: tuple[str, ...]
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One address that is written to. `resting_since`: mail came back from there, nothing is sent meanwhile."""

    public_id: str
    email: str
    choice: Choice
    confirmed_at: datetime
    resting_since: datetime | None


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """How many are written to about a series because they chose it by name."""

    series: SeriesRow
    people: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How many subscribe: to every series, to single ones, and how many rest because mail came back."""

    every: int
    chosen: tuple[SeriesCount, ...]
    resting: int


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """What was announced by mail: `people` mails were written from `begun_at` on."""

    event_id: int
    title: str
    people: int
    begun_at: datetime
    finished_at: datetime | None
