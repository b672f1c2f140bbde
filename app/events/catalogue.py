"""Venues and series: what events are put together from."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from app.events.drafts import SeriesDetails, VenueDetails
from app.events.errors import SeriesTaken, VenueTaken
from app.events.models import Event, Series, Sitting, Venue
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor


@transaction
def save_venue(details: VenueDetails, *, venue_id: int | None = None, by: Actor, now: datetime) -> int:
    """Add a venue, or describe one anew: every page that shows it follows. Raises NotFound, VenueTaken."""
    same = sa.select(Venue.id).where(Venue.name == details.name, Venue.room == details.room)
    if db.session.scalar(same) not in {None, venue_id}:
        raise VenueTaken("同じ名称・部屋の会場が登録済みです。一覧から選んでください。")
    venue = Venue() if venue_id is None else db.session.get(Venue, venue_id)
    if venue is None:
        raise NotFound
    for name, value in asdict(details).items():
        setattr(venue, name, value)
    db.session.add(venue)
    db.session.flush()  # the audit entry needs the id
    _touch_events_at(venue.id, now)
    audit.record("venue.saved", "venue", venue.id, by=by, at=now, fields=asdict(details))
    return venue.id


@transaction
def save_series(details: SeriesDetails, *, series_id: int | None = None, by: Actor, now: datetime) -> int:
    """Add a series, or name one anew. Raises NotFound, SeriesTaken."""
    if db.session.scalar(sa.select(Series.id).where(Series.slug == details.slug)) not in {None, series_id}:
        raise SeriesTaken("このアドレスは、ほかの事業・シリーズで使われています。")
    series = Series() if series_id is None else db.session.get(Series, series_id)
    if series is None:
        raise NotFound
    for name, value in asdict(details).items():
        setattr(series, name, value)
    db.session.add(series)
    db.session.flush()  # the audit entry needs the id
    _touch(sa.select(Event.id).where(Event.series_id == series.id), now)
    audit.record("series.saved", "series", series.id, by=by, at=now, fields=asdict(details))
    return series.id


def _touch_events_at(venue_id: int, now: datetime) -> None:
    _touch(sa.select(Sitting.event_id).where(Sitting.venue_id == venue_id), now)


def _touch(event_ids: sa.Select[int], now: datetime) -> None:
    db.session.execute(
        sa.update(Event)
        .where(Event.id.in_(event_ids))
        .values(revision=Event.revision + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
