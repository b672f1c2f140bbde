"""Tables of the org room.

A unit is a row that never changes; what it is called and whom it belongs to stands once for each fiscal year. So a
section that is renamed, merged or split in April keeps its history as it was, and nothing has to be recomputed.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime, words
from app.org.types import DutyKind, UnitKind


class OrgUnit(Base):
    """A bureau, department, section or office, through all years."""

    __tablename__ = "org_unit"

    id: Mapped[int] = mapped_column(primary_key=True)


class OrgUnitYear(Base):
    """A unit in one fiscal year. `position` is its place in the organisation chart (建制順) among its siblings."""

    __tablename__ = "org_unit_year"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year", "code"),
        sa.CheckConstraint("parent_id <> unit_id", name="parent"),
        sa.Index(None, "fiscal_year", "parent_id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20))
    kind: Mapped[UnitKind] = mapped_column(words(UnitKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(80))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"))
    position: Mapped[int] = mapped_column(default=0)


class OrgSuccession(Base):
    """From this year on the new unit does the work of the old one: several old: a merger, several new: a split."""

    __tablename__ = "org_succession"

    fiscal_year: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)


class StaffMember(Base):
    """Somebody who works for the city. `joined_year` is the fiscal year they were hired in: years of service follow."""

    __tablename__ = "staff_member"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.CheckConstraint("email IS NULL OR email = lower(email)", name="email"),
        sa.Index(None, "email"),
        sa.Index(None, "kana_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(80))
    kana: Mapped[str] = mapped_column(sa.String(80))
    kana_order: Mapped[str] = mapped_column(sa.String(240))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    position: Mapped[str] = mapped_column(sa.String(60), default="")
    joined_year: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Posting(Base):
    """Where somebody works, from the first day to the last (None: until further notice)."""

    __tablename__ = "posting"
    __table_args__ = (
        sa.UniqueConstraint("staff_member_id", "starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="days"),
        # One place of work at a time, as far as it is still open.
        sa.Index("uq_posting_open", "staff_member_id", unique=True, sqlite_where=sa.text("ends_on IS NULL"),
                 postgresql_where=sa.text("ends_on IS NULL")),
        sa.Index(None, "unit_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Duty(Base):
    """A duty in a fiscal year. A handover in mid-year ends one row and starts another: both stay."""

    __tablename__ = "duty"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year", "unit_id", "kind", "starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="days"),
        # One promoter a section and one coordinator a department at a time.
        sa.Index("uq_duty_open", "fiscal_year", "unit_id", "kind", unique=True, sqlite_where=sa.text("ends_on IS NULL"),
                 postgresql_where=sa.text("ends_on IS NULL")),
        sa.Index(None, "staff_member_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    kind: Mapped[DutyKind] = mapped_column(words(DutyKind, "kind"))
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
