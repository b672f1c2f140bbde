"""Filters of templates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.design import filters

MOMENT = datetime(2026, 6, 2, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ m|date_text }}", "令和8年6月2日（火）"),
        ("{{ m|short_date }}", "6月2日（火）"),
        ("{{ m|time_text }}", "13時30分"),
        ("{{ m|period_text(m) }}", "令和8年6月2日（火）13時30分～13時30分"),
        ("{{ m|stamp_text }}", "令和8年6月2日（火）13時30分"),
        ("{{ m|iso }}", "2026-06-02T13:30:00+09:00"),
        ("{{ 2016|fiscal_year_text }}", "平成28年度"),
        ("{{ 1234567|number }}", "1,234,567"),
        ("{{ '+81864263107'|phone_text }}", "086-426-3107"),
    ],
)
def test_values_read_as_a_city_writes_them(render, source, text):
    assert render(source, m=MOMENT).text() == text


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_in_japan():
    assert filters.day_parts(datetime(2026, 6, 1, 15, 0, tzinfo=UTC)) == filters.day_parts(date(2026, 6, 2))


def test_lines_stay_lines():
    assert filters.nl2br("一行目\n二行目") == Markup("一行目<br>\n二行目")


@given(st.text())
def test_nothing_typed_becomes_markup(text):
    rest = str(filters.nl2br(text)).replace("<br>", "")
    assert "<" not in rest
    assert ">" not in rest
