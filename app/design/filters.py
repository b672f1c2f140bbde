"""What templates may do to a value: dates as a Japanese city writes them, numbers, lines of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from app.kernel import japanese_dates
from app.kernel.text import phone_text, postcode_text


class Day(NamedTuple):
    """A calendar day in Japan, taken apart for a tile: Day("令和8年", 6, 2, "火", "2026-06-02")."""

    era_year: str
    month: int
    day: int
    weekday: str
    iso: str


def day_parts(day: date) -> Day:
    """The parts of a date or an aware datetime. Raises ValueError for a naive datetime."""
    local = japanese_dates.local_date(day)
    weekday = japanese_dates.WEEKDAYS[local.weekday()]
    return Day(japanese_dates.era_year(local), local.month, local.day, weekday, local.isoformat())


def number(value: int) -> str:
    """1,234"""
    return f"{value:,}"


def nl2br(text: str) -> Markup:
    """Typed text with its line breaks; everything else in it is escaped."""
    return Markup("<br>\n").join(escape(text).splitlines())


FILTERS: Mapping[str, Callable[..., Any]] = {
    "date_text": japanese_dates.date_text,
    "short_date": japanese_dates.short_date,
    "time_text": japanese_dates.time_text,
    "period_text": japanese_dates.period_text,
    "stamp_text": japanese_dates.stamp_text,
    "iso": japanese_dates.iso,
    "fiscal_year_text": japanese_dates.fiscal_year_text,
    "day_parts": day_parts,
    "number": number,
    "nl2br": nl2br,
    "phone_text": phone_text,
    "postcode_text": postcode_text,
}
