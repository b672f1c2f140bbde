"""Tables of the surveys room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, UtcDateTime, words
from app.questions.states import State, Step


class Survey(Base):
    """The survey of a fiscal year. `opened_at`: the sections see it; `published_at`: everybody sees its totals."""

    __tablename__ = "survey"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year"),
        sa.CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed"),
        sa.CheckConstraint("published_at IS NULL OR opened_at IS NOT NULL", name="published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    section: Mapped[str] = mapped_column(sa.String(80))
    due_on: Mapped[date]
    definition: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveyReminder(Base):
    """A day on which who is silent is told: `days` working days after the due date."""

    __tablename__ = "survey_reminder"
    __table_args__ = (sa.CheckConstraint("days BETWEEN -60 AND 60", name="days"),)

    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SurveyReminded(Base):
    """That a section was told at that step of the plan: nobody is told twice."""

    __tablename__ = "survey_reminded"

    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveyAnswer(Base):
    """One section's answer. `nothing`: 該当なし. `version` grows with each step: mails about an older one are stale."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "unit_id"),
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("state NOT IN ('submitted', 'accepted') OR submitted_at IS NOT NULL", name="submitted"),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by"),
        sa.CheckConstraint("approved_at IS NULL OR state IN ('submitted', 'accepted')", name="approved"),
        sa.CheckConstraint("(accepted_at IS NOT NULL) = (state = 'accepted')", name="accepted"),
        sa.CheckConstraint("state <> 'accepted' OR approved_at IS NOT NULL", name="confirmed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    state: Mapped[State] = mapped_column(words(State, "state"))
    nothing: Mapped[bool] = mapped_column("no_projects")  # NOTHING is a word of SQL
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


class SurveyPart(Base):
    """What one page asks: a section of the form (`row_key` ""), or one row of a section that repeats (a project)."""

    __tablename__ = "survey_part"
    __table_args__ = (sa.UniqueConstraint("answer_id", "section_key", "row_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_answer.id"))
    section_key: Mapped[str] = mapped_column(sa.String(40))
    row_key: Mapped[str] = mapped_column(sa.String(24))
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(sa.String(80))


class SurveyHanded(Base):
    """A part, or one question of it (`question_key` not ""), that a colleague of the section fills in."""

    __tablename__ = "survey_handed"
    __table_args__ = (
        sa.UniqueConstraint("part_id", "question_key", "staff_member_id"),
        sa.Index(None, "staff_member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_part.id", ondelete="CASCADE"))
    question_key: Mapped[str] = mapped_column(sa.String(40))
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(80))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SurveyStep(Base):
    """An answer as it was at one step of its story; `remark`: what was to put right."""

    __tablename__ = "survey_step"
    __table_args__ = (
        sa.UniqueConstraint("answer_id", "number"),
        sa.CheckConstraint("(remark <> '') = (step IN ('sent_back', 'returned'))", name="remark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_answer.id"))
    number: Mapped[int]
    step: Mapped[Step] = mapped_column(words(Step, "step"))
    remark: Mapped[str] = mapped_column(sa.String(1000))
    nothing: Mapped[bool] = mapped_column("no_projects")  # NOTHING is a word of SQL
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(80))


class SurveyPair(Base):
    """What the organizer decided of two projects that look alike. The smaller id stands first."""

    __tablename__ = "survey_pair"
    __table_args__ = (sa.CheckConstraint("one_id < other_id", name="ordered"), sa.Index(None, "other_id"))

    one_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_part.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_part.id", ondelete="CASCADE"), primary_key=True)
    same: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(80))


class SurveyFigure(Base):
    """How many projects a year before Tsudoi had, and which document says so."""

    __tablename__ = "survey_figure"
    __table_args__ = (
        sa.CheckConstraint("projects >= 0", name="projects"),
        sa.CheckConstraint("source <> ''", name="source"),
        sa.CheckConstraint("fiscal_year BETWEEN 1989 AND 2200", name="fiscal_year"),
    )

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    projects: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(120))
