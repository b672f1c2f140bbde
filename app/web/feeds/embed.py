"""The list of what is coming, for other sites: a page for `<iframe>`, and the same as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, render_template, request

from app.events import queries, rules
from app.events.calendar import location
from app.events.types import Audience, EventRow, ListFilters, Phase, SittingRow
from app.infra import clock
from app.infra.links import links
from app.kernel.japanese_dates import iso
from app.kernel.types import Page
from app.web.feeds import bp
from app.web.feeds.answers import feed_answer
from app.web.parts.access import ANYONE, allow
from app.web.parts.guards import let_others_frame
from app.web.parts.pages import page_number, page_url


@dataclass(frozen=True, slots=True)
class Shown:
    """An event of the list and what one can do about it now."""

    event: EventRow
    phase: Phase


@bp.get("/embed/events/")
@allow(ANYONE)
def embedded_list() -> Response:
    """A page without scripts that the sites of EMBED_ANCESTORS may put into a frame; its links leave the frame."""
    let_others_frame()
    page = render_template(
        "feeds/embed.html",
        shown=_shown(_found()),
        links=links,
        everything=links.absolute("/events/"),
        framed_by=current_app.config["TSUDOI"].embed_ancestors,
        address=links.absolute("/embed/events/"),
    )
    return feed_answer(page.encode(), "text/html; charset=utf-8", None)


@bp.get("/embed/events.json")
@allow(ANYONE)
def events_json() -> Response:
    """The same as JSON (docs/operator.md says what each field means), for scripts of any site."""
    found = _found()
    content = {
        "total": found.total,
        "next": links.absolute(found.url(found.number + 1)) if found.number < found.pages else None,
        "events": [_event(one) for one in _shown(found)],
    }
    response = feed_answer(json.dumps(content, ensure_ascii=False, indent=1).encode(), "application/json", None)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _found() -> Page[EventRow]:
    """A page of what is coming, of the series and for the audience that the address names."""
    audience = request.args.get("audience", "")
    filters = ListFilters(
        series=request.args.get("series", "")[:60], audience=Audience(audience) if audience in set(Audience) else None
    )
    return queries.listing(filters, now=clock.now(), number=page_number(), url=page_url)


def _shown(found: Page[EventRow]) -> list[Shown]:
    now = clock.now()
    return [Shown(event, rules.phase(event, now)) for event in found.rows]


def _event(one: Shown) -> dict[str, Any]:
    event = one.event
    return {
        "id": event.slug,
        "url": links.absolute(f"/events/{event.slug}/"),
        "title": event.full_title,
        "series": event.series_slug,
        "series_title": event.series_title,
        "summary": event.summary,
        "audience": event.audience.value,
        "status": one.phase.value,
        "status_text": one.phase.word,
        "opens_at": iso(event.opens_at) if event.opens_at else None,
        "closes_at": iso(event.closes_at) if event.closes_at else None,
        "fee": event.fee,
        "updated_at": iso(event.updated_at),
        "sittings": [_sitting(sitting) for sitting in event.sittings],
    }


def _sitting(sitting: SittingRow) -> dict[str, Any]:
    return {
        "id": sitting.id,
        "label": sitting.label,
        "starts_at": iso(sitting.starts_at),
        "ends_at": iso(sitting.ends_at),
        "venue": sitting.venue.full_name if sitting.venue else None,
        "place": location(sitting) or None,
        "capacity": sitting.capacity,
        "seats_left": sitting.seats_left,
    }
