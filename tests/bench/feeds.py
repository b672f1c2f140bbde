"""Feeds of 1,000 and of 10,000 events: bytes, seconds, and the most memory held while they are sent."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import current_app

from tests.feeds.many import add, read

SIZES = (1_000, 10_000)
ADDRESSES = ("/calendar.ics", "/opendata/events.csv")


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer."""

    address: str
    events: int
    size: int
    seconds: float
    most: int


def measure() -> list[Reading]:
    """Each feed at each size; the database of the pushed application is filled first."""
    found = []
    program = current_app.test_client()
    for events, before in zip(SIZES, (0, *SIZES), strict=False):
        add(events - before)
        for address in ADDRESSES:
            read(program, address)  # what is made once stays
            start = time.perf_counter()
            for _piece in program.get(address, buffered=False).iter_encoded():
                pass
            seconds = time.perf_counter() - start
            size, most = read(program, address)
            found.append(Reading(address, events, size, seconds, most))
    return found
