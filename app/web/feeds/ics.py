"""Calendar files: one event, a series, everything (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, current_app

from app.delivery import ics
from app.events import queries, streaming
from app.events.calendar import entries
from app.events.streaming import FEED_TAIL, Extent, Reach
from app.events.types import EventRow
from app.infra import clock
from app.infra.links import links
from app.web.feeds import bp
from app.web.feeds.answers import streamed_answer
from app.web.parts.access import ANYONE, allow

CALENDAR = "text/calendar; charset=utf-8"


@bp.get("/events/<slug>.ics")
@allow(ANYONE)
def event_calendar(slug: str) -> Response:
    """One event, an entry a sitting."""
    event = queries.one(slug)
    extent = Extent(1, event.updated_at, (event.id, event.revision))
    return _calendar([event], extent, event.full_title, f"/events/{slug}.ics")


@bp.get("/series/<slug>.ics")
@allow(ANYONE)
def series_calendar(slug: str) -> Response:
    """A series, to subscribe to."""
    series = queries.series(slug)
    return _subscribed(series.title, f"/series/{slug}.ics", slug)


@bp.get("/calendar.ics")
@allow(ANYONE)
def whole_calendar() -> Response:
    """Everything that takes place, to subscribe to."""
    return _subscribed("研修会・講座", "/calendar.ics")


def _subscribed(name: str, path: str, series: str = "") -> Response:
    reach = Reach(ends_after=clock.now() - FEED_TAIL, series=series)
    name = f"{current_app.config['TSUDOI'].municipality_name} {name}"
    return _calendar(streaming.rows(reach, programme=True), streaming.extent(reach), name, path)


def _calendar(events: Iterable[EventRow], extent: Extent, name: str, path: str) -> Response:
    pieces = ics.feed((entry for event in events for entry in entries(event)), name=name, source=links.absolute(path))
    return streamed_answer(pieces, CALENDAR, extent, told_apart_by=(name, path))
