"""Tables of the worksheets room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime, words
from app.questions.states import State, Step


class WorksheetTemplate(Base):
    """A worksheet of a fiscal year. `code` joins the years; `opened_at`: the sections see it.

    `extract_published_at`: everybody sees the rows that were chosen.
    """

    __tablename__ = "worksheet_template"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year", "code"),
        sa.CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed"),
        sa.CheckConstraint("most_attachments BETWEEN 0 AND 20", name="most_attachments"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(120))
    section: Mapped[str] = mapped_column(sa.String(80))
    due_on: Mapped[date]
    needs_approval: Mapped[bool]
    most_attachments: Mapped[int] = mapped_column(server_default="0")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extract_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorksheetForm(Base):
    """What a worksheet asked at one time. A form that somebody has answered never changes: the next number does."""

    __tablename__ = "worksheet_form"
    __table_args__ = (sa.UniqueConstraint("template_id", "number"), sa.CheckConstraint("number >= 1", name="number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_template.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Worksheet(Base):
    """One section's answers. `version` grows with each saving: who holds an older one has read older answers."""

    __tablename__ = "worksheet"
    __table_args__ = (
        sa.UniqueConstraint("template_id", "unit_id"),
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("state NOT IN ('submitted', 'accepted') OR submitted_at IS NOT NULL", name="submitted"),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by"),
        sa.CheckConstraint("approved_at IS NULL OR state IN ('submitted', 'accepted')", name="approved"),
        sa.CheckConstraint("(accepted_at IS NOT NULL) = (state = 'accepted')", name="accepted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_template.id"))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_form.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    state: Mapped[State] = mapped_column(words(State, "state"))
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(sa.String(80))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by: Mapped[str] = mapped_column(sa.String(80), default="")
    submitted_member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff_member.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(sa.String(80))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorksheetRevision(Base):
    """A worksheet as it was at one step of its story."""

    __tablename__ = "worksheet_revision"
    __table_args__ = (sa.UniqueConstraint("worksheet_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"))
    number: Mapped[int]
    step: Mapped[Step] = mapped_column(words(Step, "step"))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_form.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(80))


class WorksheetAttachment(Base):
    """A file beside a section's answers; `file_key` is its random name in the storage.

    `removed_at`: it is no longer there, but steps of the story have it.
    """

    __tablename__ = "worksheet_attachment"
    __table_args__ = (
        sa.UniqueConstraint("file_key"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index(None, "worksheet_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(sa.String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(sa.String(80))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorksheetRevisionAttachment(Base):
    """A file that a worksheet had at a step of its story."""

    __tablename__ = "worksheet_revision_attachment"
    __table_args__ = (sa.Index(None, "attachment_id"),)

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_revision.id"), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_attachment.id"), primary_key=True)


class WorksheetComment(Base):
    """What was said when a worksheet was given back: of the whole, of a section, of a row or of one answer."""

    __tablename__ = "worksheet_comment"
    __table_args__ = (
        sa.CheckConstraint("text <> ''", name="text"),
        sa.CheckConstraint("row_key IS NULL OR section_key IS NOT NULL", name="row"),
        sa.Index(None, "worksheet_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"))
    section_key: Mapped[str | None] = mapped_column(sa.String(40))
    row_key: Mapped[str | None] = mapped_column(sa.String(24))
    question_key: Mapped[str | None] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.String(1000))
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorksheetRow(Base):
    """A row as it was last handed in, so that overviews and totals need not read whole worksheets."""

    __tablename__ = "worksheet_row"
    __table_args__ = (
        sa.UniqueConstraint("worksheet_id", "section_key", "row_key"),
        sa.CheckConstraint("agreed OR NOT chosen", name="chosen"),
        sa.Index(None, "template_id", "worksheet_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_template.id"))
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"))
    section_key: Mapped[str] = mapped_column(sa.String(40))
    row_key: Mapped[str] = mapped_column(sa.String(24))
    place: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    search: Mapped[str] = mapped_column(sa.Text)
    agreed: Mapped[bool]
    chosen: Mapped[bool]


class WorksheetChoice(Base):
    """An option that was chosen in a row."""

    __tablename__ = "worksheet_choice"
    __table_args__ = (sa.Index(None, "question_key", "option_key"),)

    row_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_row.id", ondelete="CASCADE"), primary_key=True)
    question_key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    option_key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
