"""The draw of an event as far as it is the event's own: the promise made when it is published, and where it stands."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.events.models import Draw
from app.infra.db import db

SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class DrawRow:
    """Where a draw stands. `seed` is empty until it is drawn, `list_hash` until the closing time is over."""

    commitment: str
    committed_at: datetime
    list_hash: str
    frozen_at: datetime | None
    seed: str
    drawn_at: datetime | None
    drawn_by: str


def commit(event_id: int, *, now: datetime) -> None:
    """Choose the secret seed and keep its SHA-256, which is shown from now on; in the caller's transaction."""
    seed = secrets.token_bytes(SEED_BYTES)
    db.session.add(
        Draw(event_id=event_id, seed=seed.hex(), commitment=hashlib.sha256(seed).hexdigest(), committed_at=now)
    )


def undrawn() -> set[int]:
    """The events whose list is closed and that are not drawn yet."""
    return set(db.session.scalars(sa.select(Draw.event_id).where(Draw.frozen_at.is_not(None), Draw.drawn_at.is_(None))))


def of_event(event_id: int) -> DrawRow | None:
    """The draw of an event; None where places are not drawn. The seed leaves only once it was used."""
    columns = [getattr(Draw, name) for name in DrawRow.__dataclass_fields__ if name != "seed"]
    seed = sa.case((Draw.drawn_at.is_not(None), Draw.seed), else_="").label("seed")
    row = db.session.execute(sa.select(*columns, seed).where(Draw.event_id == event_id)).mappings().one_or_none()
    return DrawRow(**row) if row else None
