"""What takes place: the list, one event, its handouts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Response, render_template, request

from app.events import queries, rules
from app.events.types import Audience, EventRow, ListFilters, Phase, When
from app.infra import clock
from app.kernel.errors import NotFound
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.parts.event_page import render_event
from app.web.parts.page_cache import kept_while
from app.web.parts.pages import page_number, page_url
from app.web.public import bp
from app.web.public.json_ld import event_json_ld

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
MOST_ON_HOME = 6
# Series that have no coming event stand in the filter too; the fingerprint of what is coming does not know of them.
NAMES_KEPT = timedelta(minutes=1)


@bp.get("/")
@allow(ANYONE)
@kept_while(lambda: queries.upcoming_fingerprint(clock.now()))
def home() -> tuple[str, datetime | None]:
    """What is open for sign-up, and how to apply."""
    now = clock.now()
    coming = queries.coming(now=now)
    cards = [card for card in _with_phase(coming, now) if card[1].takes_applications][:MOST_ON_HOME]
    return render_template("public/home.html", cards=cards, total=len(coming)), _until(coming, now)


@bp.get("/events/")
@allow(ANYONE)
@kept_while(lambda: queries.upcoming_fingerprint(clock.now()))
def event_list() -> tuple[str, datetime | None]:
    """The list with its filters; the unfiltered first page is kept."""
    now, filters = clock.now(), _filters()
    found = queries.listing(filters, now=now, number=page_number(), url=page_url)
    html = render_template(
        "public/event_list.html",
        cards=_with_phase(found.rows, now),
        page=found,
        filters=filters,
        series=queries.all_series(),
        audiences=list(Audience),
    )
    return html, min(_until(found.rows, now) or now + NAMES_KEPT, now + NAMES_KEPT)


@bp.get("/events/<slug>/")
@allow(ANYONE)
@kept_while(queries.fingerprint)
def event(slug: str) -> tuple[str, datetime | None]:
    """One event: programme, sittings with seats left, how to apply."""
    now, row = clock.now(), queries.one(slug)
    return render_event(row, now, json_ld=event_json_ld(row)), rules.next_change(row, now)


@bp.get("/events/<slug>/handouts/<int:handout_id>/")
@allow(ANYONE)
def handout(slug: str, handout_id: int) -> Response:
    """A file that belongs to a public event."""
    found = next((h for h in queries.one(slug).handouts if h.id == handout_id), None)
    if found is None:
        raise NotFound
    return attachment(queries.handout_content(found.id), found.file_name, found.media_type)


def _filters() -> ListFilters:
    audience, month = request.args.get("audience", ""), request.args.get("month", "")
    return ListFilters(
        word=request.args.get("q", "").strip()[:60],
        series=request.args.get("series", "")[:60],
        audience=Audience(audience) if audience in set(Audience) else None,
        month=month if MONTH.fullmatch(month) else "",
        when=When.PAST if request.args.get("when") == When.PAST.value else When.UPCOMING,
    )


def _with_phase(rows: Sequence[EventRow], now: datetime) -> list[tuple[EventRow, Phase]]:
    return [(row, rules.phase(row, now)) for row in rows]


def _until(rows: Sequence[EventRow], now: datetime) -> datetime | None:
    return min((m for m in (rules.next_change(row, now) for row in rows) if m), default=None)
