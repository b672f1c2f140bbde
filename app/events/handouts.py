"""Files that belong to an event."""

from __future__ import annotations

from datetime import datetime

from app.documents import sniffing
from app.events import steps
from app.events.drafts import Upload
from app.events.models import Event, Handout
from app.infra import audit
from app.infra.db import after_commit, db, transaction
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.types import Actor


def add_handout(event_id: int, upload: Upload, *, by: Actor, now: datetime) -> int:
    """Keep a file with the event; returns its id. Raises WrongFile, NotFound.

    The file is stored before the transaction begins, so that a slow store holds no lock, and taken away again when the
    transaction fails.
    """
    kind = sniffing.kind_of(upload.content)
    key = storage.save(upload.content)
    try:
        return _add(event_id, upload, kind, key, by=by, now=now)
    except BaseException:
        storage.delete(key)
        raise


@transaction
def remove_handout(handout_id: int, *, by: Actor, now: datetime) -> None:
    """Take a file away. Raises NotFound."""
    handout = db.session.get(Handout, handout_id)
    if handout is None:
        raise NotFound
    key, event_id = handout.file_key, handout.event_id
    db.session.delete(handout)
    steps.touch(event_id, now=now)
    audit.record("handout.removed", "event", event_id, by=by, at=now, fields=["handouts"])
    after_commit(lambda: storage.delete(key))


@transaction
def _add(event_id: int, upload: Upload, kind: sniffing.Kind, key: str, *, by: Actor, now: datetime) -> int:
    if db.session.get(Event, event_id) is None:
        raise NotFound
    handout = Handout(
        event_id=event_id,
        title=upload.title,
        file_name=sniffing.safe_name(upload.file_name, kind),
        media_type=kind.media_type,
        size=len(upload.content),
        file_key=key,
    )
    db.session.add(handout)
    db.session.flush()  # the caller wants the id
    steps.touch(event_id, now=now)
    audit.record("handout.added", "event", event_id, by=by, at=now, fields=["handouts"])
    return handout.id
