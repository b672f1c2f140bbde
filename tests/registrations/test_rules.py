"""Whom a free seat goes to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registrations.rules import Waiting, fits, is_next, paper_wanted, whom_to_serve
from app.registrations.types import Status
from tests.factories import NOW

queues = st.lists(st.integers(1, 6), max_size=12).map(lambda sizes: [Waiting(i, n) for i, n in enumerate(sizes)])


def test_a_newcomer_waits_while_somebody_waits_who_fits():
    assert [is_next([Waiting(1, 4), Waiting(2, seats)], 3, seats=1) for seats in (3, 4)] == [False, True]


def test_no_free_seat_is_no_seat_and_none_is_no_limit():
    assert [fits(0, 1), fits(None, 4), is_next([], 0, 1), is_next([], None, 4)] == [False, True, False, True]


@given(queues, st.integers(0, 20), st.integers(1, 6))
def test_a_free_seat_that_fits_is_somebodys_at_once(queue, free, seats):
    served, _passed = whom_to_serve(queue, free)
    assert is_next(queue, free, seats) == (seats <= free and not served)


def test_a_party_too_large_is_passed_and_that_is_told():
    promoted, passed = whom_to_serve([Waiting(1, 3), Waiting(2, 1)], free=1)
    assert ([p.id for p in promoted], [p.id for p in passed]) == ([2], [1])


def test_who_waits_behind_the_last_promoted_was_not_passed():
    promoted, passed = whom_to_serve([Waiting(1, 1), Waiting(2, 5)], free=1)
    assert ([p.id for p in promoted], passed) == ([1], [])


@given(queues, st.integers(0, 20))
def test_promotion_never_gives_more_than_is_free_and_leaves_no_seat_that_fits(queue, free):
    promoted, _passed = whom_to_serve(queue, free)
    left = free - sum(p.seats for p in promoted)
    assert left >= 0
    assert all(w.seats > left for w in queue if w not in promoted)


@given(queues, st.integers(0, 20))
def test_promotion_keeps_the_order_of_the_queue(queue, free):
    promoted, passed = whom_to_serve(queue, free)
    assert promoted == [w for w in queue if w in promoted]
    assert all(any(p.id < q.id for q in promoted) for p in passed)


@given(queues)
def test_without_a_limit_everybody_is_promoted(queue):
    assert whom_to_serve(queue, None) == (queue, [])


@pytest.mark.parametrize(
    ("kind", "status", "wanted"),
    [
        ("confirmed", Status.CONFIRMED, True),
        ("confirmed", Status.CANCELLED, False),
        ("waitlisted", Status.WAITLISTED, True),
        ("waitlisted", Status.CONFIRMED, False),
        ("cancelled", Status.CANCELLED, True),
        ("declined", Status.DECLINED, True),
        ("lost", Status.DECLINED, True),
        ("reserved", Status.CONFIRMED, False),
    ],
)
def test_a_letter_is_wanted_while_what_it_says_is_so(kind, status, wanted):
    assert paper_wanted(kind, status, NOW + timedelta(days=9), NOW) is wanted


def test_nobody_is_written_to_about_a_place_once_it_began():
    assert not paper_wanted("confirmed", Status.CONFIRMED, NOW, NOW)
