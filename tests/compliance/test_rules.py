from __future__ import annotations

from datetime import date

import pytest

from app.attendance.types import Presence
from app.compliance import rules
from app.compliance.types import Facts, Holding, Standing, SubstituteRule
from app.kernel.working_days import step_due
from app.registrations.types import Status

DUE = date(2026, 12, 18)
STEPS = (-14, -7, -1, 5, 10)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (Facts(), Standing.NOT_REGISTERED),
        (Facts(status=Status.DECLINED), Standing.NOT_REGISTERED),
        (Facts(status=Status.WAITLISTED), Standing.WAITING),
        (Facts(status=Status.CONFIRMED), Standing.REGISTERED),
        (Facts(status=Status.CONFIRMED, presence=Presence.ABSENT), Standing.ABSENT),
        (Facts(status=Status.CONFIRMED, presence=Presence.EXCUSED), Standing.ABSENT),
        (Facts(status=Status.CONFIRMED, presence=Presence.LATE), Standing.ATTENDED),
        (Facts(presence=Presence.ABSENT, substituted=True), Standing.SUBSTITUTED),
        (Facts(presence=Presence.ABSENT, exempt=True, substituted=True), Standing.EXEMPT),
        (Facts(elsewhere=True, exempt=True), Standing.ELSEWHERE),
        (Facts(presence=Presence.PRESENT, exempt=True), Standing.ATTENDED),
    ],
)
def test_what_counts_most_is_shown(facts, found):
    assert rules.standing(facts, SubstituteRule.COUNTS) is found


@pytest.mark.parametrize(
    ("rule", "found", "done"),
    [
        (SubstituteRule.REFUSED, Standing.ABSENT, False),
        (SubstituteRule.SECTION_ONLY, Standing.SUBSTITUTED, False),
        (SubstituteRule.COUNTS, Standing.SUBSTITUTED, True),
    ],
)
def test_a_substitute_is_worth_what_the_organizer_says(rule, found, done):
    standing = rules.standing(Facts(presence=Presence.ABSENT, substituted=True), rule)
    assert (standing, rules.is_done(standing, rule)) == (found, done)


def test_until_the_due_date_the_present_holder_owes_and_then_who_held_it_on_the_day():
    before = Holding(1, 9, date(2026, 4, 1), date(2026, 9, 30))
    after = Holding(2, 9, date(2026, 10, 1), None)
    held = [after, before]
    assert rules.owing(held, DUE, date(2026, 9, 30)) is before
    assert rules.owing(held, DUE, date(2026, 10, 1)) is after
    assert rules.owing(held, date(2026, 8, 31), date(2027, 1, 1)) is before
    assert rules.owing(held, DUE, date(2026, 3, 1)) is before
    assert rules.owing([before], DUE, DUE) is None
    assert rules.owing([], DUE, DUE) is None


@pytest.mark.parametrize(
    ("today", "step"),
    [
        (date(2026, 11, 27), None),
        (date(2026, 11, 30), -14),
        (date(2026, 12, 8), -14),
        (date(2026, 12, 9), -7),
        (date(2026, 12, 17), -1),
        (date(2026, 12, 25), 5),
        (date(2027, 1, 6), 5),
        (date(2027, 1, 7), 10),
    ],
)
def test_reminders_are_counted_in_working_days(today, step):
    assert step_due(STEPS, DUE, today) == step


def test_the_head_of_the_section_hears_first_and_then_the_coordinator():
    assert [rules.copies(step, STEPS) for step in STEPS] == [
        (False, False),
        (False, False),
        (False, False),
        (True, False),
        (True, True),
    ]
