"""Tables of the compliance room. Where somebody stands is never stored: it is counted from what happened."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.attendance.models import Certificate
from app.compliance.types import Audience, EvidenceKind, SubstituteRule
from app.elearning.models import Course
from app.infra.db import Base, UtcDateTime, words


class Requirement(Base):
    """Everybody of the audience completes the event (any sitting), or the course, by the due date."""

    __tablename__ = "requirement"
    __table_args__ = (
        sa.UniqueConstraint("fiscal_year", "code"),
        sa.CheckConstraint("event_id IS NOT NULL OR course_id IS NOT NULL", name="taught"),
        sa.Index(None, "code"),
        sa.Index(None, "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(120))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"))
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Course.id))
    due_on: Mapped[date]
    audience: Mapped[Audience] = mapped_column(words(Audience, "audience"))
    substitutes: Mapped[SubstituteRule] = mapped_column(words(SubstituteRule, "substitutes"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RequirementMember(Base):
    """Who is bound by a requirement of Audience.LIST."""

    __tablename__ = "requirement_member"

    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"), primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"), primary_key=True)


class RequirementUnit(Base):
    """Whose staff a requirement of Audience.SECTIONS binds: everybody of the unit and of all below it."""

    __tablename__ = "requirement_unit"

    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)


class RequirementWorksheet(Base):
    """The worksheet that the section of everybody bound hands in too; only where a section's duty binds."""

    __tablename__ = "requirement_worksheet"

    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"), primary_key=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet_template.id"), index=True)


class ReminderStep(Base):
    """A reminder of the plan, in working days from the due date; before it where negative."""

    __tablename__ = "reminder_step"
    __table_args__ = (sa.CheckConstraint("days BETWEEN -60 AND 60", name="days"),)

    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ReminderSent(Base):
    """Who was reminded at which step: the key lets each be told once, whichever scheduler comes first."""

    __tablename__ = "reminder_sent"

    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"), primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RequirementCertificate(Base):
    """A certificate that was issued because somebody completed the requirement, and holds only while they have."""

    __tablename__ = "requirement_certificate"
    __table_args__ = (sa.Index(None, "requirement_id"),)

    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey(Certificate.id), primary_key=True, autoincrement=False)
    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"))


class Exemption(Base):
    """Somebody need not take part, and why."""

    __tablename__ = "exemption"
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="reason"),)

    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"), primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(400))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Evidence(Base):
    """Somebody was taught elsewhere, or a colleague came in their place."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'substitute') = (substitute_id IS NOT NULL)", name="substitute"),
        sa.CheckConstraint("substitute_id <> staff_member_id", name="another"),
        sa.CheckConstraint("kind <> 'elsewhere' OR note <> ''", name="note"),
    )

    requirement_id: Mapped[int] = mapped_column(sa.ForeignKey("requirement.id"), primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(sa.ForeignKey("staff_member.id"), primary_key=True)
    kind: Mapped[EvidenceKind] = mapped_column(words(EvidenceKind, "kind"), primary_key=True)
    happened_on: Mapped[date]
    substitute_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff_member.id"))
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
