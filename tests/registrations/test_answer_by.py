"""Until when an offer can be answered: working hours, never too late, the sooner the nearer."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.japanese_dates import TOKYO, local
from app.kernel.working_days import is_working_day
from app.registrations.answer_by import LEAST, answer_by, last_moment, working_time

moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
ahead = st.timedeltas(timedelta(0), timedelta(days=20))


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


@given(moments, ahead)
def test_an_answer_is_due_in_working_hours_after_time_enough_and_before_the_last_moment(now, wait):
    starts_at = now + wait
    until = answer_by(now, starts_at)
    if until is None:
        return
    assert is_working_day(local(until).date())
    assert time(9) <= local(until).time() <= time(17)
    assert now < until <= last_moment(starts_at) < starts_at
    assert working_time(now, until) >= LEAST


@given(moments, ahead, st.timedeltas(timedelta(0), timedelta(days=5)))
def test_once_the_telephone_takes_over_it_stays_so(now, wait, later):
    if answer_by(now, now + wait) is None:
        assert answer_by(now + later, now + wait) is None


@given(moments, ahead, st.timedeltas(timedelta(0), timedelta(days=5)))
def test_a_nearer_sitting_never_leaves_more_time(now, wait, nearer):
    far, near = answer_by(now, now + wait + nearer), answer_by(now, now + wait)
    assert near is None or (far is not None and near <= far)


@pytest.mark.parametrize(
    ("now", "starts_at", "until"),
    [
        (at(6, 1, 10), at(6, 20, 13), at(6, 3, 17)),  # Monday: Wednesday
        (at(6, 5, 23), at(6, 20, 13), at(6, 9, 17)),  # Friday night: Tuesday
        (at(5, 1, 10), at(5, 20, 13), at(5, 8, 17)),  # Golden Week is skipped
        (at(12, 28, 16), at(1, 20, 13, year=2027), at(1, 5, 17, year=2027)),  # the turn of the year, too
        (at(6, 1, 10), at(6, 4, 13), at(6, 2, 17)),  # three days before: one working day
        (at(6, 2, 18), at(6, 4, 13), at(6, 3, 12)),  # the evening before the last working day
        (at(6, 3, 9), at(6, 4, 13), at(6, 3, 12)),
        (at(6, 3, 9, 1), at(6, 4, 13), None),
        (at(6, 4, 9), at(6, 4, 13), None),
        (at(6, 4, 14), at(6, 4, 13), None),
        (at(6, 6, 10), at(6, 8, 13), None),  # the weekend before a Monday
    ],
)
def test_two_working_days_then_one_then_hours_then_the_telephone(now, starts_at, until):
    assert answer_by(now, starts_at) == until
