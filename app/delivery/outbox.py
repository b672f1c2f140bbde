"""Writing a message down. Nothing here sends: the row is part of the caller's transaction, or of none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.delivery.models import OutboundMessage
from app.delivery.types import Message, State
from app.infra import tokens
from app.infra.db import db, run
from app.infra.jobs import wake_after_commit
from app.infra.links import links

SEND = "send"  # the worker's job that sends what is due


def enqueue(message: Message, *, now: datetime, resend_of: int | None = None) -> int:
    """Add `message` to the caller's transaction and return its id; never commits.

    The worker is woken once the transaction is durable. When a message with the same `once` is there already, nothing
    is added and that message's id is returned. Without an e-mail address the message waits to be printed and posted, or
    for a telephone call.
    """
    row = _row(message, now, resend_of)
    added: int | None = run(_adding(db.engine.dialect.name), row).scalar_one_or_none()
    if added is None:
        return db.session.execute(sa.select(OutboundMessage.id).filter_by(once=message.once)).scalar_one()
    if message.to_email:
        wake_after_commit(SEND)
    return added


def enqueue_all(messages: Sequence[Message], *, now: datetime) -> None:
    """Add many messages, as enqueue() does, in one go: a message to a thousand people holds nobody else up for long."""
    if not messages:
        return
    rows = [_row(message, now, None) for message in messages]
    db.session.connection().execute(_adding_many(db.engine.dialect.name), rows)
    wake_after_commit(SEND)


def forget(threads: Collection[str]) -> None:
    """Step of the caller's transaction: delete every message of these threads, with names, addresses and attempts."""
    run(sa.delete(OutboundMessage).where(OutboundMessage.thread.in_(threads)))


def _row(message: Message, now: datetime, resend_of: int | None) -> dict[str, Any]:
    return {
        "message_id": f"<{tokens.random_id()}@{_domain(links.host)}>",
        "kind": message.kind,
        "thread": message.thread,
        "to_name": message.to_name,
        "to_email": message.to_email,
        "payload": dict(message.payload),
        "once": message.once,
        "resend_of": resend_of,
        "state": State.PENDING if message.to_email else State.LETTER if message.by_post else State.CALL,
        "attempts": 0,
        "forgiven": 0,
        "due_at": message.due_at or now,
        "last_error": "",
        "created_at": now,
    }


@cache
def _adding_many(dialect: str) -> sa.Executable:
    """As _adding(), without asking for the ids: a driver then takes all rows at once."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(OutboundMessage).on_conflict_do_nothing(index_elements=["once"])


@cache
def _adding(dialect: str) -> sa.Executable:
    """The insertion that leaves an earlier message of the same `once` alone; put together once."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(OutboundMessage).on_conflict_do_nothing(index_elements=["once"]).returning(OutboundMessage.id)


def _domain(host: str) -> str:
    """The right-hand side of a Message-ID; an IPv6 address becomes a domain literal (RFC 5322, 3.4.1)."""
    return f"[IPv6:{host}]" if ":" in host else host
