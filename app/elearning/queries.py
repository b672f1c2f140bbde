"""Reading courses and their versions: rows for pages, never a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from app.elearning.models import Course, CourseReminderSent, CourseReminderStep, CourseUnit, CourseVersion
from app.elearning.types import Check, CourseRow, Kept, Solution, UnitRow, VersionRow
from app.infra.db import db
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.questions import codec

_PUBLISHED = (
    sa.select(sa.func.max(CourseVersion.number))
    .where(CourseVersion.course_id == Course.id, CourseVersion.published_at.is_not(None))
    .scalar_subquery()
)
_HAS_DRAFT = sa.exists().where(CourseVersion.course_id == Course.id, CourseVersion.published_at.is_(None))
_ROW: tuple[Any, ...] = (
    Course.id, Course.fiscal_year, Course.code, Course.title, Course.about, Course.section, Course.due_on,
    _PUBLISHED, _HAS_DRAFT,
)  # fmt: skip


def one(course_id: int) -> CourseRow:
    """One course. Raises NotFound."""
    found = _rows(Course.id == course_id)
    if not found:
        raise NotFound
    return found[0]


def of_year(fiscal_year: int, *, section: str | None = None) -> list[CourseRow]:
    """The courses of a year, by due date: of all, or of one section."""
    wanted = [Course.fiscal_year == fiscal_year]
    return _rows(*wanted, *([Course.section == section] if section is not None else []))


def every(section: str | None = None) -> list[CourseRow]:
    """Every course there is: of all, or of one section."""
    return _rows(*([Course.section == section] if section is not None else []))


def years(section: str) -> list[int]:
    """The years in which a section has courses, the newest first."""
    chosen = sa.select(Course.fiscal_year).where(Course.section == section).distinct()
    return list(db.session.scalars(chosen.order_by(Course.fiscal_year.desc())))


def open_courses() -> list[CourseRow]:
    """Every course that staff can take, the newest year first."""
    return [row for row in reversed(_rows()) if row.published is not None]


def draft(course_id: int) -> VersionRow | None:
    """The version that is being written; None where there is none."""
    return _first(CourseVersion.course_id == course_id, CourseVersion.published_at.is_(None))


def published(course_id: int) -> VersionRow | None:
    """The version that staff take now; None where nothing was published yet."""
    return _first(CourseVersion.course_id == course_id, CourseVersion.published_at.is_not(None))


def published_of(course_ids: Collection[int]) -> dict[int, VersionRow]:
    """The same of several courses, by course; a constant number of statements."""
    newest = (
        sa.select(CourseVersion.course_id, sa.func.max(CourseVersion.number).label("number"))
        .where(CourseVersion.course_id.in_(course_ids), CourseVersion.published_at.is_not(None))
        .group_by(CourseVersion.course_id)
        .subquery()
    )
    same = sa.and_(CourseVersion.course_id == newest.c.course_id, CourseVersion.number == newest.c.number)
    return {row.course_id: row for row in _versions(sa.select(CourseVersion).join(newest, same))}


def version(version_id: int) -> VersionRow:
    """One version. Raises NotFound."""
    found = _first(CourseVersion.id == version_id)
    if found is None:
        raise NotFound
    return found


def versions(course_id: int) -> list[VersionRow]:
    """Every version of a course, the newest first."""
    chosen = sa.select(CourseVersion).where(CourseVersion.course_id == course_id)
    return _versions(chosen.order_by(CourseVersion.number.desc()))


def unit(course_id: int, unit_id: int) -> UnitRow:
    """A unit of any version of a course. Raises NotFound."""
    chosen = sa.select(CourseUnit).join(CourseVersion, CourseVersion.id == CourseUnit.version_id)
    found = db.session.scalar(chosen.where(CourseUnit.id == unit_id, CourseVersion.course_id == course_id))
    if found is None:
        raise NotFound
    return _unit(found)


def part(kept: Kept, start: int, end: int) -> bytes:
    """Bytes `start` to before `end` of a unit's file. Raises NotFound where the storage has lost it."""
    try:
        return storage.part(kept.key, start, end)
    except FileNotFoundError:
        raise NotFound from None


def captions(unit: UnitRow) -> bytes:
    """A video's captions (WebVTT). Raises NotFound."""
    if unit.captions_key is None:
        raise NotFound
    try:
        return storage.load(unit.captions_key)
    except FileNotFoundError:
        raise NotFound from None


def steps(course_id: int) -> tuple[int, ...]:
    """The reminders of the plan, in working days from the due date."""
    chosen = sa.select(CourseReminderStep.days).where(CourseReminderStep.course_id == course_id)
    return tuple(db.session.scalars(chosen.order_by(CourseReminderStep.days)))


def reminded(course_id: int, step: int) -> set[int]:
    """Who was told at this step."""
    chosen = sa.select(CourseReminderSent.staff_member_id).filter_by(course_id=course_id, days=step)
    return set(db.session.scalars(chosen))


def reminder_log(course_id: int) -> list[tuple[int, int, Any]]:
    """What was sent by step of the plan: (step, how many people, when last)."""
    days = CourseReminderSent.days
    chosen = sa.select(days, sa.func.count(), sa.func.max(CourseReminderSent.sent_at))
    chosen = chosen.where(CourseReminderSent.course_id == course_id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(chosen.group_by(days).order_by(days))]


def _rows(*wanted: sa.ColumnElement[bool]) -> list[CourseRow]:
    chosen = sa.select(*_ROW).where(*wanted).order_by(Course.fiscal_year, Course.due_on, Course.id)
    return [CourseRow(*row) for row in db.session.execute(chosen)]


def _first(*wanted: sa.ColumnElement[bool]) -> VersionRow | None:
    chosen = sa.select(CourseVersion).where(*wanted).order_by(CourseVersion.number.desc()).limit(1)
    return next(iter(_versions(chosen)), None)


def _versions(chosen: sa.Select[CourseVersion]) -> list[VersionRow]:
    found = db.session.scalars(chosen).all()
    units: dict[int, list[UnitRow]] = defaultdict(list)
    within = sa.select(CourseUnit).where(CourseUnit.version_id.in_([row.id for row in found]))
    for row in db.session.scalars(within.order_by(CourseUnit.position, CourseUnit.id)):
        units[row.version_id].append(_unit(row))
    return [_version(row, units[row.id]) for row in found]


def _version(row: CourseVersion, units: Sequence[UnitRow]) -> VersionRow:
    check = Check(
        definition=codec.from_json(row.definition) if row.definition else None,
        solutions={key: Solution(tuple(one["right"]), one["why"]) for key, one in row.solutions.items()},
        pass_percent=row.pass_percent,
        most_tries=row.most_tries,
    )
    return VersionRow(row.id, row.course_id, row.number, row.published_at, check, tuple(units))


def _unit(row: CourseUnit) -> UnitRow:
    kept = Kept(row.file_key, row.file_name, row.media_type, row.file_size) if row.file_key else None
    return UnitRow(
        row.id, row.unit_key, row.kind, row.title, row.body, row.url, kept, row.captions_key, row.digest
    )  # fmt: skip
