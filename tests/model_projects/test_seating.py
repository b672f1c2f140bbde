"""Who sits where: chosen themes while there is room, tables that differ by one, the same for the same people."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.events.audiences import Category
from app.model_projects.rules import audience_of, by_theme, seats
from app.model_projects.types import Audience, Guest, ThemeRow

THEMES = (
    st.lists(st.integers(0, 4), min_size=1, max_size=3)
    .filter(any)
    .map(lambda tables: [ThemeRow(n, f"テーマ{n}", "", "", number) for n, number in enumerate(tables, start=1)])
)
WISH = st.sampled_from([None, 1, 2, 3])
PEOPLE = st.lists(st.tuples(st.sampled_from(list(Audience)), WISH, WISH), min_size=1, max_size=45).map(
    lambda rows: [Guest((n, 0), audience, first, second) for n, (audience, first, second) in enumerate(rows)]
)
SIZE = st.integers(2, 8)


def spread(numbers):
    return max(numbers) - min(numbers)


@given(PEOPLE, THEMES, SIZE)
def test_everybody_has_a_seat_and_tables_of_a_theme_differ_by_one_at_most(people, themes, size):
    found = seats(people, themes, size)
    assert found == seats(list(people), list(themes), size)
    assert set(found) == {person.key for person in people}
    for theme in themes:
        tables = range(1, theme.tables + 1)
        at = Counter(found.values())
        assert sum(at[theme.id, number] for number in tables) == sum(one[0] == theme.id for one in found.values())
        if not theme.tables:
            continue
        assert spread([at[theme.id, number] for number in tables]) <= 1
        for audience in Audience:
            own = Counter(found[person.key] for person in people if person.audience is audience)
            assert spread([own[theme.id, number] for number in tables]) <= 1


@given(PEOPLE, THEMES, SIZE)
def test_a_choice_is_honoured_where_there_is_room(people, themes, size):
    themes = [theme for theme in themes if theme.tables]
    found, known = by_theme(people, themes, size), {theme.id: theme for theme in themes}
    taken = Counter(found.values())
    largest = max(size, -(-len(people) // sum(theme.tables for theme in themes)))
    room = {theme.id: theme.tables * largest for theme in themes}
    assert all(taken[theme_id] <= room[theme_id] for theme_id in room)
    for place, person in enumerate(people):
        got, first, second = found[person.key], person.first, person.second
        if got == first or first not in known:
            continue
        # Their first theme is full of those who chose it first and applied before.
        before = [one for one in people[:place] if one.first == first]
        assert len(before) >= room[first]
        if got != second and second in known:
            assert taken[second] == room[second]


def test_staff_count_as_staff_wherever_they_come_from_and_residents_with_a_group_as_a_group():
    assert audience_of(Category.STAFF, "防災危機管理室") is Audience.STAFF
    assert audience_of(Category.NEIGHBOUR, "") is Audience.STAFF
    assert audience_of(Category.RESIDENT, "NPO法人") is Audience.GROUP
    assert audience_of(Category.RESIDENT, "") is Audience.RESIDENT
