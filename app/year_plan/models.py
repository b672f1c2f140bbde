"""Tables of the year's plan."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime


class YearPlan(Base):
    """A section's plan of a fiscal year."""

    __tablename__ = "year_plan"
    __table_args__ = (sa.UniqueConstraint("fiscal_year", "section"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    section: Mapped[str] = mapped_column(sa.String(80))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)


class YearPlanEntry(Base):
    """Something that is to be done."""

    __tablename__ = "year_plan_entry"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "key"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("ends_on >= starts_on", name="days"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by = '')", name="done"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey(YearPlan.id))
    key: Mapped[str | None] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(120))
    note: Mapped[str] = mapped_column(sa.String(400))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    page: Mapped[str] = mapped_column(sa.String(200))
    watch: Mapped[str] = mapped_column(sa.String(40))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str] = mapped_column(sa.String(100), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
