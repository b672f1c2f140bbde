"""Files that answer questions. They are kept as soon as they are sent, before anything was applied for: a browser sends
a file once, and the confirmation page comes between. What nobody applied with goes after a day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.documents import sniffing
from app.events.models import EventQuestion
from app.infra.db import after_commit, db, rows_changed, transaction
from app.infra.storage import storage
from app.infra.tokens import random_id
from app.kernel.errors import NotFound
from app.registrations.errors import FileGone
from app.registrations.models import AnswerFile

LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, without its content."""

    key: str
    name: str
    media_type: str
    size: int


def keep(question_id: int, file_name: str, content: bytes, *, now: datetime) -> FileRow:
    """Keep a file that answers a question; nobody has it yet. Raises WrongFile, NotFound.

    The file is stored before the transaction begins, so that a slow store holds no lock, and taken away again when the
    transaction fails.
    """
    kind = sniffing.kind_of(content)
    key = storage.save(content)
    file = AnswerFile(
        key=random_id(),
        question_id=question_id,
        file_name=sniffing.safe_name(file_name, kind),
        media_type=kind.media_type,
        size=len(content),
        file_key=key,
        uploaded_at=now,
    )
    try:
        return _keep(file)
    except BaseException:
        storage.delete(key)
        raise


def offered(question_ids: Collection[int], keys: Collection[str]) -> dict[str, FileRow]:
    """Those of the files `keys` that answer one of these questions, by key: a key is a secret of who sent the file."""
    if not keys:
        return {}
    chosen = sa.select(AnswerFile.key, AnswerFile.file_name, AnswerFile.media_type, AnswerFile.size)
    own = chosen.where(AnswerFile.key.in_(keys), AnswerFile.question_id.in_(question_ids))
    return {row.key: FileRow(*row) for row in db.session.execute(own)}


def claim(registration_id: int, keys: Collection[str]) -> None:
    """These are the registration's files now; any other it had is let go. Raises FileGone."""
    others = sa.update(AnswerFile).where(AnswerFile.registration_id == registration_id, AnswerFile.key.not_in(keys))
    db.session.execute(others.values(registration_id=None))
    if not keys:
        return
    free = sa.or_(AnswerFile.registration_id.is_(None), AnswerFile.registration_id == registration_id)
    taken = sa.update(AnswerFile).where(AnswerFile.key.in_(keys), free).values(registration_id=registration_id)
    if rows_changed(taken) != len(set(keys)):
        raise FileGone("添付したファイルの保存期間が過ぎました。お手数ですが、もう一度ファイルを選んでください。")


def of_registration(registration_id: int) -> list[FileRow]:
    """The files of a registration, in the order in which they came."""
    chosen = sa.select(AnswerFile.key, AnswerFile.file_name, AnswerFile.media_type, AnswerFile.size)
    own = chosen.filter_by(registration_id=registration_id).order_by(AnswerFile.id)
    return [FileRow(*row) for row in db.session.execute(own)]


def content(registration_id: int, key: str) -> tuple[FileRow, bytes]:
    """A file of a registration. Raises NotFound."""
    found = sa.select(AnswerFile).filter_by(registration_id=registration_id, key=key)
    file = db.session.scalar(found)
    if file is None:
        raise NotFound
    return FileRow(file.key, file.file_name, file.media_type, file.size), storage.load(file.file_key)


@transaction
def sweep(*, now: datetime) -> int:
    """Delete the files that belong to no registration after a day; returns how many."""
    gone = sa.select(AnswerFile).where(AnswerFile.registration_id.is_(None), AnswerFile.uploaded_at < now - LASTS)
    files = db.session.scalars(gone.order_by(AnswerFile.id).with_for_update(skip_locked=True)).all()
    keys = [file.file_key for file in files]
    for file in files:
        db.session.delete(file)
    after_commit(lambda: _forget(keys))
    return len(keys)


@transaction
def _keep(file: AnswerFile) -> FileRow:
    if db.session.get(EventQuestion, file.question_id) is None:
        raise NotFound
    db.session.add(file)
    return FileRow(file.key, file.file_name, file.media_type, file.size)


def _forget(keys: Collection[str]) -> None:
    for key in keys:
        storage.delete(key)
