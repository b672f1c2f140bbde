"""Pure decisions about events: what a visitor can do now, and until when that answer holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.events.types import EventRow, EventStatus, Phase, SittingRow

FEW_SEATS = 5


def takes_applications(
    status: EventStatus, opens_at: datetime | None, closes_at: datetime | None, starts_at: datetime, now: datetime
) -> bool:
    """True from `opens_at` on and before `closes_at`, to the second, and never after the sitting began."""
    opened = opens_at is not None and opens_at <= now
    return status is EventStatus.PUBLISHED and opened and now < min(closes_at or starts_at, starts_at)


def phase(event: EventRow, now: datetime) -> Phase:
    """What a visitor sees and can do at `now`."""
    if event.status is EventStatus.CANCELLED:
        return Phase.CANCELLED
    if event.status is EventStatus.FINISHED or (event.ends_at and event.ends_at <= now):
        return Phase.FINISHED
    if event.opens_at is None or now < event.opens_at:
        return Phase.SOON
    open_sittings = [s for s in event.offered if sitting_open(event, s, now)]
    if not open_sittings:
        return Phase.CLOSED
    return _fullness(open_sittings)


def sitting_open(event: EventRow, sitting: SittingRow, now: datetime) -> bool:
    """True while one may apply for this sitting."""
    return takes_applications(event.status, event.opens_at, event.closes_at, sitting.starts_at, now)


def next_change(event: EventRow, now: datetime) -> datetime | None:
    """The next instant at which phase() may answer otherwise without any change of data."""
    moments = [event.opens_at, event.closes_at, event.ends_at, *(s.starts_at for s in event.sittings)]
    return min((m for m in moments if m is not None and m > now), default=None)


def _fullness(sittings: Sequence[SittingRow]) -> Phase:
    left = [s.seats_left for s in sittings]
    known = [n for n in left if n is not None]
    if len(known) < len(left):
        return Phase.OPEN
    if sum(known) == 0:
        return Phase.FULL
    capacity = sum(s.capacity or 0 for s in sittings)
    return Phase.FEW if sum(known) <= max(FEW_SEATS, capacity // 10) else Phase.OPEN
