"""Tables of the reports room. A frozen report's files and figures are written once and never changed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime, words
from app.reports.types import FileKind, Status


class Report(Base):
    """The report of a fiscal year, as in types.ReportRow. `reviewed_digest` is the SHA-256 of what was reviewed."""

    __tablename__ = "report"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year"),
        sa.CheckConstraint("(status = 'draft') = (reviewed_at IS NULL)", name="reviewed"),
        sa.CheckConstraint("(reviewed_at IS NULL) = (reviewed_digest = '')", name="digest"),
        sa.CheckConstraint("(status = 'frozen') = (frozen_at IS NOT NULL)", name="frozen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    section: Mapped[str] = mapped_column(sa.String(60))
    publisher: Mapped[str] = mapped_column(sa.String(120))
    status: Mapped[Status] = mapped_column(words(Status, "status"), default=Status.DRAFT)
    carried_from: Mapped[int | None]
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_by: Mapped[str] = mapped_column(sa.String(100))
    edited_by_id: Mapped[str | None] = mapped_column(sa.String(40))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[str] = mapped_column(sa.String(100), default="")
    reviewed_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen_by: Mapped[str] = mapped_column(sa.String(100), default="")


class ReportText(Base):
    """What people wrote in a chapter; `version` grows with each saving."""

    __tablename__ = "report_text"
    __table_args__ = (sa.CheckConstraint("version >= 1", name="version"),)

    report_id: Mapped[int] = mapped_column(sa.ForeignKey(Report.id), primary_key=True, autoincrement=False)
    chapter: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(default=1)
    carried: Mapped[bool] = mapped_column(default=False)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_by: Mapped[str] = mapped_column(sa.String(100))


class ReportPhoto(Base):
    """A photo of a chapter; without an alternative text there is none."""

    __tablename__ = "report_photo"
    __table_args__ = (
        sa.UniqueConstraint("file_key"),
        sa.CheckConstraint("alt <> ''", name="alt"),
        sa.Index(None, "report_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey(Report.id))
    chapter: Mapped[str] = mapped_column(sa.String(40))
    alt: Mapped[str] = mapped_column(sa.String(300))
    caption: Mapped[str] = mapped_column(sa.String(200), default="")
    media_type: Mapped[str] = mapped_column(sa.String(40))
    file_key: Mapped[str] = mapped_column(sa.String(60))


class TypedFigure(Base):
    """A figure that a section typed or imported, with where it was read: for years before the records begin."""

    __tablename__ = "typed_figure"
    __table_args__ = (
        sa.CheckConstraint("value >= 0", name="value"),
        sa.CheckConstraint("source <> ''", name="source"),
    )

    section: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(200))
    typed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    typed_by: Mapped[str] = mapped_column(sa.String(100))


class ReportFile(Base):
    """One of the files that a frozen report consists of; the bytes lie in the storage."""

    __tablename__ = "report_file"
    __table_args__ = (sa.UniqueConstraint("file_key"), sa.UniqueConstraint("report_id", "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey(Report.id))
    kind: Mapped[FileKind] = mapped_column(words(FileKind, "kind"))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    file_key: Mapped[str] = mapped_column(sa.String(60))


class ReportFigure(Base):
    """A figure as the frozen report gives it, with its words of that day."""

    __tablename__ = "report_figure"
    __table_args__ = (sa.UniqueConstraint("report_id", "fiscal_year", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey(Report.id))
    fiscal_year: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(100))
    unit: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[int]


class ReportCorrection(Base):
    """What is wrong in a frozen report (正誤); published at once, never taken back."""

    __tablename__ = "report_correction"
    __table_args__ = (sa.CheckConstraint("text <> ''", name="text"), sa.Index(None, "report_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey(Report.id))
    text: Mapped[str] = mapped_column(sa.Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(sa.String(100))
