"""What 'same as last year' means: which day the new event falls on, and which parts come along. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.events.types import AgendaRow, SpeakerRow
from app.kernel.fiscal_year import fiscal_year

WEEK = timedelta(weeks=1)
FEBRUARY_29 = (2, 29)


class Part(StrEnum):
    """What may come along. Registrations, attendance and handouts never do."""

    AGENDA = "agenda"
    SPEAKERS = "speakers"
    VENUES = "venues"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"agenda": "次第", "speakers": "講師", "venues": "会場と定員"}[self.value]


EVERYTHING = frozenset(Part)


def same_day_in(year: int, day: date) -> date:
    """The day of fiscal year `year` with the weekday of `day` that lies nearest to its anniversary.

    From one year to the next that is 52 weeks later, or 53 where 52 would end before 1 April.
    """
    anniversary = _anniversary(day, year - fiscal_year(day))
    weeks = round((anniversary - day) / WEEK)
    moved = day + weeks * WEEK
    if fiscal_year(moved) < year:
        return moved + WEEK
    return moved - WEEK if fiscal_year(moved) > year else moved


def next_year(of: int, *, now: datetime) -> int:
    """The fiscal year a copy is proposed for: the one after `of`, but none that has passed."""
    return max(of + 1, fiscal_year(now))


def moved(moment: datetime | None, by: timedelta) -> datetime | None:
    """The same time of day, `by` whole days later; Japan has no summer time."""
    return moment + by if moment is not None else None


def without_speakers(items: tuple[AgendaRow, ...]) -> tuple[AgendaRow, ...]:
    """The programme with nobody named."""
    return tuple(AgendaRow(i.kind, i.title, (), without_speakers(i.items)) for i in items)


def programme(
    agenda: tuple[AgendaRow, ...], speakers: tuple[SpeakerRow, ...], parts: frozenset[Part]
) -> tuple[tuple[AgendaRow, ...], tuple[SpeakerRow, ...]]:
    """What of programme and speakers comes along. Without the programme, only those who speak to the whole event."""
    kept = agenda if Part.AGENDA in parts else ()
    if Part.SPEAKERS in parts:
        return kept, speakers
    return without_speakers(kept), ()


def _anniversary(day: date, years: int) -> date:
    if (day.month, day.day) == FEBRUARY_29:
        return date(day.year + years, 2, 28)
    return day.replace(year=day.year + years)
