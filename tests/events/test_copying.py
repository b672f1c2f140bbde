"""'Same as last year': dates, parts, and what never comes along."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.events import queries, services
from app.events.copying import Part, next_year, same_day_in
from app.events.types import AgendaRow, EventStatus, SpeakerRow
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from tests.factories import NOW, ORGANIZER, a_sitting, a_venue, an_event, apply_for

days = st.dates(date(1990, 4, 1), date(2099, 3, 31))
PROGRAMME = (
    AgendaRow("講義", "手法を学ぶ", (SpeakerRow("石原 達也", "岡山NPOセンター", "副代表理事"),), ()),
    AgendaRow("事例紹介", "課題解決", (), (AgendaRow("", "計画づくり", (SpeakerRow("角田 弘之", "", ""),), ()),)),
)


@given(days, st.integers(1, 30))
def test_the_weekday_stays_and_the_day_lies_next_to_its_anniversary(day, years):
    moved = same_day_in(fiscal_year(day) + years, day)
    assert moved.weekday() == day.weekday()
    assert fiscal_year(moved) == fiscal_year(day) + years
    assert abs((moved - day).days - 365.2425 * years) <= 8


@given(days)
def test_from_one_year_to_the_next_it_is_52_weeks_or_53_where_these_would_not_reach_april(day):
    weeks = (same_day_in(fiscal_year(day) + 1, day) - day) / timedelta(weeks=1)
    assert weeks == (53 if fiscal_year(day + timedelta(weeks=52)) == fiscal_year(day) else 52)


def test_a_copy_of_an_old_event_is_meant_for_the_present_year():
    assert next_year(2016, now=datetime(2026, 5, 1, tzinfo=UTC)) == 2026
    assert next_year(2026, now=datetime(2026, 5, 1, tzinfo=UTC)) == 2027


@pytest.fixture
def last_years(app):
    event = an_event(title="応援講座", fee="無料")
    venue = a_venue()
    for days, label in ((10, "午前の部"), (11, "午後の部")):
        a_sitting(event, starts_at=NOW + timedelta(days=days), label=label, venue_id=venue.id, capacity=30)
    services.set_agenda(event.id, PROGRAMME, (SpeakerRow("浅井 麻美", "", ""),), revision=1, by=ORGANIZER, now=NOW)
    return queries.by_id(event.id)


def copied(event, **choices):
    return queries.by_id(services.copy_from_last_year(event.id, by=ORGANIZER, now=NOW, **choices))


def test_everything_moves_by_the_same_52_weeks(last_years):
    new = copied(last_years)
    shift = timedelta(weeks=52)
    assert [s.starts_at for s in new.sittings] == [s.starts_at + shift for s in last_years.sittings]
    assert (new.opens_at, new.closes_at) == (last_years.opens_at + shift, last_years.closes_at + shift)
    assert (new.fiscal_year, new.status, new.fee) == (2027, EventStatus.DRAFT, "無料")
    assert (new.agenda, new.speakers) == (last_years.agenda, last_years.speakers)


def test_a_first_day_of_ones_own_moves_all_the_rest_with_it(last_years):
    new = copied(last_years, first_date=date(2026, 10, 3))
    first, second = (local_date(s.starts_at) for s in new.sittings)
    assert (first, second, new.fiscal_year) == (date(2026, 10, 3), date(2026, 10, 4), 2026)


def test_registrations_never_come_along(last_years):
    apply_for(last_years.sittings[0])
    assert [(s.seats_taken, s.waiting) for s in copied(last_years).sittings] == [(0, 0), (0, 0)]


def test_only_what_was_chosen_comes_along(last_years):
    new = copied(last_years, parts=frozenset({Part.AGENDA}))
    assert [s.venue for s in new.sittings] == [None, None]
    assert [s.capacity for s in new.sittings] == [None, None]
    assert new.speakers == ()
    assert new.agenda[0] == replace(PROGRAMME[0], speakers=())


def test_each_copy_has_an_address_of_its_own(last_years):
    assert copied(last_years).slug != copied(last_years).slug


def test_an_event_without_dates_can_be_copied(app):
    assert copied(an_event()).sittings == ()


def test_nothing_is_copied_from_nothing(app):
    with pytest.raises(NotFound):
        services.copy_from_last_year(99, by=ORGANIZER, now=NOW)
