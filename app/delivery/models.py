"""Tables of the delivery room: what is to be sent, each attempt, and how the mail server does."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.delivery.types import Outcome, ReportKind, State
from app.infra.db import Base, UtcDateTime, words
from app.kernel.types import JSON


class OutboundMessage(Base):
    """A promise to tell somebody something.

    `message_id` is fixed when the row is written, so that a repeated attempt can be recognised. A row being sent is
    leased: `lease_owner` names the claim, and whoever finds `lease_until` past may take the row again. `forgiven`
    counts the attempts before an organizer asked to try again: they no longer bring the end nearer.

    The state says the way, and there is one only: with an address by mail; without one by post (`letter`, `posted`) or
    by telephone (`call`, `called`).
    """

    __tablename__ = "outbound_message"
    __table_args__ = (
        sa.UniqueConstraint("message_id"),
        sa.UniqueConstraint("once"),
        sa.CheckConstraint(
            "to_email IS NOT NULL OR state IN ('letter', 'posted', 'call', 'called', 'withdrawn')", name="address"
        ),
        sa.CheckConstraint("to_email IS NULL OR state NOT IN ('letter', 'posted', 'call', 'called')", name="way"),
        sa.CheckConstraint(
            "(letter_batch_id IS NULL OR state IN ('letter', 'posted'))"
            " AND (state <> 'posted' OR letter_batch_id IS NOT NULL)",
            name="batch",
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL) AND (lease_until IS NULL) = (lease_owner IS NULL)",
            name="lease",
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        sa.CheckConstraint("attempts >= forgiven AND forgiven >= 0", name="attempts"),
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "thread", "id"),
        sa.Index(None, "letter_batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(sa.String(300))
    kind: Mapped[str] = mapped_column(sa.String(60))
    thread: Mapped[str] = mapped_column(sa.String(120))
    to_name: Mapped[str] = mapped_column(sa.String(200))
    to_email: Mapped[str | None] = mapped_column(sa.String(254))
    payload: Mapped[dict[str, JSON]] = mapped_column(sa.JSON)
    once: Mapped[str | None] = mapped_column(sa.String(160))
    resend_of: Mapped[int | None] = mapped_column(sa.ForeignKey("outbound_message.id"))
    letter_batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letter_batch.id"))
    state: Mapped[State] = mapped_column(words(State, "state", 10))
    attempts: Mapped[int] = mapped_column(default=0)
    forgiven: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(sa.String(24))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LetterBatch(Base):
    """Letters that are printed together as one PDF and go to the post together. `topic` says what all are about."""

    __tablename__ = "letter_batch"
    __table_args__ = (
        sa.CheckConstraint("(posted_at IS NULL) = (posted_by = '')", name="posted"),
        sa.Index(None, "topic"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(sa.String(40))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(sa.String(100))
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_by: Mapped[str] = mapped_column(sa.String(100), default="")


class DeliveryAttempt(Base):
    """One attempt to hand a message to the mail server, and its answer; or a telephone call, and how it ended."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (sa.UniqueConstraint("outbound_message_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outbound_message_id: Mapped[int] = mapped_column(sa.ForeignKey("outbound_message.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome] = mapped_column(words(Outcome, "outcome", 10))
    code: Mapped[int | None]
    detail: Mapped[str] = mapped_column(sa.String(200), default="")
    by_label: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")


class DeliveryReport(Base):
    """What a mail server wrote back about a message that it had taken: it was returned, or is late (RFC 3464)."""

    __tablename__ = "delivery_report"
    __table_args__ = (sa.Index(None, "outbound_message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outbound_message_id: Mapped[int] = mapped_column(sa.ForeignKey("outbound_message.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[ReportKind] = mapped_column(words(ReportKind, "kind", 10))
    status: Mapped[str] = mapped_column(sa.String(12), default="")
    detail: Mapped[str] = mapped_column(sa.String(200), default="")


class MailRelay(Base):
    """The mail server's trouble, one row while there is any: it paces new connections of all workers together."""

    __tablename__ = "mail_relay"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    down_since: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int]
    error: Mapped[str] = mapped_column(sa.String(200))
