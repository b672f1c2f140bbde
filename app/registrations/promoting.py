"""Giving freed seats to those who wait, and telling them: the step that every verb ends with that frees seats."""

from __future__ import annotations

from datetime import datetime

from app.events.choices import WaitingMode
from app.events.models import Sitting
from app.infra import audit
from app.kernel.types import SYSTEM, Actor
from app.registrations import messages, offering, places
from app.registrations.answer_by import answer_by
from app.registrations.models import Registration
from app.registrations.types import Status


def promote(sitting: Sitting, now: datetime) -> int:
    """Serve whom the free seats fit, in order; returns how many. The caller holds the sitting's lock.

    Where the event offers seats, they are held for those who are served until they answer; in the last hours they are
    kept for the telephone. Nobody is served once the sitting began: whoever still waits then keeps waiting.
    """
    if sitting.waiting == 0 or sitting.starts_at <= now:
        return 0
    until = None
    if places.event_of(sitting).waiting_mode is WaitingMode.OFFER:
        until = answer_by(now, sitting.starts_at)
        if until is None:
            return 0
    served = places.serve(sitting, now=now)
    for registration, seats in served:
        if until is None:
            seat(registration, by=SYSTEM, now=now)
        else:
            offering.make(registration, seats, until, now=now)
    return len(served)


def seat(registration: Registration, *, by: Actor, now: datetime) -> None:
    """Who waited has the seats that the caller has taken for them, and is told."""
    registration.status = Status.CONFIRMED
    registration.confirmed_at = registration.updated_at = now
    registration.version += 1
    audit.record("registration.promoted", "registration", registration.id, by=by, at=now, fields=["status"])
    messages.promoted(registration, now=now)
