"""The order of a draw: pure, and so simple that anybody can repeat it from what is published.

Each application has a number of tickets. The mark of a ticket is HMAC-SHA256 with the seed as its key, over
`<SHA-256 of the list>:<reference number>:<number of the ticket>`. All tickets are sorted by their marks; an application
stands where its first ticket stands. That is an urn from which tickets are drawn one after the other: whoever has
three tickets is three times as likely to come first as whoever has one.

The list is one line an application, sorted by reference number: `reference,sitting,seats,tickets`, each line ended by
a line feed. Since its hash goes into every mark, nobody who knew the seed could work out a place before the list was
closed, and another list gives another order.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """An application as the draw sees it. `id` is the registration's and never published."""

    id: int
    reference: str
    sitting_id: int
    seats: int
    tickets: int


def list_hash(entries: Iterable[Entry]) -> str:
    """The SHA-256 of the list, in hexadecimal digits."""
    ordered = sorted(entries, key=lambda entry: entry.reference)
    lines = (f"{e.reference},{e.sitting_id},{e.seats},{e.tickets}\n" for e in ordered)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def in_order(seed: str, hashed: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries in the order in which their first tickets are drawn. `seed` in hexadecimal digits."""
    key = bytes.fromhex(seed)

    def first_mark(entry: Entry) -> str:
        texts = (f"{hashed}:{entry.reference}:{number}" for number in range(1, entry.tickets + 1))
        return min(hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for text in texts)

    return sorted(entries, key=first_mark)


def tickets(first_time: int, in_city: int, *, is_first_time: bool, is_in_city: bool) -> int:
    """How many tickets an application has: one, multiplied by what the event gives to whom it is true for."""
    return (first_time if is_first_time else 1) * (in_city if is_in_city else 1)
