"""How a telephone call ended: the steps that verbs share. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.delivery.models import DeliveryAttempt, OutboundMessage
from app.delivery.types import Outcome, State
from app.infra import audit
from app.infra.db import db
from app.kernel.types import Actor


def note(row: OutboundMessage, outcome: Outcome, *, by: Actor, now: datetime) -> None:
    """One call about a message that the caller holds locked: who was reached has been told, whoever else waits on."""
    row.attempts += 1
    row.state = State.CALLED if outcome is Outcome.REACHED else State.CALL
    call = DeliveryAttempt(outbound_message_id=row.id, number=row.attempts, at=now, outcome=outcome, by_label=by.label)
    db.session.add(call)
    action = "called" if outcome is Outcome.REACHED else outcome.value
    audit.record(f"message.{action}", "message", row.id, by=by, at=now)


def note_all(thread: str, outcome: Outcome, *, by: Actor, now: datetime) -> None:
    """One call about everything of a thread that waits to be said."""
    waiting = sa.select(OutboundMessage).filter_by(thread=thread, state=State.CALL).order_by(OutboundMessage.id)
    for row in db.session.scalars(waiting.with_for_update()):
        note(row, outcome, by=by, now=now)
