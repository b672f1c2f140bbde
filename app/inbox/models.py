"""Tables of the inbox room: which mails were taken in, and how looking into the mailbox goes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.inbox.types import Outcome
from app.infra.db import Base, UtcDateTime, words


class TakenMail(Base):
    """A mail that was taken in. `key` is a digest: nothing of the mail is kept, no sender, no text."""

    __tablename__ = "taken_mail"
    __table_args__ = (sa.UniqueConstraint("key"), sa.Index(None, "outcome"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    outcome: Mapped[Outcome] = mapped_column(words(Outcome, "outcome"))
    size: Mapped[int]
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReplyMailbox(Base):
    """The mailbox that is looked into, one row: when it last opened, and its trouble while there is any."""

    __tablename__ = "reply_mailbox"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="single"),
        sa.CheckConstraint("(failing_since IS NULL) = (error = '')", name="failing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(sa.String(200), default="")
