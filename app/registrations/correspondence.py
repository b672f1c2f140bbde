"""Messages to those who registered, limited to the events that somebody reaches.

The outbox knows only threads; this room knows which registration a thread belongs to.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from app.accounts.types import Scope
from app.delivery import queries as outbox
from app.delivery.types import AttemptRow, MessageFilters, MessageRow, State
from app.events.models import Event
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import Page
from app.registrations.models import Registration

THREAD = "registration:"
_THREAD = sa.literal(THREAD) + sa.cast(Registration.id, sa.String)


def listing(
    scope: Scope,
    *,
    event_id: int | None = None,
    state: State | None = None,
    number: int = 1,
    url: Callable[[int], str] = str,
) -> Page[MessageRow]:
    """One page of the messages of one event, or of all in `scope`, newest first."""
    return outbox.listing(MessageFilters(state=state), within=reached(scope, event_id), number=number, url=url)


def counts(scope: Scope, *, event_id: int | None = None) -> dict[State, int]:
    """How many messages stand in each state."""
    return outbox.counts(within=reached(scope, event_id))


def of_registration(registration_id: int) -> list[MessageRow]:
    """All messages about one registration, newest first."""
    return outbox.of_threads([f"{THREAD}{registration_id}"])


def one(message_id: int) -> tuple[MessageRow, list[AttemptRow], int]:
    """One message, its attempts, and the registration it is about. Raises NotFound."""
    message, attempts = outbox.one(message_id)
    return message, attempts, registration_of(message.thread)


def phone_of(registration_ids: list[int]) -> dict[int, str]:
    """The numbers to call (E.164), of those who gave one."""
    rows = db.session.execute(
        sa.select(Registration.id, Registration.phone).where(
            Registration.id.in_(registration_ids), Registration.phone.is_not(None)
        )
    )
    return {row.id: str(row.phone) for row in rows}


def registration_of(thread: str) -> int:
    """The registration that a thread is about. Raises NotFound for other threads."""
    number = thread.removeprefix(THREAD)
    if not thread.startswith(THREAD) or not number.isdigit():
        raise NotFound
    return int(number)


def threads_of(event_id: int) -> sa.Select[str]:
    """The threads about the registrations of one event."""
    return sa.select(_THREAD).where(Registration.event_id == event_id)


def reached(scope: Scope, event_id: int | None = None) -> sa.Select[str]:
    """The threads that somebody reaches, of one event or of all."""
    found = sa.select(_THREAD).join(Event, Event.id == Registration.event_id)
    if scope.event_ids is not None:
        found = found.where(Event.id.in_(scope.event_ids))
    else:
        found = found.where(Event.section == scope.section) if scope.section else found.where(sa.false())
    return found if event_id is None else found.where(Event.id == event_id)
