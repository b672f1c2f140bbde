"""Assigning many at once: who goes to which sitting. A plan is pure; carrying it out is one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NO_SEAT = "空いている席がありません。"
APART = "同じ部のもう一人と別の回に、空いている席がありません。"
A_PAIR = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody without a place. `group`: whom they should not all sit with at once (the department), None: nobody."""

    member_id: int
    group: int | None


@dataclass(frozen=True, slots=True)
class Room:
    """A sitting: seats that are free (None: no limit), and how many of each group are there already."""

    sitting_id: int
    free: int | None
    groups: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where each candidate goes, in the order of the candidates, and who cannot be given a place and why."""

    chosen: tuple[tuple[int, int], ...]
    left_out: tuple[tuple[int, str], ...]


def plan(candidates: Sequence[Candidate], rooms: Sequence[Room]) -> Assignment:
    """Spread the candidates evenly: first each group over the sittings, then the whole.

    Two who are the only ones of their group never sit together; a larger group differs by at most one where seats
    allow. Nobody is given a seat that is not free.
    """
    free = {room.sitting_id: room.free for room in rooms}
    there = {room.sitting_id: Counter(room.groups) for room in rooms}
    sizes = Counter(one.group for one in candidates)
    for groups in there.values():
        sizes.update(groups)
    given: Counter[int] = Counter()
    chosen: list[tuple[int, int]] = []
    left_out: list[tuple[int, str]] = []
    for one in candidates:
        open_rooms = [number for number, seats in free.items() if seats is None or seats > 0]
        apart = one.group is not None and sizes[one.group] == A_PAIR
        fitting = [number for number in open_rooms if not (apart and there[number][one.group or 0])]
        if not fitting:
            left_out.append((one.member_id, APART if open_rooms else NO_SEAT))
            continue
        best = min(fitting, key=lambda number: (there[number][one.group or 0], given[number], number))
        seats = free[best]
        free[best] = None if seats is None else seats - 1
        if one.group is not None:
            there[best][one.group] += 1
        given[best] += 1
        chosen.append((one.member_id, best))
    return Assignment(tuple(chosen), tuple(left_out))
