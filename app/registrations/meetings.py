"""What organizers do to a whole sitting or event, with everybody who has a place there.

The verbs stand here and not in the events room, because those who registered must learn of it in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.events import courses, editing, steps
from app.events.drafts import Basics
from app.events.models import Event, Sitting
from app.events.types import EventStatus
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import Refusal
from app.kernel.types import Actor
from app.registrations import messages, offering, places, standing_in
from app.registrations.errors import AlreadyAttended
from app.registrations.models import Registration
from app.registrations.promoting import promote
from app.registrations.queries import ACTIVE
from app.registrations.types import Status

# What somebody who registered wants to know of, as messages call it.
TELLING = {
    "series_id": "事業の名称",
    "number": "第何回",
    "title": "名称",
    "summary": "内容",
    "audience_note": "対象",
    "organizer": "主催",
    "fee": "参加費",
    "bring": "持ち物",
    "contact_phone": "問合せ先",
    "contact_fax": "問合せ先",
    "contact_email": "問合せ先",
    "purpose": "個人情報の利用目的",
}


class CapacityBelowTaken(Refusal):
    """The new capacity is smaller than the number of seats already given."""

    code = "capacity_below_taken"
    field = "capacity"


class AlreadyCalledOff(Refusal):
    """The event was called off before."""

    code = "already_called_off"


@transaction
def change_capacity(sitting_id: int, capacity: int | None, *, by: Actor, now: datetime) -> int:
    """Set how many seats a sitting has and promote whom the new seats fit; returns how many were promoted.

    Nobody loses a place, and what is kept stays so: raises CapacityBelowTaken, naming the registrations concerned.
    """
    sitting, _event = places.lock(sitting_id)
    if capacity is not None and capacity < sitting.seats_taken:
        last = _last_confirmed(sitting_id, sitting.seats_taken - capacity)
        raise CapacityBelowTaken(
            f"確定した席とご案内中の席が{sitting.seats_taken}席あるため、{capacity}席には減らせません。"
            f"{sitting.seats_taken - capacity}席分の取消しが先に必要です（最後に確定した受付番号：{'、'.join(last)}）。"
        )
    if sitting.kept and (capacity is None or capacity < sitting.seats_taken + sitting.kept):
        raise CapacityBelowTaken(
            f"確定した席が{sitting.seats_taken}席、取り置きと枠で取ってある席が{sitting.kept}席あります。"
            f"定員は{sitting.seats_taken + sitting.kept}席以上にするか、先に、取ってある席を減らしてください。"
        )
    before = sitting.capacity
    steps.set_capacity(sitting, capacity, now=now)
    audit.record(
        "sitting.capacity", "sitting", sitting_id, by=by, at=now, fields=["capacity"], reason=f"{before} → {capacity}"
    )
    return promote(sitting, now)


@transaction
def reschedule(  # noqa: PLR0913 what a meeting is, spelled out
    sitting_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    venue_id: int | None,
    notify: bool,
    by: Actor,
    now: datetime,
) -> int:
    """Move a sitting in time or place; returns how many people are told.

    Each calendar object gets a higher SEQUENCE either way (RFC 5546 3.2.2), so that a later update is not taken for an
    older one. Raises WrongPeriod where the first meeting of a course would not be the first any more.
    """
    sitting, _event = places.lock_meeting(sitting_id)
    courses.check_order(sitting, starts_at)
    was = (sitting.starts_at, sitting.ends_at, sitting.venue_id)
    if was == (starts_at, ends_at, venue_id):
        return 0
    steps.move_sitting(sitting, starts_at=starts_at, ends_at=ends_at, venue_id=venue_id, now=now)
    audit.record("sitting.moved", "sitting", sitting_id, by=by, at=now, fields=["starts_at", "ends_at", "venue_id"])
    told, concerned = 0, _active([sitting.lead_id or sitting_id])
    for registration in concerned:
        registration.sequence += 1
        if notify:
            messages.moved(registration, sitting_id, was_start=was[0], was_end=was[1], was_venue=was[2], now=now)
            told += 1
    if notify:
        standing_in.tell_changed(concerned, now=now)
    offering.keep_in_time(sitting, by=by, now=now)
    # A seat that came free after the old start is given again now that the start lies ahead.
    promote(sitting, now)
    return told


@transaction
def edit(event_id: int, basics: Basics, *, revision: int, notify: bool, by: Actor, now: datetime) -> int:
    """Change an event's basic facts; where `notify`, whoever registered is told what reads otherwise.

    Whom another rule for the waiting list serves is served at once. Returns how many are told of what reads otherwise.
    Raises what editing.change() raises.
    """
    changed = editing.change(event_id, basics, revision=revision, by=by, now=now)
    ids = db.session.scalars(sa.select(Sitting.id).where(Sitting.event_id == event_id).order_by(Sitting.id)).all()
    if any(name in changed for name in ("waiting_mode", "large_parties")):
        for sitting_id in ids:
            promote(places.lock_meeting(sitting_id)[0], now)
    words = list(dict.fromkeys(TELLING[name] for name in changed if name in TELLING))
    if not words or not notify:
        return 0
    concerned = _active(ids)
    for registration in concerned:
        registration.sequence += 1
        messages.edited(registration, words, now=now)
    standing_in.tell_changed(concerned, now=now)
    return len(concerned)


@transaction
def call_off(event_id: int, reason: str, *, notify: bool, by: Actor, now: datetime) -> int:
    """Cancel a whole event and every place in it; returns how many people are told.

    Raises AlreadyCalledOff, and AlreadyAttended where somebody was seen at one of its sittings.
    """
    ids = db.session.scalars(sa.select(Sitting.id).where(Sitting.event_id == event_id).order_by(Sitting.id)).all()
    sittings = [places.lock_meeting(sitting_id)[0] for sitting_id in ids]
    event = db.session.get_one(Event, event_id)
    if event.status is EventStatus.CANCELLED:
        raise AlreadyCalledOff("この研修会は、すでに中止になっています。")
    if any(registration.attended for registration in _active(ids)):
        raise AlreadyAttended("出席の記録があるため、中止にできません。残りの回は、日時の変更でお知らせください。")
    steps.mark_cancelled(event, reason, now=now)
    told, concerned = 0, _active(ids)
    for registration in concerned:
        held_a_seat = registration.status is Status.CONFIRMED
        registration.status = Status.CANCELLED
        registration.cancelled_at = registration.updated_at = now
        registration.cancel_reason = reason
        registration.sequence += 1
        registration.version += 1
        if notify:
            messages.called_off(registration, held_a_seat=held_a_seat, now=now)
            told += 1
    standing_in.drop_all(concerned, notify=notify, now=now)
    offering.take_back_all(list(ids), by=by, now=now)
    for sitting in sittings:
        places.empty(sitting)
    audit.record("event.called_off", "event", event_id, by=by, at=now, reason=reason)
    return told


def _active(sitting_ids: Sequence[int]) -> list[Registration]:
    concerned = sa.select(Registration).where(Registration.sitting_id.in_(sitting_ids), Registration.status.in_(ACTIVE))
    return list(db.session.scalars(concerned.order_by(Registration.id)))


def _last_confirmed(sitting_id: int, seats: int) -> list[str]:
    rows = db.session.execute(
        sa.select(Registration.reference, 1 + Registration.companions)
        .where(Registration.sitting_id == sitting_id, Registration.status == Status.CONFIRMED)
        .order_by(Registration.confirmed_at.desc(), Registration.id.desc())
        .limit(seats)
    )
    named: list[str] = []
    for reference, party in rows:
        if seats <= 0:
            break
        named.append(f"{reference[:4]}-{reference[4:]}")
        seats -= party
    return named
