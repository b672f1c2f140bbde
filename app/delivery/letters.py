"""Letters and calls to people without e-mail: what waits, what is printed together. Nothing here commits.

Which letters still make sense only the room knows that wrote them: it decides, these steps write it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.delivery import rendering
from app.delivery.models import DeliveryAttempt, LetterBatch, OutboundMessage
from app.delivery.queries import Threads
from app.delivery.types import AttemptRow, BatchRow, PaperRow, State
from app.infra.db import db, rows_changed
from app.kernel.errors import NotFound

OVERTAKEN = "送る必要がなくなりました。"

_PAPER = [
    getattr(OutboundMessage, name) for name in ("id", "kind", "thread", "to_name", "payload", "created_at")
]  # fmt: skip


def waiting(within: Threads) -> list[PaperRow]:
    """Letters that no batch holds yet, oldest first."""
    return _papers(OutboundMessage.state == State.LETTER, OutboundMessage.letter_batch_id.is_(None), _within(within))


def in_batch(batch_id: int) -> list[PaperRow]:
    """The letters of a batch, oldest first."""
    return _papers(OutboundMessage.letter_batch_id == batch_id)


def to_call(within: Threads) -> list[PaperRow]:
    """What somebody has to be called about, oldest first."""
    return _papers(OutboundMessage.state == State.CALL, _within(within))


def calls_of(message_ids: Sequence[int]) -> dict[int, list[AttemptRow]]:
    """The calls that were tried about each message, oldest first."""
    attempt = DeliveryAttempt
    columns = (attempt.number, attempt.at, attempt.outcome, attempt.code, attempt.detail, attempt.by_label)
    found: dict[int, list[AttemptRow]] = {}
    calls = db.session.execute(
        sa.select(*columns, attempt.outbound_message_id)
        .where(attempt.outbound_message_id.in_(message_ids))
        .order_by(attempt.id)
    )
    for number, at, outcome, code, detail, by, message_id in calls:
        found.setdefault(message_id, []).append(AttemptRow(number, at, outcome, code, detail, by))
    return found


def batches(topics: Sequence[str]) -> list[BatchRow]:
    """The batches about the given topics, newest first."""
    return [_batch(row) for row in db.session.execute(_batches().where(LetterBatch.topic.in_(topics)))]


def unposted() -> dict[str, int]:
    """How many batches about each topic are not posted yet."""
    number = sa.func.count().label("number")
    counted = sa.select(LetterBatch.topic, number).where(LetterBatch.posted_at.is_(None)).group_by(LetterBatch.topic)
    return {row.topic: row.number for row in db.session.execute(counted)}


def batch(batch_id: int) -> BatchRow:
    """One batch. Raises NotFound."""
    row = db.session.execute(_batches().where(LetterBatch.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound
    return _batch(row)


def make_batch(topic: str, message_ids: Sequence[int], *, by_label: str, now: datetime) -> tuple[int, int]:
    """Put the letters that still wait into a new batch; its id, and how many it holds."""
    made = LetterBatch(topic=topic, made_at=now, made_by=by_label)
    db.session.add(made)
    db.session.flush()  # the letters name its number
    kept = _move(message_ids, OutboundMessage.letter_batch_id.is_(None), letter_batch_id=made.id)
    return made.id, kept


def mark_posted(batch_id: int, *, by_label: str, now: datetime) -> None:
    """The letters of a batch, as far as they are still in it, went to the post."""
    _settle(batch_id, posted_at=now, posted_by=by_label)
    _move(None, OutboundMessage.letter_batch_id == batch_id, state=State.POSTED)


def take_back(batch_id: int) -> None:
    """They did not after all."""
    _settle(batch_id, posted_at=None, posted_by="")
    posted = OutboundMessage.state == State.POSTED
    db.session.execute(
        sa.update(OutboundMessage)
        .where(OutboundMessage.letter_batch_id == batch_id, posted)
        .values(state=State.LETTER)
        .execution_options(synchronize_session=False)
    )


def break_up(batch_id: int) -> None:
    """Let the letters of a batch that was not posted wait again without one, and forget the batch."""
    _move(None, OutboundMessage.letter_batch_id == batch_id, letter_batch_id=None)
    db.session.execute(sa.delete(LetterBatch).where(LetterBatch.id == batch_id))


def withdraw(message_ids: Sequence[int]) -> None:
    """Letters and calls that were overtaken: nobody is told, and that shows."""
    db.session.execute(
        sa.update(OutboundMessage)
        .where(OutboundMessage.id.in_(message_ids), OutboundMessage.state.in_((State.LETTER, State.CALL)))
        .values(state=State.WITHDRAWN, letter_batch_id=None, last_error=OVERTAKEN)
        .execution_options(synchronize_session=False)
    )


def hand_to_callers(thread: str) -> None:
    """There is no postal address any more: the thread's letters that were not posted become calls."""
    _move(None, OutboundMessage.thread == thread, state=State.CALL, letter_batch_id=None)


def lock_batch(batch_id: int) -> bool:
    """Hold the batch until the transaction ends; True when it is posted already. Raises NotFound."""
    row = db.session.execute(
        sa.select(LetterBatch.id, LetterBatch.posted_at).where(LetterBatch.id == batch_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.posted_at is not None


def _move(message_ids: Sequence[int] | None, *where: sa.ColumnElement[bool], **values: object) -> int:
    letters = sa.update(OutboundMessage).where(OutboundMessage.state == State.LETTER, *where)
    if message_ids is not None:
        letters = letters.where(OutboundMessage.id.in_(message_ids))
    return rows_changed(letters.values(**values).execution_options(synchronize_session=False))


def _settle(batch_id: int, **values: object) -> None:
    db.session.execute(sa.update(LetterBatch).where(LetterBatch.id == batch_id).values(**values))


def _within(threads: Threads) -> sa.ColumnElement[bool]:
    return OutboundMessage.thread.in_(threads)


def _papers(*where: sa.ColumnElement[bool]) -> list[PaperRow]:
    rows = db.session.execute(sa.select(*_PAPER).where(*where).order_by(OutboundMessage.id))
    return [PaperRow(title=rendering.title(row.kind), **row._mapping) for row in rows]


def _batches() -> sa.Select[tuple[object, ...]]:
    number = sa.func.count(OutboundMessage.id).label("letters")
    columns = [getattr(LetterBatch, n) for n in ("id", "topic", "made_at", "made_by", "posted_at", "posted_by")]
    return (
        sa.select(*columns, number)
        .outerjoin(OutboundMessage, OutboundMessage.letter_batch_id == LetterBatch.id)
        .group_by(LetterBatch.id)
        .order_by(LetterBatch.id.desc())
    )


def _batch(row: sa.Row[tuple[object, ...]]) -> BatchRow:
    return BatchRow(**row._mapping)
