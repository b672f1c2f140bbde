"""Which applications an event has got already, by the key under which each was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from app.infra.db import db
from app.registrations.models import Registration


def key_of(submission_id: str) -> str:
    """The submission key as stored."""
    return hashlib.sha256(submission_id.encode()).hexdigest()


def known(event_id: int, submission_ids: Sequence[str]) -> set[str]:
    """Those of `submission_ids` that the event has an application of; one statement."""
    keys = set(db.session.scalars(sa.select(Registration.submission_key).where(Registration.event_id == event_id)))
    return {one for one in submission_ids if key_of(one) in keys}
