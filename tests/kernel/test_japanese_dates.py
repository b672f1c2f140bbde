"""Dates as a city writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.fiscal_year import bounds, fiscal_year
from app.kernel.japanese_dates import TOKYO, era_year, fiscal_year_text, iso, period_text, stamp_text


def test_a_period_names_era_weekday_and_both_times():
    start = datetime(2016, 6, 2, 13, 30, tzinfo=TOKYO)
    assert period_text(start, start + timedelta(hours=3)) == "平成28年6月2日（木）13時30分～16時30分"


def test_a_period_over_midnight_names_the_second_day():
    start = datetime(2026, 12, 31, 22, 0, tzinfo=TOKYO)
    assert period_text(start, start + timedelta(hours=4)) == "令和8年12月31日（木）22時～1月1日（金）2時"


def test_an_instant_is_shown_at_its_time_in_japan():
    assert stamp_text(datetime(2026, 6, 1, 15, 30, tzinfo=UTC)) == "令和8年6月2日（火）0時30分"


@pytest.mark.parametrize(
    ("day", "era"),
    [(date(2019, 4, 30), "平成31年"), (date(2019, 5, 1), "令和元年"), (date(1989, 1, 7), "昭和64年")],
)
def test_eras_change_on_their_day(day, era):
    assert era_year(day) == era


def test_the_fiscal_year_that_saw_the_era_change_is_the_first_of_reiwa():
    assert [fiscal_year_text(y) for y in (2016, 2018, 2019, 2026)] == [
        "平成28年度",
        "平成30年度",
        "令和元年度",
        "令和8年度",
    ]


def test_a_datetime_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        iso(datetime(2026, 6, 2))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_an_instant_lies_within_the_bounds_of_its_fiscal_year(moment):
    start, end = bounds(fiscal_year(moment))
    assert start <= moment < end
