"""Places for staff of other municipalities: so many a sitting, each given by the organizer's answer (deciding.py).

Who asks takes one of those places at once, so that nobody is let down by a number; a seat is theirs only when approved.
"""

from __future__ import annotations

from datetime import datetime

from app.events import steps
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.registrations import entering, moving, places
from app.registrations.errors import GuestPlacesBelowTaken
from app.registrations.models import Guest
from app.registrations.types import Status


@transaction
def change_guest_places(sitting_id: int, number: int, *, by: Actor, now: datetime) -> None:
    """Set how many guests a sitting takes; 0 for none. Raises WrongSitting, GuestPlacesBelowTaken."""
    sitting, _event = places.lock(sitting_id)
    taken = places.guests(sitting)
    if number < taken:
        raise GuestPlacesBelowTaken(f"承認待ちと確定が合わせて{taken}件あるため、{number}人には減らせません。")
    steps.set_guest_places(sitting, number, now=now)
    audit.record("sitting.guest_places", "sitting", sitting_id, by=by, at=now, fields=["guest_places"])


@transaction
def change_sitting(registration_id: int, to_sitting_id: int, *, by: Actor, now: datetime) -> None:
    """Take one of the places for guests at another sitting of the same event; who was approved takes a seat there, too.

    What is held is given up only when the new place is theirs. Raises NotFound (also for who is no guest),
    WrongSitting, ApplicationsClosed, AlreadyCancelled, AlreadyAttended, NoGuestPlacesLeft, NoSeatsLeft,
    ChangedMeanwhile.
    """
    registration, source, target, event = moving.locked(registration_id, to_sitting_id)
    if db.session.get(Guest, registration_id) is None:
        raise NotFound
    if source.id == target.id:
        return
    moving.check_movable(registration, source, now)
    entering.check_open(event, target, by, now)
    entering.check_takes_guests(event)
    places.claim_guest_place(target)
    if registration.status is Status.CONFIRMED:
        seats, category = registration.seats, registration.category
        places.claim_in_turn(target, seats, category, "いまの回の席は、そのまま取ってあります。", now=now)
        places.release(source, seats, category)
    places.release_guest_place(source, registration)
    moving.move(registration, source, target, by=by, now=now)
