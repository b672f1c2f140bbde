"""Tables of the proposals room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime, words
from app.proposals.report_types import ReportKind, ReportState, Side
from app.proposals.screening_types import Outcome, RoundKind
from app.proposals.types import CourseKind, ProposalState, ThemeState

_IN_ORDER = (
    "themes_due_on <= opens_on AND opens_on <= closes_on AND closes_on <= correct_by AND correct_by <= papers_on "
    "AND papers_on <= presentation_on AND presentation_on <= decide_on AND decide_on <= interim_due_on "
    "AND interim_due_on <= final_due_on"
)
_NO_CONTACT = "contact_name = '' AND email = '' AND phone = '' AND postcode = '' AND address = ''"


class ProposalProgramme(Base):
    """The programme of one fiscal year, that in which projects are carried out. `definition`: what groups fill in."""

    __tablename__ = "proposal_programme"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year"),
        sa.CheckConstraint(_IN_ORDER, name="dates"),
        sa.CheckConstraint("themes_published_at IS NULL OR published_at IS NOT NULL", name="themes_published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    section: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(120))
    lead: Mapped[str] = mapped_column(sa.Text)
    eligible: Mapped[str] = mapped_column(sa.Text)
    contact: Mapped[str] = mapped_column(sa.String(300))
    briefing_event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id", ondelete="SET NULL"))
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    themes_due_on: Mapped[date]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    correct_by: Mapped[date]
    papers_on: Mapped[date]
    presentation_on: Mapped[date]
    decide_on: Mapped[date]
    interim_due_on: Mapped[date]
    final_due_on: Mapped[date]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    themes_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProposalCourse(Base):
    """A course of a programme: how much at most (yen), which share of the cost (percent), for how many years."""

    __tablename__ = "proposal_course"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "name"),
        sa.CheckConstraint("ceiling BETWEEN 1 AND 100000000", name="ceiling"),
        sa.CheckConstraint("rate BETWEEN 1 AND 100", name="rate"),
        sa.CheckConstraint("years BETWEEN 1 AND 10", name="years"),
        sa.CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey(ProposalProgramme.id))
    kind: Mapped[CourseKind] = mapped_column(words(CourseKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(60))
    ceiling: Mapped[int]
    rate: Mapped[int]
    years: Mapped[int]
    who: Mapped[str] = mapped_column(sa.String(300))


class ProposalTheme(Base):
    """What a section of the city hall would like to do together with a group."""

    __tablename__ = "proposal_theme"
    __table_args__ = (
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("state <> 'returned' OR remark <> ''", name="remark"),
        sa.Index(None, "programme_id"),
        sa.Index(None, "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey(ProposalProgramme.id))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    title: Mapped[str] = mapped_column(sa.String(80))
    background: Mapped[str] = mapped_column(sa.Text)
    wish: Mapped[str] = mapped_column(sa.Text)
    offer: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[ThemeState] = mapped_column(words(ThemeState, "state"))
    remark: Mapped[str] = mapped_column(sa.String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(sa.String(80))


class ProposalFigure(Base):
    """Applications of a year before this service, typed from a source that is named."""

    __tablename__ = "proposal_figure"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year", "course"),
        sa.CheckConstraint("applications >= 0", name="applications"),
        sa.CheckConstraint("adopted IS NULL OR adopted BETWEEN 0 AND applications", name="adopted"),
        sa.CheckConstraint("source <> ''", name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    course: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[CourseKind] = mapped_column(words(CourseKind, "kind"))
    applications: Mapped[int]
    adopted: Mapped[int | None]
    source: Mapped[str] = mapped_column(sa.String(200))


class Proposal(Base):
    """What a group proposes. `link_hash`: SHA-256 of its secret link; `link_nonce` lets the link be made again.

    `version` grows with each saving: who holds an older one has read older answers. `forgotten_at`: since when nobody
    knows whom to reach.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("link_hash"),
        sa.UniqueConstraint("submission_id"),
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("support_year >= 1", name="support_year"),
        sa.CheckConstraint("forgotten_at IS NOT NULL OR email <> '' OR phone <> ''", name="reachable"),
        sa.CheckConstraint(f"forgotten_at IS NULL OR ({_NO_CONTACT})", name="forgotten"),
        sa.CheckConstraint("state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name="submitted"),
        sa.CheckConstraint("state <> 'returned' OR remark <> ''", name="remark"),
        sa.Index(None, "programme_id"),
        sa.Index(None, "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24))
    reference: Mapped[str] = mapped_column(sa.String(8))
    link_nonce: Mapped[str] = mapped_column(sa.String(24))
    link_hash: Mapped[str] = mapped_column(sa.String(64))
    submission_id: Mapped[str] = mapped_column(sa.String(80))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey(ProposalProgramme.id))
    course_id: Mapped[int] = mapped_column(sa.ForeignKey(ProposalCourse.id))
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ProposalTheme.id))
    support_year: Mapped[int]
    group_name: Mapped[str] = mapped_column(sa.String(80))
    contact_name: Mapped[str] = mapped_column(sa.String(60))
    email: Mapped[str] = mapped_column(sa.String(254))
    phone: Mapped[str] = mapped_column(sa.String(20))
    postcode: Mapped[str] = mapped_column(sa.String(7))
    address: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[ProposalState] = mapped_column(words(ProposalState, "state"))
    remark: Mapped[str] = mapped_column(sa.String(1000), default="")
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProposalAttachment(Base):
    """A file beside a proposal; `file_key` is its random name in the storage."""

    __tablename__ = "proposal_attachment"
    __table_args__ = (
        sa.UniqueConstraint("file_key"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index(None, "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey(Proposal.id))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(sa.String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewCriterion(Base):
    """What reviewers give points for, from 0 to 5. `weight`: how often the points count."""

    __tablename__ = "review_criterion"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "label"),
        sa.CheckConstraint("weight BETWEEN 1 AND 10", name="weight"),
        sa.CheckConstraint("label <> ''", name="label"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey(ProposalProgramme.id))
    label: Mapped[str] = mapped_column(sa.String(60))
    note: Mapped[str] = mapped_column(sa.String(200))
    weight: Mapped[int]


class Reviewer(Base):
    """Somebody who screens the proposals of one programme, by a secret link of their own. `revoked_at`: no more.

    `email` None: it was forgotten, and the link with it.
    """

    __tablename__ = "reviewer"
    __table_args__ = (
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("link_hash"),
        sa.UniqueConstraint("programme_id", "email"),
        sa.CheckConstraint("email IS NOT NULL OR revoked_at IS NOT NULL", name="forgotten"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey(ProposalProgramme.id))
    public_id: Mapped[str] = mapped_column(sa.String(24))
    name: Mapped[str] = mapped_column(sa.String(60))
    affiliation: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    link_nonce: Mapped[str] = mapped_column(sa.String(24))
    link_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewRound(Base):
    """One round of screening. Once closed, nothing of it changes."""

    __tablename__ = "review_round"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "kind"),
        sa.CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", name="closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey(ProposalProgramme.id))
    kind: Mapped[RoundKind] = mapped_column(words(RoundKind, "kind"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewEntry(Base):
    """A proposal in a round, and what came of it: `average` in hundredths of a point, None while the round is open."""

    __tablename__ = "review_entry"
    __table_args__ = (
        sa.CheckConstraint("place IS NULL OR place >= 1", name="place"),
        sa.CheckConstraint("(average IS NULL) = (lowest IS NULL)", name="lowest"),
        sa.CheckConstraint("(average IS NULL) = (highest IS NULL)", name="highest"),
        sa.Index(None, "proposal_id"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey(ReviewRound.id), primary_key=True, autoincrement=False)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey(Proposal.id), primary_key=True, autoincrement=False)
    sheets: Mapped[int] = mapped_column(default=0)
    average: Mapped[int | None]
    lowest: Mapped[int | None]
    highest: Mapped[int | None]
    place: Mapped[int | None]


class ReviewConflict(Base):
    """A reviewer who has to do with a group keeps out of its proposal."""

    __tablename__ = "review_conflict"
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="reason"),)

    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey(Reviewer.id), primary_key=True, autoincrement=False)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey(Proposal.id), primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(sa.String(200))
    declared_by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewSheet(Base):
    """One reviewer's points for one proposal in one round. `counted`: it is part of the round's result."""

    __tablename__ = "review_sheet"
    __table_args__ = (sa.UniqueConstraint("round_id", "reviewer_id", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey(ReviewRound.id))
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey(Reviewer.id))
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey(Proposal.id))
    comment: Mapped[str] = mapped_column(sa.String(1000))
    counted: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewScore(Base):
    """The points of a sheet for one criterion."""

    __tablename__ = "review_score"
    __table_args__ = (sa.CheckConstraint("points BETWEEN 0 AND 5", name="points"),)

    sheet_id: Mapped[int] = mapped_column(
        sa.ForeignKey(ReviewSheet.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey(ReviewCriterion.id), primary_key=True, autoincrement=False)
    points: Mapped[int]


class ProposalDecision(Base):
    """What was decided of a proposal. `told_at`: the group knows, and nothing changes any more."""

    __tablename__ = "proposal_decision"
    __table_args__ = (
        sa.CheckConstraint("reasons <> ''", name="reasons"),
        sa.CheckConstraint("(outcome = 'declined') = (amount = 0)", name="amount"),
        sa.CheckConstraint("amount >= 0", name="yen"),
        sa.CheckConstraint("(outcome = 'conditional') = (conditions <> '')", name="conditions"),
    )

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey(Proposal.id), primary_key=True, autoincrement=False)
    outcome: Mapped[Outcome] = mapped_column(words(Outcome, "outcome"))
    amount: Mapped[int]
    conditions: Mapped[str] = mapped_column(sa.String(1000))
    reasons: Mapped[str] = mapped_column(sa.String(1000))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(sa.String(80))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProposalReport(Base):
    """What a group reports of its project, half-way and at the end. `version` grows with each saving."""

    __tablename__ = "proposal_report"
    __table_args__ = (
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted"),
        sa.CheckConstraint("state <> 'returned' OR remark <> ''", name="remark"),
    )

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey(Proposal.id), primary_key=True, autoincrement=False)
    kind: Mapped[ReportKind] = mapped_column(words(ReportKind, "kind"), primary_key=True)
    state: Mapped[ReportState] = mapped_column(words(ReportState, "state"))
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    remark: Mapped[str] = mapped_column(sa.String(1000), default="")
    version: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProposalReflection(Base):
    """How one side looks back on a project."""

    __tablename__ = "proposal_reflection"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey(Proposal.id), primary_key=True, autoincrement=False)
    side: Mapped[Side] = mapped_column(words(Side, "side"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(sa.String(80))
