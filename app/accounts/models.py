"""Tables of the accounts room."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.permissions import Role
from app.infra.db import Base, UtcDateTime, words
from app.org.models import StaffMember


class User(Base):
    """One member of staff. `email` is stored in lower case. `one_time_until` is set while the password is one that an
    administrator handed out: it opens nothing but the page where it is changed, and not after that time.
    `staff_member_id` says who of the org room signs in; those of the role MEMBER are nothing else.
    """

    __tablename__ = "staff_user"
    __table_args__ = (
        sa.UniqueConstraint("email"),
        sa.CheckConstraint("email = lower(email)", name="email"),
        sa.CheckConstraint("section <> '' OR role IN ('admin', 'auditor', 'member')", name="section"),
        sa.UniqueConstraint("staff_member_id"),
        sa.CheckConstraint("role <> 'member' OR staff_member_id IS NOT NULL", name="member"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(80))
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    section: Mapped[str] = mapped_column(sa.String(60), default="")
    staff_member_id: Mapped[int | None] = mapped_column(sa.ForeignKey(StaffMember.id))
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    one_time_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """A browser that is signed in. Only the SHA-256 of its secret is kept; without the row a cookie opens nothing."""

    __tablename__ = "staff_session"
    __table_args__ = (sa.Index(None, "user_id"), sa.Index(None, "created_at"))

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EventHelper(Base):
    """A reception helper bound to an event; which days that counts is rules.may_see_event's."""

    __tablename__ = "event_helper"
    __table_args__ = (sa.Index(None, "event_id"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_user.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)


class PasswordLink(Base):
    """A link that was asked for to choose a password; using it, or asking again, deletes it.

    The row is written for any address, known or not, so that the answer takes as long for both; whether somebody has
    the address is decided when the mail leaves. Rows past rules.PASSWORD_LINK go when the next link is asked for.
    """

    __tablename__ = "password_link"
    __table_args__ = (
        sa.UniqueConstraint("link_hash"),
        sa.CheckConstraint("email = lower(email)", name="email"),
        sa.Index(None, "email"),
        sa.Index(None, "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    link_nonce: Mapped[str] = mapped_column(sa.String(24))
    link_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
