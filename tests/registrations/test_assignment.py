"""Assigning many at once: evenly, within the seats, and never both of a department to the same sitting."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.registrations.assignment import APART, NO_SEAT, Candidate, Room, plan

ROOMS = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=4)
GROUPS = st.lists(st.one_of(st.none(), st.integers(1, 6)), max_size=40)


def planned(groups, seats):
    candidates = [Candidate(number, group) for number, group in enumerate(groups, start=1)]
    rooms = [Room(number, free, {}) for number, free in enumerate(seats, start=1)]
    return candidates, plan(candidates, rooms)


@given(GROUPS, ROOMS)
def test_everybody_is_either_given_one_seat_or_named_with_a_reason(groups, seats):
    candidates, found = planned(groups, seats)
    named = [member for member, _where in found.chosen] + [member for member, _why in found.left_out]
    assert sorted(named) == [one.member_id for one in candidates]


@given(GROUPS, ROOMS)
def test_no_seat_is_given_twice(groups, seats):
    _candidates, found = planned(groups, seats)
    used = Counter(where for _member, where in found.chosen)
    assert all(free is None or used[number] <= free for number, free in enumerate(seats, start=1))


@given(GROUPS, ROOMS)
def test_who_is_left_out_could_not_have_been_placed(groups, seats):
    candidates, found = planned(groups, seats)
    used = Counter(where for _member, where in found.chosen)
    full = all(free is not None and used[number] >= free for number, free in enumerate(seats, start=1))
    by_id = {one.member_id: one for one in candidates}
    sizes = Counter(groups)
    for member, why in found.left_out:
        assert why == (NO_SEAT if full and why == NO_SEAT else APART)
        if why == APART:
            assert sizes[by_id[member].group] == 2


@given(GROUPS, ROOMS)
def test_the_only_two_of_a_department_never_sit_together(groups, seats):
    candidates, found = planned(groups, seats)
    by_id = {one.member_id: one.group for one in candidates}
    sizes = Counter(groups)
    together = Counter((by_id[member], where) for member, where in found.chosen)
    assert all(count == 1 for (group, _where), count in together.items() if group is not None and sizes[group] == 2)


def test_departments_and_sittings_are_balanced():
    groups = [number % 21 for number in range(140)]
    candidates, found = planned([group + 1 for group in groups], [80, 80])
    by_id = {one.member_id: one.group for one in candidates}
    used = Counter(where for _member, where in found.chosen)
    assert abs(used[1] - used[2]) <= 1
    for group in set(by_id.values()):
        split = Counter(where for member, where in found.chosen if by_id[member] == group)
        assert abs(split[1] - split[2]) <= 1


def test_those_who_are_there_already_count():
    found = plan([Candidate(1, 7)], [Room(1, 5, {7: 1}), Room(2, 5, {})])
    assert found.chosen == ((1, 2),)
