"""Photos of a report: checked, freed of what cameras write into them, and kept under a random name."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.documents import pictures
from app.documents.errors import WrongFile
from app.documents.pdf import can_be_shown
from app.infra import audit
from app.infra.db import after_commit, db, transaction
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.reports import steps
from app.reports.chapters import WRITTEN
from app.reports.errors import TooManyPhotos
from app.reports.models import ReportPhoto
from app.reports.rules import MOST_PHOTOS
from app.reports.types import PhotoDraft

FOLDER = "reports"


def add(report_id: int, chapter: str, draft: PhotoDraft, *, by: Actor, now: datetime) -> int:
    """Keep a photo in a chapter; returns its id. Raises NotFound, Frozen, WrongFile, TooManyPhotos.

    Place, time and camera that the file names are taken out. It is stored before the transaction begins, so that a
    slow store holds no lock, and taken away again when the transaction fails.
    """
    if chapter not in {one.key for one in WRITTEN}:
        raise NotFound
    clean, media_type = pictures.cleaned(draft.content)
    if not can_be_shown(clean, media_type.rpartition("/")[2]):
        raise WrongFile("写真のファイルが壊れています。別のファイルを選んでください。")
    key = storage.save(clean, FOLDER)
    row = ReportPhoto(
        report_id=report_id,
        chapter=chapter,
        alt=draft.alt,
        caption=draft.caption,
        media_type=media_type,
        file_key=key,
    )
    try:
        return _add(row, by=by, now=now)
    except BaseException:
        storage.delete(key)
        raise


@transaction
def remove(report_id: int, photo_id: int, *, by: Actor, now: datetime) -> None:
    """Take a photo away. Raises NotFound, Frozen."""
    report = steps.open_for_work(report_id)
    row = db.session.scalar(sa.select(ReportPhoto).filter_by(id=photo_id, report_id=report_id))
    if row is None:
        raise NotFound
    key = row.file_key
    db.session.delete(row)
    after_commit(lambda: storage.delete(key))
    steps.edited(report, by=by, now=now)
    audit.record("report.photo_removed", "report", report_id, by=by, at=now)


@transaction
def _add(row: ReportPhoto, *, by: Actor, now: datetime) -> int:
    report = steps.open_for_work(row.report_id)
    kept = db.session.scalar(sa.select(sa.func.count(ReportPhoto.id)).filter_by(report_id=row.report_id)) or 0
    if kept >= MOST_PHOTOS:
        raise TooManyPhotos(f"写真は{MOST_PHOTOS}枚までです。ほかの写真を外してから追加してください。")
    db.session.add(row)
    db.session.flush()  # the caller wants the id
    steps.edited(report, by=by, now=now)
    audit.record("report.photo_added", "report", row.report_id, by=by, at=now)
    return row.id
