"""Rows of a form that can be added, moved and removed without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = list[dict[str, Any]]


def edited(rows: Sequence[dict[str, Any]], what: str, *, spares: int, most: int, inherited: Sequence[str] = ()) -> Rows:
    """The rows after `add`, `insert-2`, `remove-2`, `up-2` or `down-2`; anything else changes nothing.

    A row that is put in takes the fields `inherited` of the row above it.
    """
    rows = list(rows)
    action, _dash, position = what.partition("-")
    if action == "add":
        return with_spares(rows, spares, most=most)
    if not (position.isascii() and position.isdigit() and len(position) < 3 and int(position) < len(rows)):
        return rows
    index = int(position)
    if action == "insert" and len(rows) < most:
        rows.insert(index + 1, {name: rows[index][name] for name in inherited if name in rows[index]})
    elif action == "remove":
        del rows[index]
    elif action in {"up", "down"}:
        other = index + (1 if action == "down" else -1)
        if 0 <= other < len(rows):
            rows[index], rows[other] = rows[other], rows[index]
    return rows


def with_spares(rows: Rows, spares: int, *, most: int) -> Rows:
    """The rows with empty ones below, as far as there is room."""
    return [*rows, *({} for _ in range(min(spares, most - len(rows))))]
