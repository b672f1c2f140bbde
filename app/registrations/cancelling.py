"""Giving one place up: the step that verbs share. The caller holds the sitting's lock; nothing here commits."""

from __future__ import annotations

from datetime import datetime

from app.events.models import Sitting
from app.infra import audit
from app.kernel.types import Actor
from app.registrations import messages, offering, places, standing_in
from app.registrations.errors import AlreadyAttended
from app.registrations.models import Registration
from app.registrations.promoting import promote
from app.registrations.types import Status


def give_back(registration: Registration, sitting: Sitting, reason: str, *, by: Actor, now: datetime) -> None:
    """Cancel, tell them, and give the freed seats to those who wait; what is over stays as it is.

    Raises AlreadyAttended.
    """
    if registration.status.is_over:
        return
    if registration.attended:
        raise AlreadyAttended("会場での受付が済んでいるため、取り消せません。")
    was = registration.status
    _mark_cancelled(registration, reason, now)
    if was is Status.CONFIRMED:
        places.release(sitting, registration.seats, registration.category)
    elif was is Status.WAITLISTED:
        places.leave_queue(sitting)
    elif was is Status.OFFERED:
        offering.take_back(registration, sitting, by=by, now=now)
    places.release_guest_place(sitting, registration)
    audit.record("registration.cancelled", "registration", registration.id, by=by, at=now, reason=reason or None)
    messages.cancelled(registration, held_a_seat=was is Status.CONFIRMED, now=now)
    standing_in.drop(registration, by=by, now=now)
    promote(sitting, now)


def _mark_cancelled(registration: Registration, reason: str, now: datetime) -> None:
    registration.status = Status.CANCELLED
    registration.cancelled_at = registration.updated_at = now
    registration.cancel_reason = reason
    registration.sequence += 1
    registration.version += 1
