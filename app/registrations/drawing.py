"""The draw (抽選): its list is closed at the closing time, then drawn once, and nothing of it can be changed.

Order and seats come from the rules of lots.py and of the waiting list; the seed was promised when the event was
published (events.draws), the list's hash is public before the seed is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.events import steps
from app.events.models import Draw, Event, Sitting
from app.events.types import Admission, EventStatus
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import SYSTEM, Actor
from app.registrations import lots, messages, places
from app.registrations.errors import DrawClosed, NotDrawable
from app.registrations.lots import Entry
from app.registrations.models import DrawEntry, DrawSeats, Guest, Registration
from app.registrations.promoting import promote
from app.registrations.rules import Waiting, whom_to_serve
from app.registrations.types import Lot, Status

T = TypeVar("T", Registration, DrawEntry)

# What decides how many tickets and seats an application has in the draw.
DRAWN_BY = ("companions", "first_time", "in_city")
LOST = "抽選の結果、席をご用意できませんでした。"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many applications won, wait, and were declined."""

    won: int
    waiting: int
    lost: int


def due(*, now: datetime) -> list[int]:
    """The events whose closing time is over and whose list is not closed yet."""
    chosen = (
        sa.select(Event.id)
        .join(Draw, Draw.event_id == Event.id)
        .where(Event.status == EventStatus.PUBLISHED, Event.closes_at <= now, Draw.frozen_at.is_(None))
    )
    return list(db.session.scalars(chosen.order_by(Event.id)))


@transaction
def freeze(event_id: int, *, now: datetime) -> bool:
    """Close the list of a draw whose closing time is over: its hash is public from now on. A second time does nothing.

    Returns whether it was closed now.
    """
    _sittings, event, draw = _locked(event_id)
    if draw.frozen_at is not None or event.closes_at is None or event.closes_at > now:
        return False
    entries = _entered(event)
    db.session.add_all(
        DrawEntry(
            registration_id=one.id,
            event_id=event_id,
            sitting_id=one.sitting_id,
            reference=one.reference,
            seats=one.seats,
            tickets=one.tickets,
        )
        for one in entries
    )
    draw.list_hash, draw.frozen_at = lots.list_hash(entries), now
    audit.record("draw.frozen", "event", event_id, by=SYSTEM, at=now, reason=f"{len(entries)}件 {draw.list_hash}")
    steps.touch(event_id, now=now)
    return True


@transaction
def draw(event_id: int, *, by: Actor, now: datetime) -> Outcome:
    """Draw once and for all: seats for the first who fit, for the others a place in line or a decline; all are told.

    Raises NotFound, NotDrawable before the list is closed, a second time, once a sitting began, and where the list is
    not the one whose hash was published.
    """
    sittings, event, promise = _locked(event_id)
    _check_drawable(event, sittings, promise, now)
    entries = frozen(event_id)
    if lots.list_hash(entries) != promise.list_hash:
        raise NotDrawable(
            "締切のときに公表した一覧と、いまの一覧が違います。抽選できません。管理者へ連絡してください。"
        )
    told = Outcome(0, 0, 0)
    for sitting in sittings:
        its = [one for one in entries if one.sitting_id == sitting.id]
        one = _draw_sitting(event, sitting, lots.in_order(promise.seed, promise.list_hash, its), now)
        told = Outcome(told.won + one.won, told.waiting + one.waiting, told.lost + one.lost)
    promise.drawn_at, promise.drawn_by = now, by.label
    audit.record("draw.drawn", "event", event_id, by=by, at=now, reason=f"当選{told.won}件／{len(entries)}件")
    steps.touch(event_id, now=now)
    return told


def check_still_open(registration: Registration, now: datetime) -> None:
    """Raises DrawClosed where the list of a draw has, or is about to have, what would be changed."""
    event = db.session.get_one(Event, registration.event_id)
    waits = registration.status is Status.PENDING and event.admission is Admission.LOTTERY
    if waits and event.closes_at is not None and event.closes_at <= now and not _is_guest(registration.id):
        raise DrawClosed("抽選の締切を過ぎたため、人数と、くじの本数に関わる項目は変更できません。")


def frozen(event_id: int) -> list[Entry]:
    """The entries as they were when the list was closed, by reference number."""
    columns = (getattr(DrawEntry, name) for name in ("registration_id", "reference", "sitting_id", "seats", "tickets"))
    rows = db.session.execute(sa.select(*columns).where(DrawEntry.event_id == event_id).order_by(DrawEntry.reference))
    return [Entry(*row) for row in rows]


def _locked(event_id: int) -> tuple[list[Sitting], Event, Draw]:
    drawn = sa.select(Sitting.id).where(Sitting.event_id == event_id, Sitting.lead_id.is_(None))
    ids = db.session.scalars(drawn.order_by(Sitting.id)).all()
    sittings = [places.lock(sitting_id)[0] for sitting_id in ids]
    draw = db.session.get(Draw, event_id, with_for_update=True, populate_existing=True)
    if draw is None:
        raise NotFound
    return sittings, db.session.get_one(Event, event_id, populate_existing=True), draw


def _entered(event: Event) -> list[Entry]:
    rows = db.session.scalars(
        sa.select(Registration)
        .outerjoin(Guest, Guest.registration_id == Registration.id)
        .where(
            Registration.event_id == event.id,
            Registration.status == Status.PENDING,
            Guest.registration_id.is_(None),
        )
        .order_by(Registration.reference)
    )
    return [Entry(row.id, row.reference, row.sitting_id, row.seats, _tickets(event, row)) for row in rows]


def _tickets(event: Event, row: Registration) -> int:
    return lots.tickets(
        event.tickets_first_time, event.tickets_in_city, is_first_time=row.first_time, is_in_city=row.in_city
    )


def _check_drawable(event: Event, sittings: Sequence[Sitting], promise: Draw, now: datetime) -> None:
    if event.status is not EventStatus.PUBLISHED:
        raise NotDrawable(f"「{event.status.word}」の研修会・講座では、抽選できません。")
    if promise.drawn_at is not None:
        raise NotDrawable("抽選は終わっています。やり直すことはできません。")
    if promise.frozen_at is None:
        raise NotDrawable("締切時の一覧が、まだ確定していません。締切から1分ほどで確定します。")
    if any(sitting.starts_at <= now for sitting in sittings):
        raise NotDrawable("始まった回があるため、抽選できません。")


def _draw_sitting(event: Event, sitting: Sitting, order: Sequence[Entry], now: datetime) -> Outcome:
    rows = {row.id: row for row in db.session.scalars(_of(Registration, Registration.id, order))}
    there = [
        Waiting(one.id, one.seats, rows[one.id].category) for one in order if rows[one.id].status is Status.PENDING
    ]
    free = places.free_seats(sitting)
    db.session.add(DrawSeats(sitting_id=sitting.id, seats=free.common))
    chosen, passed = whom_to_serve(there, free)
    won = {one.id for one in chosen}
    others = [one.id for one in there if one.id not in won]
    _record(order, {one.id for one in there}, won, Lot.WAITING if event.draw_waits else Lot.LOST)
    places.claim_for(sitting, chosen)
    for one in chosen:
        _seat(rows[one.id], now)
    places.record_passed(passed, now=now)
    if not event.draw_waits:
        for number in others:
            _decline(rows[number], now)
        return Outcome(len(chosen), 0, len(others))
    last = places.join_queue(sitting, len(others))
    for position, number in enumerate(others, 1):
        _wait(rows[number], last - len(others) + position, position, now)
    # A draw skips whoever is too many for what is left, as it promised; some events offer them the rest.
    promote(sitting, now)
    return Outcome(len(chosen), len(others), 0)


def _record(order: Sequence[Entry], there: set[int], won: set[int], otherwise: Lot) -> None:
    """Write down beside each entry where it came and what that brought it."""
    kept = {
        entry.registration_id: entry for entry in db.session.scalars(_of(DrawEntry, DrawEntry.registration_id, order))
    }
    for rank, one in enumerate(order, 1):
        without = otherwise if one.id in there else Lot.WITHDRAWN
        kept[one.id].rank, kept[one.id].lot = rank, Lot.WON if one.id in won else without


def _seat(row: Registration, now: datetime) -> None:
    row.status, row.confirmed_at = Status.CONFIRMED, now
    _changed(row, "won", now)
    messages.won(row, now=now)


def _wait(row: Registration, queue_no: int, position: int, now: datetime) -> None:
    row.status, row.queue_no = Status.WAITLISTED, queue_no
    _changed(row, "reserved", now)
    messages.reserved(row, position=position, now=now)


def _decline(row: Registration, now: datetime) -> None:
    row.status, row.cancel_reason = Status.DECLINED, LOST
    _changed(row, "lost", now)
    messages.lost(row, now=now)


def _changed(row: Registration, word: str, now: datetime) -> None:
    row.updated_at = now
    row.version += 1
    audit.record(f"registration.{word}", "registration", row.id, by=SYSTEM, at=now, fields=["status"])


def _of(table: type[T], key: InstrumentedAttribute[int], order: Sequence[Entry]) -> sa.Select[T]:
    return sa.select(table).where(key.in_([one.id for one in order]))


def _is_guest(registration_id: int) -> bool:
    return db.session.get(Guest, registration_id) is not None
