"""The organizer's answer to those who wait for one: everybody where an event asks for approval, and guests everywhere.

Who is drawn is not answered here but in drawing.py.
"""

from __future__ import annotations

from datetime import datetime

from app.events.models import Event, Sitting
from app.events.types import Admission
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.types import Actor
from app.registrations import messages, places
from app.registrations.errors import NoReason, NotPending, TooLateToChange
from app.registrations.models import Guest, Registration
from app.registrations.types import Status


@transaction
def approve(registration_id: int, *, by: Actor, now: datetime) -> Status:
    """Give the seat that was asked for, or where none is free the last place in the queue, and tell them which.

    Guests never wait: without a seat they are not approved. Raises NotFound, NotPending, TooLateToChange (once the
    sitting is over), NoSeatsLeft (guests; those who wait come first).
    """
    registration, sitting = places.locked(registration_id)
    is_guest = _check_pending(registration)
    if sitting.ends_at <= now:
        raise TooLateToChange("終わった回の申込みは、承認できません。")
    queue_no = None
    if is_guest:
        otherwise = "定員を増やすか、不承認にしてください。"
        places.claim_in_turn(sitting, registration.seats, registration.category, otherwise, now=now)
    else:
        queue_no = places.place(sitting, registration.seats, registration.category, now=now)
    registration.updated_at = now
    registration.version += 1
    if queue_no is None:
        _seat(registration, by, now)
    else:
        _queue(registration, sitting, queue_no, by, now)
    return registration.status


@transaction
def decline(registration_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """Turn somebody down and tell them why; a guest's place for guests is free again.

    Raises NotFound, NoReason, NotPending.
    """
    if not reason:
        raise NoReason("お断りする理由を入力してください。申込者へのメールに載ります。")
    registration, sitting = places.locked(registration_id)
    _check_pending(registration)
    registration.status, registration.cancel_reason = Status.DECLINED, reason
    registration.updated_at = now
    registration.version += 1
    places.release_guest_place(sitting, registration)
    audit.record("registration.declined", "registration", registration.id, by=by, at=now, reason=reason)
    messages.declined(registration, now=now)


def _seat(registration: Registration, by: Actor, now: datetime) -> None:
    registration.status, registration.confirmed_at = Status.CONFIRMED, now
    audit.record("registration.approved", "registration", registration.id, by=by, at=now, fields=["status"])
    messages.approved(registration, now=now)


def _queue(registration: Registration, sitting: Sitting, queue_no: int, by: Actor, now: datetime) -> None:
    registration.status, registration.queue_no = Status.WAITLISTED, queue_no
    audit.record("registration.queued", "registration", registration.id, by=by, at=now, fields=["status"])
    messages.queued(registration, position=sitting.waiting, now=now)


def _check_pending(registration: Registration) -> bool:
    """Whether it is a guest's."""
    if registration.status is not Status.PENDING:
        raise NotPending(f"この申込みは、いまは「{registration.status.word}」です。承認・不承認はもうできません。")
    is_guest = db.session.get(Guest, registration.id) is not None
    if not is_guest and db.session.get_one(Event, registration.event_id).admission is Admission.LOTTERY:
        raise NotPending("抽選で決まる申込みです。一件ずつの承認・不承認はできません。")
    return is_guest
