"""The promises about e-learning: who completed a course has read it and passed its check."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.elearning.models import CourseAttempt, CourseCompletion, CourseUnit, CourseVersion, UnitReading
from app.stewardship.promises import Found, Promise


def _completed_nothing_published(_now: datetime) -> Found:
    """Completions of a version that was not published, or is another course's."""
    fits = sa.exists().where(
        CourseVersion.id == CourseCompletion.version_id,
        CourseVersion.course_id == CourseCompletion.course_id,
        CourseVersion.published_at.is_not(None),
    )
    return sa.select(CourseCompletion.id).where(~fits)


def _completed_without_passing(_now: datetime) -> Found:
    passed = sa.exists().where(
        CourseAttempt.version_id == CourseCompletion.version_id,
        CourseAttempt.staff_member_id == CourseCompletion.staff_member_id,
        CourseAttempt.passed,
    )
    checked = CourseVersion.definition.is_not(None)
    return (
        sa.select(CourseCompletion.id)
        .join(CourseVersion, CourseVersion.id == CourseCompletion.version_id)
        .where(checked, ~passed)
    )


def _completed_unread(_now: datetime) -> Found:
    """Some unit of the version was read under the same digest in no version of the course."""
    unit, same, version = aliased(CourseUnit), aliased(CourseUnit), aliased(CourseVersion)
    read = (
        sa.exists()
        .where(
            UnitReading.unit_id == same.id,
            UnitReading.staff_member_id == CourseCompletion.staff_member_id,
            same.digest == unit.digest,
            version.id == same.version_id,
            version.course_id == CourseCompletion.course_id,
        )
        .correlate(unit, CourseCompletion)
    )
    return (
        sa.select(CourseCompletion.id)
        .join(unit, unit.version_id == CourseCompletion.version_id)
        .where(~read)
        .distinct()
    )


LEARNED = (
    Promise(
        "completed_version",
        "公開していない版か、別の講座の版で、Eラーニングを修了している",
        "course_completion",
        _completed_nothing_published,
    ),
    Promise(
        "completed_check",
        "確認テストに合格した記録がないのに、Eラーニングを修了している",
        "course_completion",
        _completed_without_passing,
    ),
    Promise(
        "completed_units",
        "読んでいない単元があるのに、Eラーニングを修了している",
        "course_completion",
        _completed_unread,
    ),
)
