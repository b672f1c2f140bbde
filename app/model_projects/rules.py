"""Who sits at which table: pure, and the same for the same people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.events.audiences import Category
from app.model_projects.types import Audience, Guest, Key, ThemeRow

# In this order people are dealt out, so that the few are spread first.
DEALT = (Audience.STAFF, Audience.GROUP, Audience.RESIDENT)


def audience_of(category: Category, affiliation: str) -> Audience:
    """Staff, of this city or another; residents who named a group; residents."""
    if category is not Category.RESIDENT:
        return Audience.STAFF
    return Audience.GROUP if affiliation else Audience.RESIDENT


def seats(people: Sequence[Guest], themes: Sequence[ThemeRow], table_size: int) -> dict[Key, tuple[int, int]]:
    """Theme and table of each, by key; `people` in the order in which they applied. Needs a theme with a table.

    Tables of a theme differ by one person at most, and by one of each audience.
    """
    themes = [theme for theme in themes if theme.tables]
    chosen = by_theme(people, themes, table_size)
    found: dict[Key, tuple[int, int]] = {}
    for theme in themes:
        own = [person for person in people if chosen[person.key] == theme.id]
        dealt = [person for audience in DEALT for person in own if person.audience is audience]
        for place, person in enumerate(dealt):
            found[person.key] = theme.id, place % theme.tables + 1
    return found


def by_theme(people: Sequence[Guest], themes: Sequence[ThemeRow], table_size: int) -> dict[Key, int]:
    """Each person's theme: the first that they chose while there is room, in the order of application; then the second.

    Who chose nothing, or found no room, goes where most room is left. Where more come than the tables were meant for,
    all tables grow alike. Each theme has a table.
    """
    tables = sum(theme.tables for theme in themes)
    size = max(table_size, -(-len(people) // tables))
    room = {theme.id: theme.tables * size for theme in themes}
    found: dict[Key, int] = {}
    for wish in ("first", "second"):
        for person in people:
            wanted: int | None = getattr(person, wish)
            if person.key not in found and wanted is not None and room.get(wanted, 0) > 0:
                found[person.key] = wanted
                room[wanted] -= 1
    for person in people:
        if person.key not in found:
            most = _roomiest(room, themes)
            found[person.key] = most
            room[most] -= 1
    return found


def _roomiest(room: Mapping[int, int], themes: Sequence[ThemeRow]) -> int:
    """The theme with most room for each of its tables; the earlier one of equals."""
    return max(themes, key=lambda theme: room[theme.id] / theme.tables).id
