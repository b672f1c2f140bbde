"""Until when somebody answers an offer: in working hours, and the sooner the nearer the sitting. Pure.

In the last hours before a sitting nothing is offered: the organizer telephones (calling.py).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.kernel.japanese_dates import TOKYO, local, local_date
from app.kernel.working_days import is_working_day, working_day

OPENS, CLOSES = time(9), time(17)
# The working days that somebody has, where the sitting is far enough.
DAYS = (2, 1)
# The end of all offers: noon of the last working day before the day of the sitting.
NOON = time(12)
# Who has less than this before that end is telephoned instead.
LEAST = timedelta(hours=3)


def last_moment(starts_at: datetime) -> datetime:
    """The latest time that an offer for a sitting can be answered by."""
    return _at(working_day(local_date(starts_at), -1), NOON)


def answer_by(now: datetime, starts_at: datetime) -> datetime | None:
    """Until when an offer that is made now can be answered; None in the last hours before the sitting, and after it.

    17:00 of the second working day after today; else of the next one; else the last moment there is.
    """
    last = last_moment(starts_at)
    for days in DAYS:
        moment = _at(working_day(local_date(now), days), CLOSES)
        if moment <= last:
            return moment
    return last if working_time(now, last) >= LEAST else None


def working_time(start: datetime, end: datetime) -> timedelta:
    """How long the city hall is open between two times."""
    total, day = timedelta(0), local_date(start)
    while day <= local_date(end):
        if is_working_day(day):
            opens, closes = max(local(start), _at(day, OPENS)), min(local(end), _at(day, CLOSES))
            total += max(closes - opens, timedelta(0))
        day += timedelta(days=1)
    return total


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, TOKYO)
