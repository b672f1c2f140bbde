"""Programmes for tests, made by the verbs, their applications open on the day of NOW."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from app.kernel.japanese_dates import local_date
from app.proposals import queries, services
from app.proposals.types import ProgrammeDates, ProgrammeDetails, ProgrammeRow
from tests.factories import NOW, ORGANIZER
from tests.staff import SECTION

YEAR = 2027


def the_days(opens_on: date, **changes: date) -> ProgrammeDates:
    """Ten days between one phase and the next; applications for thirty."""
    days = {name: opens_on + timedelta(days=10 + 10 * place) for place, name in enumerate(queries.DAYS)}
    return ProgrammeDates(**{**days, "themes_due_on": opens_on, "opens_on": opens_on, **changes})


def a_programme(*, year: int = YEAR, opens_on: date | None = None, now: datetime = NOW, **changes) -> ProgrammeRow:
    """A published programme with the courses that come with the service; `changes` are its days."""
    programme_id = services.begin(year, SECTION, by=ORGANIZER, now=now)
    row = queries.programme(programme_id)
    dates = the_days(opens_on or local_date(now), **changes)
    wanted = replace(details_of(row), dates=dates)
    services.edit(programme_id, wanted, by=ORGANIZER, now=now)
    services.publish(programme_id, by=ORGANIZER, now=now)
    return queries.programme(programme_id)


def details_of(row: ProgrammeRow):
    """What the organizer sets of it."""
    return ProgrammeDetails(
        title=row.title,
        lead=row.lead,
        eligible=row.eligible,
        contact=row.contact,
        dates=row.dates,
        briefing_event_id=row.briefing_event_id,
    )
