from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.working_days import is_working_day, working_day


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 11, 23), False),  # 勤労感謝の日
        (date(2026, 9, 22), False),  # 国民の休日 between two holidays
        (date(2026, 5, 6), False),  # 振替休日
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
    ],
)
def test_the_city_hall_is_closed_on_weekends_holidays_and_at_the_turn_of_the_year(day, open_):
    assert is_working_day(day) is open_


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 11, 24), -1, date(2026, 11, 20)),
        (date(2026, 12, 28), 1, date(2027, 1, 4)),
        (date(2027, 1, 5), -2, date(2026, 12, 28)),
        (date(2026, 11, 23), 0, date(2026, 11, 20)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
    ],
)
def test_holidays_are_jumped_over(day, count, found):
    assert working_day(day, count) == found


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-30, 30))
def test_exactly_as_many_working_days_lie_between(day, count):
    found = working_day(day, count)
    assert is_working_day(found)
    if count > 0:
        between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
        assert sum(map(is_working_day, between)) == count
    if count < 0:
        between = [found + timedelta(days=n) for n in range((day - found).days)]
        assert sum(map(is_working_day, between)) == -count
