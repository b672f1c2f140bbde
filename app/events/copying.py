"""What 'same as last year' means: which day the new event falls on, and which parts come along. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.events.drafts import AllotmentPlan, Basics, SittingPlan
from app.events.types import AgendaRow, EventRow, SittingRow, SpeakerRow
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import fiscal_year_text, local_date

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
    nearest = day + round((anniversary - day) / WEEK) * WEEK
    if fiscal_year(nearest) < year:
        return nearest + WEEK
    return nearest - WEEK if fiscal_year(nearest) > year else nearest


def next_year(of: int, *, now: datetime) -> int:
    """The fiscal year a copy is proposed for: the one after `of`, but none that has passed."""
    return max(of + 1, fiscal_year(now))


def when(old: EventRow, first_date: date | None, *, now: datetime) -> tuple[int, timedelta]:
    """The fiscal year of the copy, and by how much everything moves. `first_date` None: the proposed day."""
    year = next_year(old.fiscal_year, now=now)
    if old.starts_at is None:
        return year, timedelta(0)
    old_day = local_date(old.starts_at)
    new_day = first_date or same_day_in(year, old_day)
    return fiscal_year(new_day), new_day - old_day


def in_year(text: str, old: int, new: int) -> str:
    """The text with the fiscal year `old` said as `new`, in either way: 令和8年度, 2026年度."""
    for said in (fiscal_year_text, _in_figures):
        text = text.replace(said(old), said(new))
    return text


def basics(old: EventRow, *, series_id: int, year: int, shift: timedelta) -> Basics:
    """The same event in fiscal year `year`, its sign-up moved by `shift`; Japan has no summer time."""
    return Basics(
        series_id=series_id,
        fiscal_year=year,
        number=old.number,
        title=in_year(old.title, old.fiscal_year, year),
        title_kana=old.title_kana,
        summary=in_year(old.summary, old.fiscal_year, year),
        audience=old.audience,
        audience_note=in_year(old.audience_note, old.fiscal_year, year),
        organizer=old.organizer,
        contact_phone=old.contact_phone,
        contact_fax=old.contact_fax,
        contact_email=old.contact_email,
        opens_at=_moved(old.opens_at, shift),
        closes_at=_moved(old.closes_at, shift),
        fee=old.fee,
        bring=old.bring,
        purpose=old.purpose,
        max_companions=old.max_companions,
        names_companions=old.names_companions,
        asks_district=old.asks_district,
        asks_affiliation=old.asks_affiliation,
        asks_needs=old.asks_needs,
        asks_address=old.asks_address,
        needs_by=_moved(old.needs_by, shift),
        admission=old.admission,
        draw_waits=old.draw_waits,
        tickets_first_time=old.tickets_first_time,
        tickets_in_city=old.tickets_in_city,
        waiting_mode=old.waiting_mode,
        large_parties=old.large_parties,
        declines_cancel=old.declines_cancel,
        hands_on=old.hands_on,
        announces=old.announces,
        sittings_taken=old.sittings_taken,
        completed_after=old.completed_after,
    )


def plans(old: EventRow, shift: timedelta, parts: frozenset[Part]) -> list[SittingPlan]:
    """The sittings, moved; their venues, capacities and the seats that are kept where these come along."""
    with_venue = Part.VENUES in parts
    return [
        SittingPlan(
            starts_at=sitting.starts_at + shift,
            ends_at=sitting.ends_at + shift,
            label=sitting.label,
            venue_id=sitting.venue.id if with_venue and sitting.venue else None,
            capacity=sitting.capacity if with_venue else None,
            guest_places=sitting.guest_places if with_venue else 0,
            held_back=sitting.held_back if with_venue else 0,
            allotments=_allotments(sitting, shift) if with_venue else (),
        )
        for sitting in old.sittings
    ]


def _allotments(sitting: SittingRow, shift: timedelta) -> tuple[AllotmentPlan, ...]:
    """What was kept, as far as it fits: once everything was released, the capacity may have become smaller."""
    if sitting.held_back + sum(one.places for one in sitting.allotments) > (sitting.capacity or 0):
        return ()
    return tuple(AllotmentPlan(one.category, one.places, one.releases_at + shift) for one in sitting.allotments)


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


def _in_figures(year: int) -> str:
    return f"{year}年度"


def _moved(moment: datetime | None, shift: timedelta) -> datetime | None:
    return moment + shift if moment is not None else None
