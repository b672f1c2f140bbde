"""A draw as everybody may check it: what was promised, the list's hash, and the result without names."""

from __future__ import annotations

import json
from datetime import datetime

from flask import render_template
from werkzeug.wrappers import Response

from app.documents.csv_text import csv_bytes
from app.documents.types import Encoding
from app.events import admission, draws, queries, rules
from app.events.draws import DrawRow
from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import iso
from app.registrations.results import SittingResult, results
from app.registrations.types import Lot
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.parts.page_cache import kept_while
from app.web.public import bp

HEADER = ("順位", "受付番号", "回の番号", "回", "席数", "くじの本数", "結果")


@bp.get("/events/<slug>/draw/")
@allow(ANYONE)
@kept_while(queries.fingerprint)
def draw(slug: str) -> tuple[str, datetime | None]:
    """How it is drawn, what was promised, and the result once there is one."""
    event, row = _both(slug)
    page = render_template(
        "public/draw.html",
        event=event,
        draw=row,
        sentences=admission.sentences(event),
        results=results(event) if row.drawn_at else [],
        lots=list(Lot),
    )
    return page, rules.next_change(event, clock.now())


@bp.get("/events/<slug>/draw.json")
@allow(ANYONE)
def draw_json(slug: str) -> Response:
    """Everything that is needed to repeat the draw."""
    event, row, found = _drawn(slug)
    text = json.dumps(_published(event, row, found), ensure_ascii=False, indent=1)
    return attachment(text.encode(), f"draw-{slug}.json", "application/json")


@bp.get("/events/<slug>/draw.csv")
@allow(ANYONE)
def draw_csv(slug: str) -> Response:
    """The result as a table."""
    _event, _row, found = _drawn(slug)
    rows = [
        (one.rank, one.reference, result.sitting.id, result.sitting.label, one.seats, one.tickets, one.lot.word)
        for result in found
        for one in result.lots
    ]
    file = csv_bytes(HEADER, rows, encoding=Encoding.UTF8)
    return attachment(file.content, f"draw-{slug}.csv", "text/csv; charset=utf-8")


def _both(slug: str) -> tuple[EventRow, DrawRow]:
    event = queries.one(slug)
    row = draws.of_event(event.id)
    if row is None:
        raise NotFound
    return event, row


def _drawn(slug: str) -> tuple[EventRow, DrawRow, list[SittingResult]]:
    event, row = _both(slug)
    if row.drawn_at is None:
        raise NotFound
    return event, row, results(event)


def _published(event: EventRow, row: DrawRow, found: list[SittingResult]) -> dict[str, object]:
    times = {"committed_at": row.committed_at, "frozen_at": row.frozen_at, "drawn_at": row.drawn_at}
    return {
        "event": event.slug,
        "commitment": row.commitment,
        "list_sha256": row.list_hash,
        "seed": row.seed,
        **{name: iso(moment) for name, moment in times.items() if moment is not None},
        "waiting_list": event.draw_waits,
        "sittings": [
            {
                "sitting": result.sitting.id,
                "label": result.sitting.label,
                "starts_at": iso(result.sitting.starts_at),
                "seats": result.seats,
                "entries": [
                    {
                        "rank": one.rank,
                        "reference": one.reference,
                        "seats": one.seats,
                        "tickets": one.tickets,
                        "result": one.lot.value,
                    }
                    for one in result.lots
                ],
            }
            for result in found
        ],
    }
