"""Working days of a city hall: Monday to Friday without 国民の祝日 and the turn of the year.

地方自治法 第4条の2 第2項: Saturdays, Sundays, holidays, and the days at the turn of the year that a by-law names
(29 December to 3 January).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import jpholiday

from app.kernel.japanese_dates import local, local_date

SATURDAY = 5
OFFICE_HOURS = range(9, 17)
ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """True where the city hall is open."""
    if day.weekday() >= SATURDAY or (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        return False
    return not jpholiday.is_holiday(day)


def working_day(day: date, count: int) -> date:
    """The working day `count` working days after `day`; before it where `count` is negative.

    With 0 `day` itself, or the last working day before it.
    """
    while count == 0 and not is_working_day(day):
        day -= ONE_DAY
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def in_office_hours(now: datetime) -> bool:
    """True from 9 to 17 o'clock on a working day: when people who did not ask for it may be written to."""
    return is_working_day(local_date(now)) and local(now).hour in OFFICE_HOURS


def step_due(steps: Sequence[int], due_on: date, today: date) -> int | None:
    """The reminder that is due: the latest whose day has come; those before it are left out, not caught up with.

    `steps` are in working days from the due date, negative before it.
    """
    come = [step for step in sorted(steps) if working_day(due_on, step) <= today]
    return come[-1] if come else None
