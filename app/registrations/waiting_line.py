"""Reading the lines of those who wait: why there is no seat yet, offers that are open, and whom to telephone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.events.models import Event, Sitting
from app.infra.db import db
from app.registrations import calling, places, queries, why_waiting
from app.registrations.models import Registration, SeatOffer, WaitingCall
from app.registrations.rules import Waiting, seats_by_call
from app.registrations.types import CallOutcome, RegistrationRow, SeatOfferState, Status
from app.registrations.why_waiting import Line

_OPEN = SeatOffer.state == SeatOfferState.OPEN


@dataclass(frozen=True, slots=True)
class OfferRow:
    """Seats that are held for somebody until they answer."""

    seats: int
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call, and what came of it."""

    at: datetime
    by: str
    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class ToCall:
    """Somebody to telephone: how many seats they would get now (0: others come first), the offer that is open, calls.

    `why` is the reason where it is not their turn.
    """

    person: RegistrationRow
    seats: int
    offer: OfferRow | None
    why: str
    calls: tuple[CallRow, ...]


@dataclass(frozen=True, slots=True)
class PhoneList:
    """Whom to telephone about a sitting, and who was reached already. `free` None: no limit."""

    free: int | None
    by_phone: bool
    waiting: tuple[ToCall, ...]
    offered: tuple[ToCall, ...]
    settled: tuple[ToCall, ...]


def offer_of(registration_id: int) -> OfferRow | None:
    """What somebody is offered and has not answered."""
    found = db.session.execute(
        sa.select(SeatOffer.seats, SeatOffer.answer_by).where(SeatOffer.registration_id == registration_id, _OPEN)
    ).one_or_none()
    return OfferRow(*found) if found else None


def reasons(sitting_ids: Sequence[int], *, now: datetime) -> dict[int, str]:
    """Why nobody of those who wait for these sittings has a seat yet, by registration; three statements."""
    found: dict[int, str] = {}
    for line in _lines(sitting_ids, now).values():
        found |= why_waiting.reasons(line)
    return found


def phone_list(sitting_id: int, *, now: datetime) -> PhoneList:
    """Whom to telephone about a sitting: those who wait, in order, and those who were offered a seat."""
    line = _lines([sitting_id], now)[sitting_id]
    told, calls = why_waiting.reasons(line), _calls(sitting_id)
    offers = _offers(sitting_id)
    aside = calling.not_reached(sitting_id)
    waiting, settled = {one.id for one in line.queue}, set(calls)
    concerned = sa.select(Registration.id).where(Registration.id.in_(waiting | settled | set(offers)))
    people = {row.id: row for row in queries.among(concerned)}
    rows = {
        number: ToCall(
            row,
            seats_by_call(line.queue, line.free, line.large, number, aside) if line.by_phone else 0,
            offers.get(number),
            told.get(number, ""),
            tuple(calls.get(number, ())),
        )
        for number, row in people.items()
    }
    return PhoneList(
        line.free.total,
        line.by_phone,
        tuple(rows[one.id] for one in line.queue),
        tuple(rows[number] for number in offers),
        tuple(rows[number] for number in calls if number not in waiting and number not in offers),
    )


def _lines(sitting_ids: Sequence[int], now: datetime) -> dict[int, Line]:
    sittings = db.session.execute(
        sa.select(Sitting, Event).join(Event, Event.id == Sitting.event_id).where(Sitting.id.in_(sitting_ids))
    ).all()
    queues: dict[int, list[Waiting]] = defaultdict(list)
    waiting = sa.select(
        Registration.sitting_id, Registration.id, 1 + Registration.companions, Registration.category
    ).where(Registration.sitting_id.in_(sitting_ids), Registration.status == Status.WAITLISTED)
    for sitting_id, number, seats, category in db.session.execute(waiting.order_by(Registration.queue_no)):
        queues[sitting_id].append(Waiting(number, seats, category))
    until = (
        sa.select(Registration.sitting_id, sa.func.min(SeatOffer.answer_by))
        .join(SeatOffer, SeatOffer.registration_id == Registration.id)
        .where(Registration.sitting_id.in_(sitting_ids), _OPEN)
        .group_by(Registration.sitting_id)
    )
    open_until: dict[int, datetime] = {row[0]: row[1] for row in db.session.execute(until)}
    return {
        sitting.id: Line(
            queues[sitting.id],
            places.free_seats(sitting),
            event.large_parties,
            sitting.starts_at <= now,
            calling.by_phone(event.waiting_mode, sitting.starts_at, now),
            open_until.get(sitting.id),
        )
        for sitting, event in sittings
    }


def _offers(sitting_id: int) -> dict[int, OfferRow]:
    found = (
        sa.select(Registration.id, SeatOffer.seats, SeatOffer.answer_by)
        .join(SeatOffer, SeatOffer.registration_id == Registration.id)
        .where(Registration.sitting_id == sitting_id, _OPEN)
        .order_by(SeatOffer.answer_by, SeatOffer.id)
    )
    return {row[0]: OfferRow(row[1], row[2]) for row in db.session.execute(found)}


def _calls(sitting_id: int) -> dict[int, list[CallRow]]:
    found = (
        sa.select(Registration.id, WaitingCall.called_at, WaitingCall.called_by, WaitingCall.outcome)
        .join(WaitingCall, WaitingCall.registration_id == Registration.id)
        .where(Registration.sitting_id == sitting_id)
        .order_by(WaitingCall.called_at, WaitingCall.id)
    )
    calls: dict[int, list[CallRow]] = defaultdict(list)
    for row in db.session.execute(found):
        calls[row[0]].append(CallRow(*row[1:]))
    return calls
