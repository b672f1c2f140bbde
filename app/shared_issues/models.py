"""Tables of the room of shared issues. A person stands in `shared_issue_answer` alone, and goes with its row."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime, words
from app.shared_issues.types import AnswerKind, AnswerState, District, LinkKind, Progress, Stage, Subject


class SharedIssue(Base):
    """A card. `published_at` is the first time and stays; `version` grows with each change of the text."""

    __tablename__ = "shared_issue"
    __table_args__ = (
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("stage <> 'published' OR published_at IS NOT NULL", name="published"),
        sa.CheckConstraint("stage <> 'proposed' OR proposed_at IS NOT NULL", name="proposed"),
        sa.CheckConstraint("(stage = 'returned') = (remark <> '')", name="returned"),
        sa.CheckConstraint(
            "stage NOT IN ('proposed', 'published') OR (background <> '' AND affected <> '')", name="told"
        ),
        sa.CheckConstraint("(posted_url = '') = (posted_on IS NULL)", name="posted"),
        sa.Index(None, "stage", "published_at"),
        sa.Index(None, "unit_id"),
        # A mail or a bookmark that names a deleted row never comes to mean another one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    title: Mapped[str] = mapped_column(sa.String(80))
    subject: Mapped[Subject] = mapped_column(words(Subject, "subject"))
    district: Mapped[District] = mapped_column(words(District, "district"))
    background: Mapped[str] = mapped_column(sa.Text)
    source: Mapped[str] = mapped_column(sa.String(300))
    affected: Mapped[str] = mapped_column(sa.String(1000))
    existing: Mapped[str] = mapped_column(sa.String(1000))
    sections: Mapped[str] = mapped_column(sa.String(300))
    groups: Mapped[str] = mapped_column(sa.String(300))
    progress: Mapped[Progress] = mapped_column(words(Progress, "progress"))
    stage: Mapped[Stage] = mapped_column(words(Stage, "stage"))
    remark: Mapped[str] = mapped_column(sa.String(1000), default="")
    search: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(sa.String(100))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_url: Mapped[str] = mapped_column(sa.String(300), default="")
    posted_on: Mapped[date | None]


class SharedIssueLink(Base):
    """What an issue has become."""

    __tablename__ = "shared_issue_link"
    __table_args__ = (
        sa.UniqueConstraint("issue_id", "url"),
        sa.CheckConstraint("title <> '' AND url <> ''", name="said"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey(SharedIssue.id))
    kind: Mapped[LinkKind] = mapped_column(words(LinkKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(120))
    url: Mapped[str] = mapped_column(sa.String(300))


class SharedIssueContribution(Base):
    """What was sent in and approved for everybody; it outlives the answer and leads to nobody."""

    __tablename__ = "shared_issue_contribution"
    __table_args__ = (sa.CheckConstraint("text <> ''", name="text"), sa.Index(None, "issue_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey(SharedIssue.id))
    text: Mapped[str] = mapped_column(sa.String(1000))
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_by: Mapped[str] = mapped_column(sa.String(100))


class SharedIssueAnswer(Base):
    """What a resident sent. `submission_key`: SHA-256 of the form's key, so that a form counts once."""

    __tablename__ = "shared_issue_answer"
    __table_args__ = (
        sa.UniqueConstraint("submission_key"),
        sa.UniqueConstraint("contribution_id"),
        sa.CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="contact"),
        sa.CheckConstraint("name <> '' AND text <> ''", name="said"),
        sa.Index(None, "issue_id"),
        sa.Index(None, "state", "updated_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey(SharedIssue.id))
    kind: Mapped[AnswerKind] = mapped_column(words(AnswerKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.String(2000))
    state: Mapped[AnswerState] = mapped_column(words(AnswerState, "state"))
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    submission_key: Mapped[str] = mapped_column(sa.String(64))
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey(SharedIssueContribution.id, ondelete="SET NULL"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(sa.String(100), default="")


class SharedIssueFigure(Base):
    """How many issues were published in a fiscal year, where they did not stand here: typed, with its source."""

    __tablename__ = "shared_issue_figure"
    __table_args__ = (
        sa.CheckConstraint("number BETWEEN 0 AND 9999", name="number"),
        sa.CheckConstraint("source <> ''", name="source"),
    )

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(300))
    typed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    typed_by: Mapped[str] = mapped_column(sa.String(100))
