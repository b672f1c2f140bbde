"""Files that a section puts beside its answers, while it may write."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.documents import sniffing
from app.infra import audit
from app.infra.db import after_commit, db, transaction
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.worksheets import queries, rules, steps
from app.worksheets.models import WorksheetAttachment, WorksheetRevisionAttachment


def attach(worksheet_id: int, file_name: str, content: bytes, *, by: Actor, now: datetime) -> int:
    """Keep a file with the worksheet; returns its id. Raises NotFound, NotWritable, WrongFile, NoRoom.

    The file is stored before the transaction begins, so that a slow store holds no lock, and taken away again when the
    transaction fails.
    """
    kind = sniffing.kind_of(content)
    _check(worksheet_id, len(content))
    key = storage.save(content)
    file = WorksheetAttachment(
        worksheet_id=worksheet_id,
        file_name=sniffing.safe_name(file_name, kind),
        media_type=kind.media_type,
        size=len(content),
        file_key=key,
        added_at=now,
        added_by=by.label,
    )
    try:
        return _attach(file, by=by, now=now)
    except BaseException:
        storage.delete(key)
        raise


@transaction
def detach(worksheet_id: int, attachment_id: int, *, by: Actor, now: datetime) -> None:
    """Take a file away; what was handed in with it keeps it. Raises NotFound, NotWritable."""
    row = steps.locked(worksheet_id)
    rules.check_writable(queries.template(row.template_id), row.state)
    own = sa.select(WorksheetAttachment).filter_by(id=attachment_id, worksheet_id=worksheet_id, removed_at=None)
    file = db.session.scalar(own)
    if file is None:
        raise NotFound
    told = sa.select(WorksheetRevisionAttachment.revision_id).filter_by(attachment_id=attachment_id).limit(1)
    if db.session.scalar(told) is None:
        key = file.file_key
        db.session.delete(file)
        after_commit(lambda: storage.delete(key))
    else:
        file.removed_at = now
    audit.record("worksheet.detached", "worksheet", worksheet_id, by=by, at=now)


@transaction
def _attach(file: WorksheetAttachment, *, by: Actor, now: datetime) -> int:
    steps.locked(file.worksheet_id)
    _check(file.worksheet_id, file.size)
    db.session.add(file)
    db.session.flush()  # the caller wants the id
    audit.record("worksheet.attached", "worksheet", file.worksheet_id, by=by, at=now)
    return file.id


def _check(worksheet_id: int, size: int) -> None:
    """Raises NotFound, NotWritable, NoRoom."""
    view = queries.one(worksheet_id)
    rules.check_writable(view.template, view.state)
    kept = sa.select(sa.func.coalesce(sa.func.sum(WorksheetAttachment.size), 0)).filter_by(worksheet_id=worksheet_id)
    rules.check_room(view, size, kept=db.session.scalar(kept) or 0)
