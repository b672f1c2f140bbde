"""How taking in mail goes: for the operator's commands and figures."""

from __future__ import annotations

import sqlalchemy as sa

from app.inbox.models import ReplyMailbox, TakenMail
from app.inbox.types import MailboxHealth, Outcome
from app.infra.db import db


def counts() -> dict[Outcome, int]:
    """How many mails were taken in, by what came of them; outcomes that never happened are left out."""
    found = (
        sa.select(TakenMail.outcome, sa.func.count().label("number"))
        .group_by(TakenMail.outcome)
        .order_by(TakenMail.outcome)
    )
    return {row.outcome: row.number for row in db.session.execute(found)}


def health() -> MailboxHealth:
    """How looking into the mailbox goes."""
    row = db.session.execute(
        sa.select(ReplyMailbox.looked_at, ReplyMailbox.failing_since, ReplyMailbox.error)
    ).one_or_none()
    return MailboxHealth(*row) if row else MailboxHealth(None, None, "")
