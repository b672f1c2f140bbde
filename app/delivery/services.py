"""What organizers do with messages. Each verb is one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from app.delivery import calling
from app.delivery.errors import CannotResend, NobodyToCall, NotALetter, NothingToRetry, NowhereToPost
from app.delivery.models import OutboundMessage
from app.delivery.outbox import SEND, enqueue
from app.delivery.types import WAITING, Message, Outcome, State
from app.infra import audit
from app.infra.db import db, transaction
from app.infra.jobs import wake_after_commit
from app.kernel.errors import NotFound
from app.kernel.types import Actor


@transaction
def resend(message_id: int, *, to_email: str | None = None, by: Actor, now: datetime) -> int:
    """Send the same message once more, to `to_email` where the address was put right; returns the new row's id.

    The copy has a Message-ID of its own and answers the first one. Raises NotFound, CannotResend.
    """
    first = _locked(message_id)
    if first.state in WAITING:
        raise CannotResend("このメッセージは送信待ちです。送信の結果が出てから、もう一度お試しください。")
    address = to_email or first.to_email
    if address is None:
        raise CannotResend("メールアドレスがないため、送れません。")
    copy = enqueue(
        Message(
            kind=first.kind,
            thread=first.thread,
            to_name=first.to_name,
            to_email=address,
            payload=first.payload,
        ),
        now=now,
        resend_of=first.id,
    )
    changed = ["to_email"] if address != first.to_email else []
    audit.record("message.resent", "message", first.id, by=by, at=now, fields=changed, reason=f"copy={copy}")
    return copy


@transaction
def retry(message_id: int, *, by: Actor, now: datetime) -> None:
    """Try a failed message again, with the same Message-ID. Raises NotFound, NothingToRetry."""
    row = _locked(message_id)
    if row.state is not State.FAILED:
        raise NothingToRetry("失敗したメッセージではないため、再送できません。")
    row.state, row.due_at, row.forgiven = State.RETRY, now, row.attempts
    audit.record("message.retried", "message", row.id, by=by, at=now)
    wake_after_commit(SEND)


@transaction
def retry_failed(*, by: Actor, now: datetime) -> int:
    """Try every failed message again; returns how many."""
    ids = db.session.scalars(sa.select(OutboundMessage.id).filter_by(state=State.FAILED).with_for_update()).all()
    if not ids:
        return 0
    db.session.execute(
        sa.update(OutboundMessage)
        .where(OutboundMessage.state == State.FAILED)
        .values(state=State.RETRY, due_at=now, forgiven=OutboundMessage.attempts)
    )
    for row_id in ids:
        audit.record("message.retried", "message", row_id, by=by, at=now)
    wake_after_commit(SEND)
    return len(ids)


@transaction
def record_call(message_ids: Iterable[int], outcome: Outcome, *, by: Actor, now: datetime) -> None:
    """How a call to somebody without an e-mail address ended; one call may be about several messages.

    Who was reached has been told, whoever else is called again. A message that somebody else settled meanwhile stays
    as it is. Raises NotFound, NobodyToCall.
    """
    for message_id in sorted(message_ids):
        row = _locked(message_id)
        if row.state is State.CALLED:
            continue
        if row.state is not State.CALL:
            raise NobodyToCall("電話連絡の対象ではありません。")
        calling.note(row, outcome, by=by, now=now)


@transaction
def call_instead(message_id: int, *, by: Actor, now: datetime) -> None:
    """A letter that was not posted yet becomes a call. Raises NotFound, NotALetter."""
    row = _locked(message_id)
    if row.state is not State.LETTER:
        raise NotALetter("郵送を待っている通知ではありません。")
    row.state, row.letter_batch_id = State.CALL, None
    audit.record("message.to_call", "message", row.id, by=by, at=now)


@transaction
def post_instead(message_id: int, *, to: str, by: Actor, now: datetime) -> None:
    """A call becomes a letter to the postal address `to`. Raises NotFound, NowhereToPost, NobodyToCall."""
    if not to:
        raise NowhereToPost("ご住所が登録されていないため、郵送できません。申込みの画面で入力してください。")
    row = _locked(message_id)
    if row.state is not State.CALL:
        raise NobodyToCall("電話連絡の対象ではありません。")
    row.state = State.LETTER
    audit.record("message.to_letter", "message", row.id, by=by, at=now)


def _locked(message_id: int) -> OutboundMessage:
    row = db.session.scalar(
        sa.select(OutboundMessage)
        .where(OutboundMessage.id == message_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row
