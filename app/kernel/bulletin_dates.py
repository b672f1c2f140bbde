"""Dates as the city's newsletter (広報) writes them: no year, 24 hours, 半 for the half, narrow brackets, 祝."""

from __future__ import annotations

from datetime import date, datetime

import jpholiday

from app.kernel.japanese_dates import WEEKDAYS, local, local_date

HALF = 30


def day(moment: date) -> str:
    """11月22日(日), 11月23日(祝)"""
    on = local_date(moment)
    return f"{on.month}月{on.day}日({'祝' if jpholiday.is_holiday(on) else WEEKDAYS[on.weekday()]})"


def clock(moment: datetime) -> str:
    """9時, 12時半, 10時45分"""
    at = local(moment)
    if at.minute == HALF:
        return f"{at.hour}時半"
    return f"{at.hour}時{at.minute}分" if at.minute else f"{at.hour}時"


def hours(start: datetime, end: datetime) -> str:
    """10時45分~12時半; the last day is named when it is another day."""
    if local_date(start) == local_date(end):
        return f"{clock(start)}~{clock(end)}"
    return f"{clock(start)}~{day(end)}{clock(end)}"
