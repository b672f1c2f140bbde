"""Another sitting of the same event for whoever registered by themselves, through the organizer or as a resident.

Staff switch in staffing.py, guests in guests.py: theirs are other places.
"""

from __future__ import annotations

from datetime import datetime

from app.events.models import Sitting
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.registrations import drawing, entering, moving, offering, places, together
from app.registrations.errors import TooManyCompanions
from app.registrations.models import Guest, Registration
from app.registrations.types import Status

KEPT = (
    "いまの回の席は、そのまま取ってあります。この回のキャンセル待ちに並びたいときは、いまの席を残したまま、"
    "この回に新しくお申し込みください。"
)


@transaction
def change_sitting(registration_id: int, to_sitting_id: int, *, note: str = "", by: Actor, now: datetime) -> Status:
    """Take the same number of seats at another sitting. Returns where the registration stands then.

    A seat that is held or offered is given up only for another seat. Who waits gets a seat as a newcomer does,
    else the last place in line there. Who waits for an answer or a draw waits for it there. Raises NotFound (also for
    guests), WrongSitting, ApplicationsClosed, AlreadyCancelled, AlreadyAttended, NoSeatsLeft, TooManyCompanions,
    DrawClosed, ChangedMeanwhile, TwoAtOnce.
    """
    registration, source, target, event = moving.locked(registration_id, to_sitting_id)
    if db.session.get(Guest, registration_id) is not None:
        raise NotFound
    if source.id == target.id:
        return registration.status
    moving.check_movable(registration, source, now)
    together.check_not_there(registration, target.id)
    entering.check_open(event, target, by, now)
    if target.capacity is not None and registration.seats > target.capacity:
        raise TooManyCompanions("この回の定員を超える人数です。")
    seats, category = registration.seats, registration.category
    if registration.status is Status.PENDING:
        drawing.check_still_open(registration, now)
    elif registration.status is Status.CONFIRMED:
        places.claim_in_turn(target, seats, category, KEPT, now=now)
        places.release(source, seats, category)
    elif registration.status is Status.OFFERED:
        places.claim_in_turn(target, seats, category, KEPT, now=now)
        offering.take_back(registration, source, by=by, now=now)
        registration.status, registration.confirmed_at = Status.CONFIRMED, now
    else:
        _leave_for(registration, source, target, now)
    moving.move(registration, source, target, note=note, by=by, now=now)
    return registration.status


def _leave_for(registration: Registration, source: Sitting, target: Sitting, now: datetime) -> None:
    """From one queue to a seat of another sitting, or to the end of its queue."""
    queue_no = places.place(target, registration.seats, registration.category, now=now)
    places.leave_queue(source)
    registration.queue_no = queue_no
    if queue_no is None:
        registration.status = Status.CONFIRMED
        registration.confirmed_at = registration.confirmed_at or now
