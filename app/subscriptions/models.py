"""Tables of the subscriptions room. Of a person only the address is known."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.events.models import Event, Series
from app.infra.db import Base, UtcDateTime


class SubscriptionRequest(Base):
    """Somebody typed an address; whether it is theirs, the mailed link tells. One an address, the newest counts.

    `series` are ids, checked when the request is confirmed. The row goes with the confirmation, or after a few days.
    """

    __tablename__ = "subscription_request"
    __table_args__ = (
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("link_hash"),
        sa.Index(None, "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24))
    email: Mapped[str] = mapped_column(sa.String(254))
    every: Mapped[bool]
    series: Mapped[list[int]] = mapped_column(sa.JSON)
    link_nonce: Mapped[str] = mapped_column(sa.String(24))
    link_hash: Mapped[str] = mapped_column(sa.String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Subscription(Base):
    """An address whose owner confirmed it. It ends with the row: nothing of it is kept.

    `public_id` names it in the outbox, where a number could come to mean somebody else. `resting_since` is set when
    mail came back for good.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("link_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24))
    email: Mapped[str] = mapped_column(sa.String(254))
    every: Mapped[bool]
    link_nonce: Mapped[str] = mapped_column(sa.String(24))
    link_hash: Mapped[str] = mapped_column(sa.String(64))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SubscribedSeries(Base):
    """A series that a subscription names; none where it is of every series."""

    __tablename__ = "subscribed_series"
    __table_args__ = (sa.Index(None, "series_id"),)

    subscription_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Subscription.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    series_id: Mapped[int] = mapped_column(sa.ForeignKey(Series.id), primary_key=True, autoincrement=False)


class Announcement(Base):
    """An event that is announced by mail, once. `last_id` is the subscription up to which mails are written.

    A worker that dies half way leaves the row unfinished, and the next one goes on behind `last_id`.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        sa.CheckConstraint("people >= 0 AND last_id >= 0", name="counts"),
        sa.Index(None, "begun_at"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey(Event.id), primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
