"""Calendar files: one event, a series, everything (RFC 5545, RFC 7986)."""

from __future__ import annotations

from datetime import datetime

from flask import Response

from app.delivery import ics
from app.events import queries
from app.events.calendar import entries
from app.events.types import EventRow
from app.infra import clock
from app.infra.links import links
from app.web.feeds import bp
from app.web.feeds.answers import feed_answer
from app.web.parts.access import ANYONE, allow

CALENDAR = "text/calendar; charset=utf-8"


@bp.get("/events/<slug>.ics")
@allow(ANYONE)
def event_calendar(slug: str) -> Response:
    """One event, an entry a sitting."""
    event = queries.one(slug)
    return _calendar([event], event.full_title, f"/events/{slug}.ics")


@bp.get("/series/<slug>.ics")
@allow(ANYONE)
def series_calendar(slug: str) -> Response:
    """A series, to subscribe to."""
    series = queries.series(slug)
    found = queries.for_feed(now=clock.now(), series_slug=slug)
    return _calendar(found, f"倉敷市 {series.title}", f"/series/{slug}.ics")


@bp.get("/calendar.ics")
@allow(ANYONE)
def whole_calendar() -> Response:
    """Everything that takes place, to subscribe to."""
    return _calendar(queries.for_feed(now=clock.now()), "倉敷市 研修会・講座", "/calendar.ics")


def _calendar(events: list[EventRow], name: str, path: str) -> Response:
    content = ics.feed([entry for event in events for entry in entries(event)], name=name, source=links.absolute(path))
    return feed_answer(content, CALENDAR, _last_change(events))


def _last_change(events: list[EventRow]) -> datetime | None:
    return max((event.updated_at for event in events), default=None)
