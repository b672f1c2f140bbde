"""Public events one portion after the other: a feed of any size needs the memory of one portion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.events import queries
from app.events.models import Event, Series, Sitting
from app.events.types import Audience, EventRow
from app.infra.db import db

PORTION = 100
# A cancelled event stays in the feeds for a month after its date, so that subscribed calendars learn of it.
FEED_TAIL = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which public events: those that end after an instant, of one series, for one of some audiences; else all."""

    ends_after: datetime | None = None
    series: str = ""
    audiences: tuple[Audience, ...] = ()


@dataclass(frozen=True, slots=True)
class Extent:
    """How many events there are, when the last of them changed, and numbers that change whenever one of them does."""

    count: int
    changed_at: datetime | None
    mark: tuple[int, ...]


def extent(reach: Reach) -> Extent:
    """What a feed's ETag and Last-Modified come from, in one statement."""
    count, revisions, ids, changed_at = db.session.execute(
        sa.select(
            sa.func.count(Event.id), sa.func.sum(Event.revision), sa.func.sum(Event.id), sa.func.max(Event.updated_at)
        ).where(*_within(reach))
    ).one()
    return Extent(count, changed_at, (count, int(revisions or 0), int(ids or 0)))


def rows(reach: Reach, *, programme: bool) -> Iterator[EventRow]:
    """The events in the order in which they were made, a constant number of statements a portion.

    The connection goes back between portions: somebody who reads slowly holds none.
    """
    last = 0
    chosen = sa.select(Event.id).where(*_within(reach)).order_by(Event.id).limit(PORTION)
    while ids := db.session.scalars(chosen.where(Event.id > last)).all():
        portion = queries.assemble(ids, programme=programme)
        db.session.rollback()
        yield from portion
        last = ids[-1]


def _within(reach: Reach) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [Event.status.in_(queries.PUBLIC)]
    if reach.ends_after is not None:
        wanted.append(Event.id.in_(sa.select(Sitting.event_id).where(Sitting.ends_at > reach.ends_after)))
    if reach.series:
        wanted.append(Event.series_id.in_(sa.select(Series.id).where(Series.slug == reach.series)))
    if reach.audiences:
        wanted.append(Event.audience.in_(reach.audiences))
    return wanted
