"""One person's way through courses: what they read, how the check went, what they completed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from app.elearning import queries, rules
from app.elearning.models import Course, CourseAttempt, CourseCompletion, CourseUnit, CourseVersion, UnitReading
from app.elearning.types import Attempt, Check, Completion, CourseRow, Progress, VersionRow
from app.infra.db import db
from app.kernel.errors import NotFound

_COMPLETION: tuple[Any, ...] = (
    CourseCompletion.course_id, CourseCompletion.staff_member_id, CourseVersion.number, CourseCompletion.name,
    CourseCompletion.title, Course.section, CourseCompletion.code, CourseCompletion.completed_at,
)  # fmt: skip


def of_member(member_id: int) -> list[Progress]:
    """Every course that staff can take, the newest year first; a constant number of statements."""
    return _of(queries.open_courses(), member_id)


def of_year(member_id: int, fiscal_year: int) -> list[Progress]:
    """The courses of a year that staff can take, by due date."""
    return _of([row for row in queries.of_year(fiscal_year) if row.published is not None], member_id)


def one(course_id: int, member_id: int) -> Progress:
    """One course. Raises NotFound, also for one that was not published."""
    found = _of([row for row in [queries.one(course_id)] if row.published is not None], member_id)
    if not found:
        raise NotFound
    return found[0]


def completions(course_ids: Collection[int], members: Collection[int] | None = None) -> list[Completion]:
    """Who completed these courses; with `members` only these people. One statement."""
    wanted = [CourseCompletion.course_id.in_(course_ids)]
    if members is not None:
        wanted.append(CourseCompletion.staff_member_id.in_(members))
    return _completions(*wanted)


def who_completed(course_ids: Collection[int], members: Collection[int] | None = None) -> set[tuple[int, int]]:
    """Who completed these courses, as (course, member of staff); with `members` only these people. One statement."""
    chosen = sa.select(CourseCompletion.course_id, CourseCompletion.staff_member_id)
    chosen = chosen.where(CourseCompletion.course_id.in_(course_ids))
    if members is not None:
        chosen = chosen.where(CourseCompletion.staff_member_id.in_(members))
    return {(row.course_id, row.staff_member_id) for row in db.session.execute(chosen)}


def by_code(code: str) -> Completion:
    """The completion that a certificate's code names. Raises NotFound."""
    found = _completions(CourseCompletion.code == code)
    if not found:
        raise NotFound
    return found[0]


def _of(courses: Sequence[CourseRow], member_id: int) -> list[Progress]:
    ids = [course.id for course in courses]
    versions = queries.published_of(ids)
    read = _read(ids, member_id)
    done = {one.course_id: one for one in completions(ids, [member_id])}
    tries, last = _attempts(list(versions.values()), member_id)
    return [
        Progress(
            course=course,
            version=version,
            read=frozenset(unit.id for unit in version.units if unit.digest in read),
            tries=tries.get(version.id, 0),
            last=last.get(version.id),
            completion=done.get(course.id),
        )
        for course in courses
        for version in [versions[course.id]]
    ]


def _read(course_ids: Collection[int], member_id: int) -> set[str]:
    """What was read, by digest: a unit that stayed the same stays read in a new version."""
    chosen = (
        sa.select(CourseUnit.digest)
        .join(UnitReading, UnitReading.unit_id == CourseUnit.id)
        .join(CourseVersion, CourseVersion.id == CourseUnit.version_id)
        .where(CourseVersion.course_id.in_(course_ids), UnitReading.staff_member_id == member_id)
    )
    return set(db.session.scalars(chosen))


def _attempts(versions: Sequence[VersionRow], member_id: int) -> tuple[dict[int, int], dict[int, Attempt]]:
    checks = {version.id: version.check for version in versions}
    chosen = sa.select(CourseAttempt).where(
        CourseAttempt.version_id.in_(checks), CourseAttempt.staff_member_id == member_id
    )
    tries: dict[int, int] = {}
    last: dict[int, Attempt] = {}
    for row in db.session.scalars(chosen.order_by(CourseAttempt.number)):
        tries[row.version_id] = tries.get(row.version_id, 0) + row.counts
        last[row.version_id] = _attempt(row, checks[row.version_id])
    return tries, last


def _attempt(row: CourseAttempt, check: Check) -> Attempt:
    right = rules.right_answers(check, row.answers)
    return Attempt(row.number, row.answers, right, len(check.questions), row.passed, row.at)


def _completions(*wanted: sa.ColumnElement[bool]) -> list[Completion]:
    chosen = (
        sa.select(*_COMPLETION)
        .join(CourseVersion, CourseVersion.id == CourseCompletion.version_id)
        .join(Course, Course.id == CourseCompletion.course_id)
        .where(*wanted)
        .order_by(CourseCompletion.completed_at, CourseCompletion.id)
    )
    return [Completion(*row) for row in db.session.execute(chosen)]
