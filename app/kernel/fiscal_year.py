"""The Japanese fiscal year (会計年度): 1 April to 31 March, named by its April (地方自治法 第208条)."""

from __future__ import annotations

from datetime import date, datetime

from app.kernel.japanese_dates import TOKYO, local


def fiscal_year(day: date) -> int:
    """The fiscal year `day` falls in; an aware datetime is taken at its time in Japan."""
    day = local(day) if isinstance(day, datetime) else day
    return day.year if day.month >= 4 else day.year - 1


def bounds(year: int) -> tuple[datetime, datetime]:
    """First instant of the fiscal year and first instant after it, both aware (Asia/Tokyo)."""
    return datetime(year, 4, 1, tzinfo=TOKYO), datetime(year + 1, 4, 1, tzinfo=TOKYO)
