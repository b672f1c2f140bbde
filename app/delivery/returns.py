"""What mail servers write back about messages they had taken: steps of the verb that takes in mail. Never commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.delivery.models import DeliveryReport, OutboundMessage
from app.delivery.rules import why_returned
from app.delivery.types import Report, ReportKind, State
from app.infra import audit
from app.infra.db import db
from app.kernel.types import SYSTEM


@dataclass(frozen=True, slots=True)
class Noted:
    """The message that a report is about. `failed`: it counted as sent until now."""

    id: int
    thread: str
    to_email: str | None
    failed: bool


def note(message_ids: Sequence[str], report: Report, *, now: datetime) -> Noted | None:
    """Keep a report with the message that one of `message_ids` names; None when none is ours.

    A message that came back becomes 失敗, with the reason; a delay is only noted. One that is still on its way, or
    that somebody has already dealt with, stays as it is.
    """
    row = db.session.scalar(
        sa.select(OutboundMessage)
        .where(OutboundMessage.message_id.in_(message_ids))
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    db.session.add(
        DeliveryReport(
            outbound_message_id=row.id, at=now, kind=report.kind, status=report.status[:12], detail=report.detail[:200]
        )
    )
    failed = report.kind is ReportKind.RETURNED and row.state is State.SENT
    if failed:
        row.state, row.sent_at = State.FAILED, None
        row.last_error = f"{ReportKind.RETURNED.word}。{why_returned(report.status)}"[:200]
        audit.record("message.returned", "message", row.id, by=SYSTEM, at=now, reason=report.status or None)
    return Noted(row.id, row.thread, row.to_email, failed)


def put_on_call_list(message_id: int) -> None:
    """Whom a message did not reach is called instead; the reason stays with it.

    A message has one way only: the address that led nowhere goes from the row, the registration keeps it.
    """
    db.session.execute(
        sa.update(OutboundMessage)
        .where(OutboundMessage.id == message_id, OutboundMessage.state == State.FAILED)
        .values(state=State.CALL, to_email=None)
    )
