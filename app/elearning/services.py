"""What the organizer does to courses: made, published, carried into a new year. Each verb is one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from app.elearning import carrying, queries, rules, steps
from app.elearning.errors import Frozen, NotReady, WrongDay
from app.elearning.models import Course, CourseReminderStep, CourseVersion
from app.elearning.types import CourseDetails
from app.events.copying import in_year, same_day_in
from app.infra import audit
from app.infra.db import db, transaction
from app.infra.tokens import random_id
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import Actor


@transaction
def make(year: int, section: str, wanted: CourseDetails, *, by: Actor, now: datetime) -> int:
    """A new course of a fiscal year with an empty draft, not seen by staff; its id. Raises WrongDay."""
    return _make(year, section, random_id(), wanted, by=by, now=now).course_id


@transaction
def edit(course_id: int, wanted: CourseDetails, *, by: Actor, now: datetime) -> None:
    """Another title, about or date; what certificates say already stays. Raises NotFound, WrongDay."""
    row = steps.locked(course_id)
    _check_day(wanted.due_on, row.fiscal_year)
    row.title, row.about, row.due_on = wanted.title, wanted.about, wanted.due_on
    audit.record("course.edited", "course", course_id, by=by, at=now)


@transaction
def begin_version(course_id: int, *, by: Actor, now: datetime) -> int:
    """A draft to change, a copy of what is published; its number. Where there is one already, that one.

    Raises NotFound, NotReady.
    """
    steps.locked(course_id)
    chosen = sa.select(CourseVersion).filter_by(course_id=course_id).order_by(CourseVersion.number.desc())
    newest = db.session.scalars(chosen).first()
    if newest is None:
        raise NotReady("この講座には、まだ内容がありません。")
    if newest.published_at is None:
        return newest.number
    made = _copy(newest, course_id, newest.number + 1)
    audit.record("course.version_begun", "course", course_id, by=by, at=now)
    return made.number


@transaction
def publish(course_id: int, *, by: Actor, now: datetime) -> int:
    """Freeze the draft and show it to staff; its number. Who completed an earlier version has completed.

    Raises NotFound, Frozen, NotReady.
    """
    row = steps.locked_draft(course_id)
    rules.check_publishable(queries.version(row.id), queries.published(course_id))
    row.published_at = now
    audit.record("course.published", "course", course_id, by=by, at=now, fields=[f"version={row.number}"])
    return row.number


@transaction
def discard(course_id: int, *, by: Actor, now: datetime) -> None:
    """Throw the draft of a later version away; what is published stays. Raises NotFound, Frozen."""
    row = steps.locked_draft(course_id)
    if row.number == 1:
        raise Frozen("まだ公開していない講座の内容は、単元ごとに削除してください。")
    units = steps.units_of(row.id)
    keys = [key for unit in units for key in (unit.file_key, unit.captions_key)]
    for unit in units:
        db.session.delete(unit)
    db.session.flush()  # units before the version that they belong to
    db.session.delete(row)
    steps.forget_files(keys)
    audit.record("course.discarded", "course", course_id, by=by, at=now)


@transaction
def carry(year: int, section: str, chosen: Collection[int], *, by: Actor, now: datetime) -> int:
    """Make drafts in `year` of those of a section's courses that are chosen; returns how many.

    The due date falls on the nearest same weekday. What carrying.plan() leaves out is left out here too, so that a
    second time makes nothing.
    """
    own = sa.select(Course.id).filter_by(fiscal_year=year - 1, section=section).order_by(Course.id)
    db.session.execute(own.with_for_update())
    moved = [course for course in carrying.plan(year, section).moved if course.id in chosen]
    for old in moved:
        due, title = same_day_in(year, old.due_on), in_year(old.title, old.fiscal_year, year)
        made = _make(year, section, old.code, CourseDetails(title, old.about, due), by=by, now=now)
        source = queries.published(old.id) or queries.draft(old.id)
        if source is not None:
            _fill(made, db.session.get_one(CourseVersion, source.id))
        for days in queries.steps(old.id):
            db.session.add(CourseReminderStep(course_id=made.course_id, days=days))
    return len(moved)


def _make(year: int, section: str, code: str, wanted: CourseDetails, *, by: Actor, now: datetime) -> CourseVersion:
    _check_day(wanted.due_on, year)
    row = Course(
        fiscal_year=year,
        code=code,
        title=wanted.title,
        about=wanted.about,
        section=section,
        due_on=wanted.due_on,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()  # its id is part of the version
    version = CourseVersion(course_id=row.id, number=1, pass_percent=100, solutions={})
    db.session.add(version)
    audit.record("course.made", "course", row.id, by=by, at=now)
    return version


def _copy(old: CourseVersion, course_id: int, number: int) -> CourseVersion:
    made = CourseVersion(course_id=course_id, number=number, pass_percent=100, solutions={})
    db.session.add(made)
    _fill(made, old)
    return made


def _fill(made: CourseVersion, old: CourseVersion) -> None:
    made.pass_percent, made.most_tries = old.pass_percent, old.most_tries
    made.definition, made.solutions = old.definition, old.solutions
    db.session.flush()  # its id is part of the units
    steps.copy_units(old, made)


def _check_day(due_on: date, year: int) -> None:
    if fiscal_year(due_on) != year:
        raise WrongDay(f"受講期限は、{year}年度の日付にしてください。")
