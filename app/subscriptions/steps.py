"""Steps that verbs of this room and of the inbox share; they never commit."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra import audit, tokens
from app.infra.db import db, rows_changed
from app.kernel.types import RESIDENT, SYSTEM
from app.subscriptions.models import Subscription
from app.subscriptions.rules import is_final

# Each mail about an event is a thread of its own: announcements do not answer one another.
THREAD = "announcement"


def thread(event_id: int, public_id: str) -> str:
    """What the outbox calls the announcement of an event to one subscription."""
    return f"{THREAD}:{event_id}:{public_id}"


def end(token: str, *, now: datetime) -> bool:
    """Delete the subscription behind a secret link; False where it had ended before."""
    mark = tokens.fingerprint(token)
    public_id = db.session.scalar(
        sa.delete(Subscription).where(Subscription.link_hash == mark).returning(Subscription.public_id)
    )
    if public_id is None:
        return False
    audit.record("subscription.ended", "subscription", public_id, by=RESIDENT, at=now)
    return True


def rest(thread_name: str, status: str, *, now: datetime) -> None:
    """Mail came back: where the thread is an announcement's and the status final, nothing more is sent there."""
    kind, _colon, rest_of = thread_name.partition(":")
    if kind != THREAD or not is_final(status):
        return
    public_id = rest_of.partition(":")[2]
    asleep = sa.update(Subscription).where(Subscription.public_id == public_id, Subscription.resting_since.is_(None))
    if rows_changed(asleep.values(resting_since=now)):
        audit.record("subscription.rested", "subscription", public_id, by=SYSTEM, at=now, reason=status or None)
