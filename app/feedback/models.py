"""Tables of the feedback room.

No row of an answer says when it came, from whom, or which others came with it: see the decision on anonymous feedback.
Tables without SQLite's row number have no order but that of their random keys.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.events.models import Event
from app.infra.db import Base
from app.registrations.models import Registration

_UNORDERED = {"sqlite_with_rowid": False}


class FeedbackForm(Base):
    """What is asked after an event, and until when. `code` is the short address that is printed."""

    __tablename__ = "feedback_form"
    __table_args__ = (sa.UniqueConstraint("code"), sa.CheckConstraint("length(code) = 6", name="code"))

    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(sa.String(6))
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    breakdown: Mapped[str] = mapped_column(sa.String(40))
    last_day: Mapped[date]


class FeedbackBallot(Base):
    """What one person chose. All ballots of a form are written anew, shuffled, with each that comes in."""

    __tablename__ = "feedback_ballot"
    __table_args__ = (sa.Index(None, "event_id"), _UNORDERED)

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(FeedbackForm.event_id))
    choices: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class FeedbackText(Base):
    """What somebody wrote in answer to one question, apart from whatever else they answered."""

    __tablename__ = "feedback_text"
    __table_args__ = (sa.CheckConstraint("text <> ''", name="text"), sa.Index(None, "event_id"), _UNORDERED)

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(FeedbackForm.event_id))
    question: Mapped[str] = mapped_column(sa.String(100))
    text: Mapped[str] = mapped_column(sa.Text)


class FeedbackTicket(Base):
    """A mailed link, by its SHA-256. To whom it was mailed the database does not say."""

    __tablename__ = "feedback_ticket"
    __table_args__ = (sa.Index(None, "event_id"), _UNORDERED)

    link_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(FeedbackForm.event_id))


class FeedbackSpent(Base):
    """A mailed link, or the one-time key of a page, that an answer came in with: a second one changes nothing."""

    __tablename__ = "feedback_spent"
    __table_args__ = (sa.Index(None, "event_id"), _UNORDERED)

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(FeedbackForm.event_id))


class FeedbackThanked(Base):
    """Who was written to; not who answered."""

    __tablename__ = "feedback_thanked"
    __table_args__ = (sa.Index(None, "registration_id"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey(FeedbackForm.event_id), primary_key=True, autoincrement=False)
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
