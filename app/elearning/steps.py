"""Steps that verbs of this room share. They never commit."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.elearning.errors import Frozen
from app.elearning.models import Course, CourseUnit, CourseVersion
from app.infra.db import after_commit, db
from app.infra.storage import storage
from app.kernel.errors import NotFound

# What a copy of a unit takes along.
COPIED = (
    "unit_key", "position", "kind", "title", "body", "url", "file_key", "file_name", "media_type", "file_size",
    "captions_key", "digest",
)  # fmt: skip


def locked(course_id: int) -> Course:
    """The course, held: one at a time changes its contents. Raises NotFound."""
    row = db.session.scalar(sa.select(Course).filter_by(id=course_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def locked_draft(course_id: int) -> CourseVersion:
    """The version that is being written, its course held. Raises NotFound, Frozen."""
    locked(course_id)
    row = db.session.scalar(sa.select(CourseVersion).filter_by(course_id=course_id, published_at=None))
    if row is None:
        raise Frozen("公開した版は変えられません。先に「新しい版を作る」を押してください。")
    return row


def units_of(version_id: int) -> list[CourseUnit]:
    """The units of a version, in their order."""
    chosen = sa.select(CourseUnit).filter_by(version_id=version_id)
    return list(db.session.scalars(chosen.order_by(CourseUnit.position, CourseUnit.id)))


def copy_units(old: CourseVersion, new: CourseVersion) -> None:
    """Put the units of one version into another; their files are shared."""
    for unit in units_of(old.id):
        db.session.add(CourseUnit(version_id=new.id, **{name: getattr(unit, name) for name in COPIED}))


def forget_files(keys: Iterable[str | None]) -> None:
    """Delete files, after the commit, that no unit of any version shows any more."""
    wanted = {key for key in keys if key is not None}
    db.session.flush()  # what was taken away does not count as showing it
    for column in (CourseUnit.file_key, CourseUnit.captions_key):
        wanted -= {key for key in db.session.scalars(sa.select(column).where(column.in_(wanted))) if key}
    for key in sorted(wanted):
        after_commit(lambda key=key: storage.delete(key))  # type: ignore[misc]  # mypy knows no default of a lambda
