"""Tables of the e-learning room. A version that was published never changes; the next one is a copy of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.elearning.types import UnitKind
from app.infra.db import Base, UtcDateTime, words
from app.org.models import StaffMember

_DRAFT = sa.text("published_at IS NULL")


class Course(Base):
    """A course of a fiscal year, of the section that owns it. `code` joins the years."""

    __tablename__ = "course"
    __table_args__ = (sa.UniqueConstraint("fiscal_year", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(120))
    about: Mapped[str] = mapped_column(sa.Text)
    section: Mapped[str] = mapped_column(sa.String(80))
    due_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseVersion(Base):
    """The contents of a course: its units, and the check with what is right. One that is not published is the draft."""

    __tablename__ = "course_version"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("pass_percent BETWEEN 1 AND 100", name="pass_percent"),
        sa.CheckConstraint("most_tries BETWEEN 1 AND 20", name="most_tries"),
        sa.Index("uq_course_version_draft", "course_id", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey(Course.id))
    number: Mapped[int]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pass_percent: Mapped[int]
    most_tries: Mapped[int | None]
    definition: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    solutions: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class CourseUnit(Base):
    """A unit of a version. The same `file_key` stands in every version that shows the file."""

    __tablename__ = "course_unit"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "unit_key"),
        sa.CheckConstraint("kind <> 'page' OR body <> ''", name="page"),
        sa.CheckConstraint("(kind = 'link') = (url <> '')", name="link"),
        sa.CheckConstraint("(kind IN ('pdf', 'slides', 'video')) = (file_key IS NOT NULL)", name="file"),
        sa.CheckConstraint("(file_key IS NULL) = (file_size = 0)", name="file_size"),
        # WCAG 2.2, 1.2.1 and 1.2.2: whoever cannot hear a video reads it.
        sa.CheckConstraint("kind <> 'video' OR captions_key IS NOT NULL OR body <> ''", name="readable"),
        sa.CheckConstraint("captions_key IS NULL OR kind = 'video'", name="captions"),
        sa.Index(None, "file_key"),
        sa.Index(None, "captions_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey(CourseVersion.id))
    unit_key: Mapped[str] = mapped_column(sa.String(24))
    position: Mapped[int]
    kind: Mapped[UnitKind] = mapped_column(words(UnitKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(120))
    body: Mapped[str] = mapped_column(sa.Text, default="")
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    file_key: Mapped[str | None] = mapped_column(sa.String(40))
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    media_type: Mapped[str] = mapped_column(sa.String(100), default="")
    file_size: Mapped[int] = mapped_column(default=0)
    captions_key: Mapped[str | None] = mapped_column(sa.String(40))
    digest: Mapped[str] = mapped_column(sa.String(64))


class UnitReading(Base):
    """Somebody said that they read a unit. It holds for later versions in which the unit is the same."""

    __tablename__ = "unit_reading"

    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey(StaffMember.id), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey(CourseUnit.id), primary_key=True, index=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseAttempt(Base):
    """One go at the check of a version. `counts`: against the limit; the organizer can let somebody off."""

    __tablename__ = "course_attempt"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "staff_member_id", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.Index(None, "staff_member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey(CourseVersion.id))
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey(StaffMember.id))
    number: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    passed: Mapped[bool]
    counts: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseCompletion(Base):
    """Somebody completed a course, whatever its later versions hold. It is their certificate, as it reads for good."""

    __tablename__ = "course_completion"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "staff_member_id"),
        sa.UniqueConstraint("code"),
        sa.Index(None, "staff_member_id"),
        sa.Index(None, "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey(Course.id))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey(CourseVersion.id))
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey(StaffMember.id))
    name: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(120))
    code: Mapped[str] = mapped_column(sa.String(12))
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseReminderStep(Base):
    """A reminder of the plan, in working days from the due date; before it where negative."""

    __tablename__ = "course_reminder_step"
    __table_args__ = (sa.CheckConstraint("days BETWEEN -60 AND 60", name="days"),)

    course_id: Mapped[int] = mapped_column(sa.ForeignKey(Course.id), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class CourseReminderSent(Base):
    """Who was reminded at which step: the key lets each be told once, whichever scheduler comes first."""

    __tablename__ = "course_reminder_sent"

    course_id: Mapped[int] = mapped_column(sa.ForeignKey(Course.id), primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey(StaffMember.id), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
