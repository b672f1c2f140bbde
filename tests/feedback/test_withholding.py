"""Which figures are left out: none can be worked out from those that are shown."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.feedback.rules import LEAST, withheld

NUMBERS = st.sampled_from([0, 0, 1, 2, 4, 5, 6])
SHAPES = st.sampled_from([(1, 3), (2, 2), (2, 3), (3, 2), (2, 4), (3, 3)])
TABLES = SHAPES.flatmap(lambda shape: st.tuples(*[st.tuples(*[NUMBERS] * shape[1])] * shape[0]))


def lines(line, free, left):
    """Every way to fill the free places of a line so that its sum stays and no column gets more than it has left."""

    def filled(at, rest):
        if at == len(line):
            if rest == 0:
                yield ()
        elif at in free:
            for number in range(min(rest, left[at]) + 1):
                yield from ((number, *more) for more in filled(at + 1, rest - number))
        elif line[at] <= min(rest, left[at]):
            yield from ((line[at], *more) for more in filled(at + 1, rest - line[at]))

    yield from filled(0, sum(line))


def others(cells, free, left, row=0):
    """Every table with the same sums and the same numbers outside `free`, found by trying all of them."""
    if row == len(cells):
        if not any(left):
            yield ()
        return
    for line in lines(cells[row], {column for at, column in free if at == row}, left):
        rest = [number - taken for number, taken in zip(left, line, strict=True)]
        yield from ((line, *more) for more in others(cells, free, rest, row + 1))


def possible(cells, free):
    """For each free cell numbers that it can have: all of them, or at least two."""
    found = {place: set() for place in free}
    for table in others(cells, free, [sum(column) for column in zip(*cells, strict=True)]):
        for row, column in free:
            found[row, column].add(table[row][column])
        if all(len(numbers) > 1 for numbers in found.values()):
            break
    return found


@given(TABLES)
@settings(max_examples=60)
def test_no_withheld_number_can_be_worked_out_from_what_is_shown(cells):
    hidden = withheld(cells)
    every = set(product(range(len(cells)), range(len(cells[0]))))
    assert all(place in hidden for place in every if cells[place[0]][place[1]] < LEAST)
    by_sums = {place for place, numbers in possible(cells, every).items() if len(numbers) == 1}
    for place, numbers in possible(cells, hidden).items():
        assert len(numbers) > 1 or place in by_sums, (cells, hidden, place)


def test_what_is_large_enough_everywhere_is_shown_whole():
    assert withheld([[5, 8], [12, 6]]) == frozenset()


def test_a_small_number_takes_along_as_few_others_as_hide_it():
    assert withheld([[3, 20, 30], [9, 20, 40], [50, 8, 60]]) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_group_that_answered_as_one_is_told_by_the_sums_alone():
    assert (0, 1) not in withheld([[6, 7], [0, 0]])
