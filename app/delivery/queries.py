"""Reading the outbox: the organizer's list, one message with its attempts, and how delivery goes as a whole."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from app.delivery import rendering
from app.delivery.models import DeliveryAttempt, DeliveryReport, MailRelay, OutboundMessage
from app.delivery.types import WAITING, AttemptRow, Health, MessageFilters, MessageRow, ReportRow, State
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import Page

PER_PAGE = 50
# A subquery of threads: who asks knows which ones may be seen.
Threads = sa.Select[str]

_COLUMNS = [
    getattr(OutboundMessage, name)
    for name in (
        "id", "kind", "thread", "to_name", "to_email", "state", "attempts", "created_at", "due_at", "sent_at",
        "last_error",
    )
]  # fmt: skip


def listing(
    filters: MessageFilters, *, within: Threads | None = None, number: int = 1, url: Callable[[int], str] = str
) -> Page[MessageRow]:
    """Page `number` of the messages that match, newest first; only those whose thread is `within` the given ones."""
    wanted = _matching(filters, within)
    total = db.session.scalar(sa.select(sa.func.count(OutboundMessage.id)).where(*wanted)) or 0
    rows = db.session.execute(
        sa.select(*_COLUMNS)
        .where(*wanted)
        .order_by(OutboundMessage.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return Page([_row(row) for row in rows], number, PER_PAGE, total, url)


def of_threads(threads: list[str]) -> list[MessageRow]:
    """All messages of the given threads, newest first: those of the registrations on one page."""
    rows = db.session.execute(
        sa.select(*_COLUMNS).where(OutboundMessage.thread.in_(threads)).order_by(OutboundMessage.id.desc())
    )
    return [_row(row) for row in rows]


def one(message_id: int) -> tuple[MessageRow, list[AttemptRow]]:
    """One message and its attempts, oldest first. Raises NotFound."""
    row = db.session.execute(sa.select(*_COLUMNS).where(OutboundMessage.id == message_id)).one_or_none()
    if row is None:
        raise NotFound
    attempt = DeliveryAttempt
    attempts = db.session.execute(
        sa.select(attempt.number, attempt.at, attempt.outcome, attempt.code, attempt.detail, attempt.by_label)
        .where(attempt.outbound_message_id == message_id)
        .order_by(attempt.number)
    )
    return _row(row), [AttemptRow(*a) for a in attempts]


def reports(message_id: int) -> list[ReportRow]:
    """What mail servers wrote back about one message, oldest first."""
    report = DeliveryReport
    found = sa.select(report.at, report.kind, report.status, report.detail).filter_by(outbound_message_id=message_id)
    return [ReportRow(*row) for row in db.session.execute(found.order_by(report.id))]


def counts(thread: str = "", *, within: Threads | None = None) -> dict[State, int]:
    """How many messages stand in each state, of threads that begin with `thread` and are `within` the given ones.

    Every state has a number.
    """
    found = db.session.execute(
        sa.select(OutboundMessage.state, sa.func.count())
        .where(*_matching(MessageFilters(thread), within))
        .group_by(OutboundMessage.state)
    )
    numbers = dict.fromkeys(State, 0)
    for state, number in found:
        numbers[state] = number
    return numbers


def health() -> Health:
    """How delivery goes: what waits and since when, what failed, and whether the mail server can be used."""
    numbers = counts()
    oldest, last = (
        sa.select(sa.func.min(OutboundMessage.due_at)).where(OutboundMessage.state.in_(WAITING)),
        sa.select(sa.func.max(OutboundMessage.sent_at)).where(OutboundMessage.state == State.SENT),
    )
    relay = db.session.execute(sa.select(MailRelay.down_since, MailRelay.error)).one_or_none()
    return Health(
        waiting=sum(numbers[state] for state in WAITING),
        oldest_waiting_at=db.session.scalar(oldest),
        failed=numbers[State.FAILED],
        to_call=numbers[State.CALL],
        last_sent_at=db.session.scalar(last),
        relay_down_since=relay.down_since if relay else None,
        relay_error=relay.error if relay else "",
    )


def _matching(filters: MessageFilters, within: Threads | None) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if within is not None:
        wanted.append(OutboundMessage.thread.in_(within))
    if filters.thread:
        wanted.append(OutboundMessage.thread.startswith(filters.thread, autoescape=True))
    if filters.state is not None:
        wanted.append(OutboundMessage.state == filters.state)
    return wanted


def _row(row: sa.Row[tuple[object, ...]]) -> MessageRow:
    return MessageRow(title=rendering.title(row.kind), **row._mapping)
