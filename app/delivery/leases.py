"""Who sends which row: claim, keep, record, give back. Each step is its own short transaction."""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.delivery.models import DeliveryAttempt, OutboundMessage
from app.delivery.rules import retry_after, retry_after_loss
from app.delivery.types import Outcome, State
from app.infra import tokens
from app.infra.db import db, rows_changed, run, transaction
from app.kernel.types import JSON

log = logging.getLogger("tsudoi.delivery")

_ATTEMPT = sa.insert(DeliveryAttempt)
LOST = "送信処理が途中で止まったため、送り直します。"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours until the lease ends. `earlier`: Message-IDs it answers, oldest first."""

    id: int
    kind: str
    to_name: str
    to_email: str
    payload: Mapping[str, JSON]
    message_id: str
    attempts: int
    forgiven: int
    written_at: datetime
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt ended, as it is recorded."""

    outcome: Outcome
    detail: str = ""
    code: int | None = None


def anything_due(now: datetime) -> bool:
    """True when there is something to claim or a lease has ended; cheap enough to be asked every second."""
    found = bool(db.session.scalar(sa.select(sa.exists().where(sa.or_(_claimable(now), _expired(now))))))
    db.session.rollback()
    return found


@transaction
def claim(owner: str, *, until: datetime, limit: int, now: datetime) -> list[Claimed]:
    """Lease up to `limit` due rows to `owner`: of each thread only the oldest that is still on its way.

    A message that finally failed no longer holds up those after it, nor does one that is not due yet.
    """
    rows = db.session.execute(
        sa.select(*_COLUMNS)
        .where(_claimable(now))
        .order_by(OutboundMessage.due_at, OutboundMessage.id)
        .limit(limit)
        .with_for_update(of=OutboundMessage, skip_locked=True)
    ).all()
    if not rows:
        return []
    db.session.execute(
        sa.update(OutboundMessage)
        .where(OutboundMessage.id.in_([row.id for row in rows]))
        .values(state=State.SENDING, lease_owner=owner, lease_until=until)
        .execution_options(synchronize_session=False)
    )
    chains = _chains({row.thread for row in rows}, {row.resend_of for row in rows if row.resend_of})
    return [_claimed(row, chains) for row in rows]


@transaction
def keep(owner: str, ids: Sequence[int], *, until: datetime) -> bool:
    """Lengthen the lease; False when it had ended and somebody else has a row."""
    return rows_changed(_ours(owner, ids).values(lease_until=until)) == len(ids)


@transaction
def give_back(owner: str, ids: Sequence[int]) -> None:
    """Let go of rows that were not tried."""
    words = OutboundMessage.state.type
    before = sa.case(
        (OutboundMessage.attempts == 0, sa.literal(State.PENDING, words)), else_=sa.literal(State.RETRY, words)
    )
    db.session.execute(_ours(owner, ids).values(state=before, lease_owner=None, lease_until=None))


@transaction
def record(owner: str, row: Claimed, result: Result, *, started_at: datetime, now: datetime) -> None:
    """Write down how an attempt ended; a lease that was lost meanwhile is only logged, its new holder decides."""
    number = row.attempts + 1
    wait = retry_after(number - row.forgiven, _chance()) if result.outcome is Outcome.DEFERRED else None
    values = _next(result.outcome, wait, now) | {"attempts": number, "last_error": result.detail[:200]}
    if run(_settle(frozenset(values)), {**values, "row": row.id, "owner": owner}).rowcount != 1:
        log.warning("lease lost before the result was recorded", extra={"row": row.id, "outcome": result.outcome.value})
        return
    _add_attempt(row.id, number, started_at, result)


@transaction
def withdraw(owner: str, row: Claimed, reason: str) -> None:
    """The message makes no sense any more: it is not sent, and that shows."""
    db.session.execute(
        _ours(owner, [row.id]).values(
            state=State.WITHDRAWN, last_error=reason[:200], lease_owner=None, lease_until=None
        )
    )


@transaction
def take_back_expired(*, now: datetime) -> int:
    """Rows whose worker died become due again; returns how many. Nobody knows whether they left: they are repeated."""
    expired = db.session.execute(
        sa.select(OutboundMessage.id, OutboundMessage.attempts, OutboundMessage.forgiven)
        .where(_expired(now))
        .with_for_update(skip_locked=True)
    ).all()
    for row_id, attempts, forgiven in expired:
        wait = retry_after_loss(attempts + 1 - forgiven, _chance())
        values = _next(Outcome.LOST, wait, now) | {"attempts": attempts + 1, "last_error": LOST}
        db.session.execute(sa.update(OutboundMessage).where(OutboundMessage.id == row_id).values(**values))
        _add_attempt(row_id, attempts + 1, now, Result(Outcome.LOST, LOST))
    return len(expired)


_COLUMNS = [
    getattr(OutboundMessage, name)
    for name in (
        "id", "kind", "thread", "to_name", "to_email", "payload", "message_id", "attempts", "forgiven",
        "created_at", "resend_of",
    )
]  # fmt: skip


def _claimable(now: datetime) -> sa.ColumnElement[bool]:
    """Due, and nothing older of its thread is on its way or due."""
    mine, older = OutboundMessage, aliased(OutboundMessage)
    held_up = sa.exists().where(
        older.thread == mine.thread,
        older.id < mine.id,
        sa.or_(
            older.state.in_([State.SENDING, State.RETRY]),
            sa.and_(older.state == State.PENDING, older.due_at <= now),
        ),
    )
    return sa.and_(mine.state.in_([State.PENDING, State.RETRY]), mine.due_at <= now, ~held_up)


def _expired(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(OutboundMessage.state == State.SENDING, OutboundMessage.lease_until <= now)


def _ours(owner: str, ids: Iterable[int]) -> sa.Update:
    return (
        sa.update(OutboundMessage)
        .where(
            OutboundMessage.id.in_(list(ids)),
            OutboundMessage.lease_owner == owner,
            OutboundMessage.state == State.SENDING,
        )
        .execution_options(synchronize_session=False)
    )


@cache
def _settle(columns: frozenset[str]) -> sa.Update:
    """Put together once for each way to end: that costs more than running it."""
    one = OutboundMessage.id == sa.bindparam("row"), OutboundMessage.lease_owner == sa.bindparam("owner")
    changed = sa.update(OutboundMessage).where(*one, OutboundMessage.state == State.SENDING)
    return changed.values({name: sa.bindparam(name) for name in columns})


def _next(outcome: Outcome, wait: timedelta | None, now: datetime) -> dict[str, object]:
    """Columns after an attempt."""
    values: dict[str, object] = {"lease_owner": None, "lease_until": None}
    if outcome is Outcome.SENT:
        return values | {"state": State.SENT, "sent_at": now}
    if wait is None:
        return values | {"state": State.FAILED}
    return values | {"state": State.RETRY, "due_at": now + wait}


def _add_attempt(row_id: int, number: int, at: datetime, result: Result) -> None:
    attempt = {"outbound_message_id": row_id, "number": number, "at": at, "outcome": result.outcome}
    run(_ATTEMPT, {**attempt, "code": result.code, "detail": result.detail[:200]})


def _chains(threads: set[str], originals: set[int]) -> dict[str | int, list[tuple[int, str]]]:
    """Messages already sent, by thread, and the originals of those that are sent again, by id."""
    found = db.session.execute(
        sa.select(OutboundMessage.id, OutboundMessage.thread, OutboundMessage.message_id, OutboundMessage.state)
        .where(
            sa.or_(
                sa.and_(OutboundMessage.thread.in_(threads), OutboundMessage.state == State.SENT),
                OutboundMessage.id.in_(originals),
            )
        )
        .order_by(OutboundMessage.id)
    )
    chains: dict[str | int, list[tuple[int, str]]] = defaultdict(list)
    for row in found:
        chains[row.id].append((row.id, row.message_id))
        if row.state is State.SENT:
            chains[row.thread].append((row.id, row.message_id))
    return chains


def _claimed(row: sa.Row[tuple[object, ...]], chains: Mapping[str | int, list[tuple[int, str]]]) -> Claimed:
    earlier = [message_id for row_id, message_id in chains.get(row.thread, []) if row_id < row.id]
    for _id, original in chains.get(row.resend_of, []) if row.resend_of else []:
        earlier = [one for one in earlier if one != original] + [original]
    return Claimed(
        id=row.id,
        kind=row.kind,
        to_name=row.to_name,
        to_email=row.to_email,
        payload=row.payload,
        message_id=row.message_id,
        attempts=row.attempts,
        forgiven=row.forgiven,
        written_at=row.created_at,
        earlier=tuple(earlier),
    )


def new_owner() -> str:
    """A name that no other claim has."""
    return tokens.random_id()


def _chance() -> float:
    return random.random()  # noqa: S311 jitter, not a secret
