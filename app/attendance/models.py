"""Tables of the attendance room."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.attendance.types import Presence
from app.events.audiences import Category
from app.infra.db import Base, UtcDateTime, words
from app.org.models import StaffMember


class Attendance(Base):
    """One mark: of a registration, or of a walk-in, who has name and category here because they have no registration.

    `people` is how many of the party came. `entry_key` is the one-time key of the walk-in's form, hashed.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        sa.UniqueConstraint("sitting_id", "registration_id"),
        sa.UniqueConstraint("sitting_id", "entry_key"),
        sa.CheckConstraint("(registration_id IS NULL) = (name IS NOT NULL)", name="walk_in_name"),
        sa.CheckConstraint("(registration_id IS NULL) = (category IS NOT NULL)", name="walk_in_category"),
        sa.CheckConstraint("(registration_id IS NULL) = (entry_key IS NOT NULL)", name="walk_in_key"),
        sa.CheckConstraint("registration_id IS NOT NULL OR status = 'present'", name="walk_in_came"),
        sa.CheckConstraint("(status IN ('absent', 'excused')) = (people = 0)", name="people_came"),
        sa.CheckConstraint("people BETWEEN 0 AND 99", name="people"),
        sa.Index(None, "registration_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"))
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"))
    name: Mapped[str | None] = mapped_column(sa.String(80))
    kana: Mapped[str] = mapped_column(sa.String(80), default="")
    category: Mapped[Category | None] = mapped_column(words(Category, "category"))
    entry_key: Mapped[str | None] = mapped_column(sa.String(64))
    status: Mapped[Presence] = mapped_column(words(Presence, "status"))
    people: Mapped[int]
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    marked_by: Mapped[str] = mapped_column(sa.String(100))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(sa.BigInteger)


class AttendanceSheet(Base):
    """What concerns the whole sheet of a sitting: how many people were counted on paper, and its closing."""

    __tablename__ = "attendance_sheet"
    __table_args__ = (
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed"),
        sa.CheckConstraint("sheet_count BETWEEN 0 AND 9999", name="sheet_count"),
    )

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True, autoincrement=False)
    sheet_count: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(sa.String(100))


class Headcount(Base):
    """People of one category at a sitting where names were not taken."""

    __tablename__ = "headcount"
    __table_args__ = (sa.CheckConstraint("people BETWEEN 1 AND 9999", name="people"),)

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True, autoincrement=False)
    category: Mapped[Category] = mapped_column(words(Category, "category"), primary_key=True)
    people: Mapped[int]


class CertificateLedger(Base):
    """The last number of 修了証 that was given in a fiscal year; its lock lets one at a time draw the next."""

    __tablename__ = "certificate_ledger"
    __table_args__ = (sa.CheckConstraint("last >= 0", name="last"),)

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Certificate(Base):
    """One line of the ledger (修了証の発行台帳), as it was issued: a copy printed later says the same.

    It is somebody's for an event: of the registration by which they came, and of the member of staff where it is one.
    Without a registration stands who met a requirement some other way. A withdrawn one keeps its number. Rows stay as
    long as the city keeps its ledger; they go with the registration.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked"),
        sa.CheckConstraint("registration_id IS NOT NULL OR staff_member_id IS NOT NULL", name="holder"),
        # One that is valid for each registration, and for each member of staff and event.
        sa.Index("uq_certificate_valid", "registration_id", unique=True,
                 sqlite_where=sa.text("revoked_at IS NULL"), postgresql_where=sa.text("revoked_at IS NULL")),
        sa.Index("uq_certificate_member", "event_id", "staff_member_id", unique=True,
                 sqlite_where=sa.text("revoked_at IS NULL"), postgresql_where=sa.text("revoked_at IS NULL")),
        sa.Index(None, "event_id"),
        sa.Index(None, "staff_member_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    number: Mapped[int]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"))
    staff_member_id: Mapped[int | None] = mapped_column(sa.ForeignKey(StaffMember.id))
    name: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(300))
    attended_on: Mapped[date]
    issued_on: Mapped[date]
    issuer: Mapped[str] = mapped_column(sa.String(120))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_reason: Mapped[str] = mapped_column(sa.Text, default="")
