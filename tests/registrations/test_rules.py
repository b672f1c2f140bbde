"""Whom a free seat goes to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.events.audiences import Category
from app.events.choices import LargeParties
from app.registrations.free_seats import FreeSeats
from app.registrations.rules import Waiting, is_next, paper_wanted, whom_to_serve
from app.registrations.types import Status
from tests.factories import NOW

categories = st.sampled_from(Category)
queues = st.lists(st.tuples(st.integers(1, 6), categories), max_size=12).map(
    lambda parties: [Waiting(i, *party) for i, party in enumerate(parties)]
)
frees = st.builds(FreeSeats, st.integers(0, 20), st.dictionaries(categories, st.integers(0, 8)))


def test_a_newcomer_waits_while_somebody_waits_who_fits():
    three = FreeSeats(3)
    assert [is_next([Waiting(1, 4), Waiting(2, seats)], three, seats=1) for seats in (3, 4)] == [False, True]


def test_no_free_seat_is_no_seat_and_none_is_no_limit():
    assert [is_next([], FreeSeats(0), 1), is_next([], FreeSeats(None), 4)] == [False, True]


@given(queues, frees, st.integers(1, 6), categories)
def test_a_free_seat_that_fits_is_somebodys_at_once(queue, free, seats, category):
    served, _passed = whom_to_serve(queue, free)
    assert is_next(queue, free, seats, category=category) == (seats <= free.of(category) and not served)


def test_seats_kept_for_staff_pass_the_residents_who_wait_and_that_is_told():
    free = FreeSeats(0, {Category.STAFF: 2})
    promoted, passed = whom_to_serve([Waiting(1, 1), Waiting(2, 1, Category.STAFF), Waiting(3, 1)], free)
    assert ([p.id for p in promoted], [p.id for p in passed]) == ([2], [1])
    assert is_next([Waiting(1, 1)], free, 1, category=Category.STAFF)


def test_a_party_that_holds_up_the_line_holds_up_only_seats_that_it_could_use():
    line, free = [Waiting(1, 3), Waiting(2, 1), Waiting(3, 1, Category.STAFF)], FreeSeats(1, {Category.STAFF: 1})
    served, passed = whom_to_serve(line, free, LargeParties.WAIT)
    assert ([one.id for one in served], [one.id for one in passed]) == ([3], [1, 2])
    assert not is_next(line[:2], free, 1, LargeParties.WAIT)
    assert is_next(line[:2], free, 1, LargeParties.WAIT, category=Category.STAFF)


def test_a_party_too_large_is_passed_and_that_is_told():
    promoted, passed = whom_to_serve([Waiting(1, 3), Waiting(2, 1)], FreeSeats(1))
    assert ([p.id for p in promoted], [p.id for p in passed]) == ([2], [1])


def test_who_waits_behind_the_last_promoted_was_not_passed():
    promoted, passed = whom_to_serve([Waiting(1, 1), Waiting(2, 5)], FreeSeats(1))
    assert ([p.id for p in promoted], passed) == ([1], [])


@given(queues, frees)
def test_promotion_never_gives_more_than_is_free_and_leaves_no_seat_that_fits(queue, free):
    promoted, _passed = whom_to_serve(queue, free)
    given = {category: sum(p.seats for p in promoted if p.category is category) for category in Category}
    # Each audience uses up its own seats first, whatever the order, and shares the others.
    common = free.common - sum(max(0, seats - free.own.get(category, 0)) for category, seats in given.items())
    assert common >= 0
    left = {category: common + max(0, free.own.get(category, 0) - seats) for category, seats in given.items()}
    assert all(w.seats > left[w.category] for w in queue if w not in promoted)


@given(queues, frees)
def test_promotion_keeps_the_order_of_the_queue(queue, free):
    promoted, passed = whom_to_serve(queue, free)
    assert promoted == [w for w in queue if w in promoted]
    assert all(any(p.id < q.id for q in promoted) for p in passed)


@given(queues)
def test_without_a_limit_everybody_is_promoted(queue):
    assert whom_to_serve(queue, FreeSeats(None)) == (queue, [])


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
