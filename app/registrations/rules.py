"""Pure decisions about places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue: the registration's id and how many seats it needs."""

    id: int
    seats: int


def seat_is_theirs(capacity: int | None, seats_taken: int, waiting: int, seats: int) -> bool:
    """True when a newcomer gets `seats` at once: they are free and nobody waits, for a newcomer passes no one."""
    return waiting == 0 and (capacity is None or seats_taken + seats <= capacity)


def whom_to_promote(queue: Sequence[Waiting], free: int | None) -> tuple[list[Waiting], list[Waiting]]:
    """Who of the `queue` (in order) gets a place when `free` seats are left (None: no limit), and who was passed.

    The first who fits is served first. A party too large for what is left keeps its place in line and is passed by
    those behind it who fit; those passed are returned, so that each passing can be recorded.
    """
    promoted: list[Waiting] = []
    passed: list[Waiting] = []
    skipped: list[Waiting] = []
    for one in queue:
        if free is None or one.seats <= free:
            passed.extend(p for p in skipped if p not in passed)
            promoted.append(one)
            free = None if free is None else free - one.seats
        else:
            skipped.append(one)
    return promoted, passed
