"""Who has completed a course, section by section: a constant number of statements for any number of staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.elearning import queries
from app.elearning.models import CourseAttempt, CourseCompletion, CourseUnit, CourseVersion, UnitReading
from app.elearning.types import Board, Learner, Standing
from app.infra.db import db
from app.org import queries as org
from app.org import rules as chart_rules
from app.org.models import Posting, StaffMember
from app.org.types import UnitRow


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a course: who completed it when, who has begun, who has no try left."""

    done: dict[int, datetime]
    begun: set[int]
    stuck: set[int]

    def standing(self, member_id: int) -> Standing:
        """How far somebody has come."""
        if member_id in self.done:
            return Standing.DONE
        return Standing.BEGUN if member_id in self.begun else Standing.NOT_BEGUN


def board(course_id: int, *, today: date) -> Board:
    """A course with everybody who works for the city today, in its year at the latest. Raises NotFound.

    By section in the order of the organisation chart, last those whose unit is not in the chart of the year.
    """
    course = queries.one(course_id)
    first, last = chart_rules.first_day(course.fiscal_year), chart_rules.last_day(course.fiscal_year)
    chart = org.units(course.fiscal_year)
    place = {unit.id: at for at, unit in enumerate(chart)}
    names = {unit.id: unit.name for unit in chart}
    departments = _departments(chart)
    facts = _Facts(_done(course_id), _begun(course_id), _stuck(course_id))
    people = [
        Learner(
            id=row.id,
            number=row.number,
            name=row.name,
            email=row.email,
            unit_id=row.unit_id if row.unit_id in place else None,
            section=names.get(row.unit_id, ""),
            department=departments.get(row.unit_id, ""),
            standing=facts.standing(row.id),
            completed_at=facts.done.get(row.id),
            stuck=row.id in facts.stuck and row.id not in facts.done,
        )
        for row in _staff(min(max(today, first), last))
    ]
    return Board(course, tuple(sorted(people, key=lambda one: place.get(one.unit_id or 0, len(place)))))


def _departments(chart: Iterable[UnitRow]) -> dict[int, str]:
    """The name of the department of each unit, by unit."""
    units = list(chart)
    names = {unit.id: unit.name for unit in units}
    return {unit_id: names[above] for unit_id, above in chart_rules.departments(units).items()}


def _staff(day: date) -> Iterable[Any]:
    own = (StaffMember.id, StaffMember.number, StaffMember.name, StaffMember.email, Posting.unit_id)
    chosen = (
        sa.select(*own)
        .join(Posting, Posting.staff_member_id == StaffMember.id)
        .where(Posting.starts_on <= day, sa.or_(Posting.ends_on.is_(None), Posting.ends_on >= day))
        .order_by(StaffMember.kana_order, StaffMember.number)
    )
    return db.session.execute(chosen)


def _done(course_id: int) -> dict[int, datetime]:
    chosen = sa.select(CourseCompletion.staff_member_id, CourseCompletion.completed_at)
    rows = db.session.execute(chosen.where(CourseCompletion.course_id == course_id))
    return {row.staff_member_id: row.completed_at for row in rows}


def _begun(course_id: int) -> set[int]:
    chosen = (
        sa.select(UnitReading.staff_member_id)
        .join(CourseUnit, CourseUnit.id == UnitReading.unit_id)
        .join(CourseVersion, CourseVersion.id == CourseUnit.version_id)
        .where(CourseVersion.course_id == course_id)
    )
    return set(db.session.scalars(chosen.distinct()))


def _stuck(course_id: int) -> set[int]:
    """Who has used up the tries at the newest version."""
    newest = sa.select(sa.func.max(CourseVersion.number)).where(
        CourseVersion.course_id == course_id, CourseVersion.published_at.is_not(None)
    )
    chosen = (
        sa.select(CourseAttempt.staff_member_id)
        .join(CourseVersion, CourseVersion.id == CourseAttempt.version_id)
        .where(
            CourseVersion.course_id == course_id,
            CourseVersion.number == newest.scalar_subquery(),
            CourseAttempt.counts,
        )
        .group_by(CourseAttempt.staff_member_id, CourseVersion.most_tries)
        .having(sa.func.count() >= CourseVersion.most_tries)
    )
    return set(db.session.scalars(chosen))
