"""Tables of parties with names, of the seats of bodies, and of places that were handed on."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime


class PartyMember(Base):
    """A named person of a party, or one whom a body sends; `position` counts from 1. `link_hash` as in Registration."""

    __tablename__ = "party_member"
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "position"),
        sa.UniqueConstraint("link_hash"),
        sa.CheckConstraint("position >= 1", name="position"),
        sa.CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(80))
    kana: Mapped[str] = mapped_column(sa.String(80))
    note: Mapped[str] = mapped_column(sa.String(80))
    link_nonce: Mapped[str] = mapped_column(sa.String(24))
    link_hash: Mapped[str] = mapped_column(sa.String(64))


class BodyPlace(Base):
    """Seats held for a body, which says until `edit_until` who comes or how many (`head_count`).

    The registration's name is the body's. `settled_at`: what was not used was given back. The row goes with its
    registration.
    """

    __tablename__ = "body_place"
    __table_args__ = (
        sa.CheckConstraint("held >= 1", name="held"),
        sa.CheckConstraint("head_count IS NULL OR head_count BETWEEN 1 AND held", name="head_count"),
        sa.Index(None, "edit_until"),
    )

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registration.id"), primary_key=True, autoincrement=False
    )
    contact: Mapped[str] = mapped_column(sa.String(80))
    held: Mapped[int]
    head_count: Mapped[int | None]
    edit_until: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Handover(Base):
    """A place that was handed to another person: the registration it is now, and the one it was, which is over.

    Two registrations, so that neither of the two people reads what the other said or was told.
    """

    __tablename__ = "handover"
    __table_args__ = (
        sa.UniqueConstraint("from_id"),
        sa.CheckConstraint("registration_id <> from_id", name="two"),
    )

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registration.id"), primary_key=True, autoincrement=False
    )
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"))
