"""Dates as a Japanese city writes them. Datetimes must be aware; they are shown at their time in Japan."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
WEEKDAYS = "月火水木金土日"
# First day of each era (元号法に基づく政令).
ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def local(moment: datetime) -> datetime:
    """The same instant on the clock in Japan. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without time zone")
    return moment.astimezone(TOKYO)


def local_date(day: date) -> date:
    """The calendar day in Japan of a date or an aware datetime."""
    return local(day).date() if isinstance(day, datetime) else day


def era_year(day: date) -> str:
    """令和8年, 平成28年, 令和元年. Raises ValueError before 昭和."""
    day = local_date(day)
    for start, name in ERAS:
        if day >= start:
            number = day.year - start.year + 1
            return f"{name}{'元' if number == 1 else number}年"
    raise ValueError(f"no era known for {day}")


def date_text(day: date) -> str:
    """令和8年6月2日（火）"""
    return f"{era_year(day)}{short_date(day)}"


def short_date(day: date) -> str:
    """6月2日（火）"""
    day = local_date(day)
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def time_text(moment: datetime) -> str:
    """13時30分, 9時"""
    moment = local(moment)
    return f"{moment.hour}時{moment.minute:02}分" if moment.minute else f"{moment.hour}時"


def clock_range(start: datetime, end: datetime) -> str:
    """13時30分～16時30分"""
    return f"{time_text(start)}～{time_text(end)}"


def period_text(start: datetime, end: datetime) -> str:
    """令和8年6月2日（火）13時30分～16時30分; the last day is named when it is another day."""
    if local_date(start) == local_date(end):
        return f"{date_text(start)}{clock_range(start, end)}"
    return f"{stamp_text(start)}～{short_date(end)}{time_text(end)}"


def stamp_text(moment: datetime) -> str:
    """令和8年6月2日（火）13時30分"""
    return f"{date_text(moment)}{time_text(moment)}"


def iso(moment: datetime) -> str:
    """2026-06-02T13:30:00+09:00 (ISO 8601)"""
    return local(moment).isoformat(timespec="seconds")


def fiscal_year_text(year: int) -> str:
    """平成28年度 for 2016; the fiscal year that began in April 2019 is 令和元年度."""
    if year == 2019:
        return "令和元年度"
    return f"{era_year(date(year, 4, 1))}度"
