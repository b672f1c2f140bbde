"""Many public events at once, and the memory that an answer about them needs."""

from __future__ import annotations

import gc
import tracemalloc
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.events.models import Event, Sitting
from app.events.types import EventStatus
from app.infra.db import db, transaction
from tests.factories import NOW, a_series, a_venue

HELD = {"starts_at": NOW + timedelta(days=10), "ends_at": NOW + timedelta(days=10, hours=3), "capacity": 10}
FACTS = {
    "fiscal_year": 2026, "section": "市民活動推進課", "summary": "概要 " * 40, "status": EventStatus.PUBLISHED,
    "published_at": NOW, "created_at": NOW, "updated_at": NOW,
}  # fmt: skip


def add(number: int) -> None:
    """`number` more published events with a sitting each, in the pushed application."""
    _add(number, a_series().id, a_venue().id)


@transaction
def _add(number: int, series_id: int, venue_id: int) -> None:
    first = 1 + (db.session.scalar(sa.select(sa.func.max(Event.id))) or 0)
    ids = range(first, first + number)
    events = [{"id": i, "slug": f"many-{i}", "title": f"講座{i}", "series_id": series_id, **FACTS} for i in ids]
    db.session.execute(sa.insert(Event), events)
    db.session.execute(sa.insert(Sitting), [{"event_id": i, "venue_id": venue_id, **HELD} for i in ids])


def read(program: FlaskClient, address: str) -> tuple[int, int]:
    """Bytes of the answer, read as a server sends it, and the most memory that Python held meanwhile."""
    gc.collect()
    gc.freeze()
    tracemalloc.start()
    size = 0
    try:
        answer = program.get(address, buffered=False)
        for piece in answer.iter_encoded():
            size += len(piece)
            # How long garbage lies about is the collector's affair: what counts is what the answer holds on to.
            gc.collect()
        answer.close()
        return size, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()
