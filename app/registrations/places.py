"""The seat ledger: steps that verbs share. They lock, count and move; they never commit.

Every change of seats goes through here, under the lock of the sitting's row, so that counting and deciding are one.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.events.models import Event, GuestQuota, Sitting
from app.infra import audit
from app.infra.db import db, run
from app.kernel.types import SYSTEM
from app.registrations import queries
from app.registrations.errors import ChangedMeanwhile, NoGuestPlacesLeft, NoSeatsLeft, WrongSitting
from app.registrations.models import Guest, Registration
from app.registrations.rules import Waiting, seat_is_theirs, whom_to_promote
from app.registrations.types import Status

# Put together once: building a statement costs more than running it.
_LOCK = (
    sa.select(Sitting, Event)
    .join(Event, Event.id == Sitting.event_id)
    .where(Sitting.id == sa.bindparam("sitting"))
    .with_for_update(of=Sitting)
    .execution_options(populate_existing=True)
)
_CLAIM = (
    sa.update(Sitting)
    .where(
        Sitting.id == sa.bindparam("sitting"),
        sa.or_(Sitting.capacity.is_(None), Sitting.seats_taken + sa.bindparam("seats") <= Sitting.capacity),
    )
    .values(seats_taken=Sitting.seats_taken + sa.bindparam("seats"), revision=Sitting.revision + 1)
    .returning(Sitting.id)
)


def lock(sitting_id: int) -> tuple[Sitting, Event]:
    """The sitting and its event, read while nobody else can change the sitting's seats. Raises WrongSitting."""
    found = db.session.execute(_LOCK, {"sitting": sitting_id}).one_or_none()
    if found is None:
        raise WrongSitting("この回は見つかりません。もう一度お選びください。")
    return found[0], found[1]


def locked(registration_id: int) -> tuple[Registration, Sitting]:
    """A registration and its sitting, under the sitting's lock. Raises NotFound, ChangedMeanwhile."""
    sitting_id = queries.sitting_of(registration_id)
    sitting, _event = lock(sitting_id)
    registration = db.session.get_one(Registration, registration_id, populate_existing=True)
    if registration.sitting_id != sitting_id:
        raise ChangedMeanwhile("ちょうど回の変更がありました。今の内容を確かめて、もう一度お願いします。")
    return registration, sitting


def place(sitting: Sitting, seats: int) -> int | None:
    """Give a newcomer `seats`, or the last place in the queue.

    Returns None when the seats are theirs, else their number in the queue. The caller holds the sitting's lock.
    """
    if seat_is_theirs(sitting.capacity, sitting.seats_taken, sitting.waiting, seats):
        claim(sitting, seats)
        return None
    return join_queue(sitting)


def claim(sitting: Sitting, seats: int) -> None:
    """Take `seats` if that many are free: one statement decides. Raises NoSeatsLeft."""
    taken = run(_CLAIM, {"sitting": sitting.id, "seats": seats}).scalar_one_or_none()
    if taken is None:
        raise NoSeatsLeft("空いている席が足りません。同伴者の人数を減らしてください。")
    db.session.expire(sitting)


def claim_in_turn(sitting: Sitting, seats: int, otherwise: str) -> None:
    """Take `seats` as a newcomer would, past nobody who waits. Raises NoSeatsLeft, which says what else can be done."""
    if not seat_is_theirs(sitting.capacity, sitting.seats_taken, sitting.waiting, seats):
        raise NoSeatsLeft(f"空いている席がありません。{otherwise}")
    claim(sitting, seats)


def release(sitting: Sitting, seats: int) -> None:
    """Give `seats` back."""
    _move(sitting, seats_taken=Sitting.seats_taken - seats)


def join_queue(sitting: Sitting, people: int = 1) -> int:
    """The next number in the queue of `sitting`; the last of the next numbers where several `people` join."""
    _move(sitting, waiting=Sitting.waiting + people, queue_counter=Sitting.queue_counter + people)
    return sitting.queue_counter


def leave_queue(sitting: Sitting) -> None:
    """One less waits."""
    _move(sitting, waiting=Sitting.waiting - 1)


def guests(sitting: Sitting) -> int:
    """How many of the places for guests are asked for or given. The caller holds the sitting's lock."""
    taken = db.session.scalar(sa.select(GuestQuota.taken).where(GuestQuota.sitting_id == sitting.id))
    return taken or 0


def kept_for_guests(event_id: int) -> bool:
    """Whether a sitting of the event keeps places for guests."""
    kept = sa.exists().where(GuestQuota.sitting_id == Sitting.id, Sitting.event_id == event_id, GuestQuota.places > 0)
    return bool(db.session.scalar(sa.select(kept)))


def claim_guest_place(sitting: Sitting) -> None:
    """Take one of the places for guests: one statement decides. Raises NoGuestPlacesLeft."""
    taken = db.session.execute(
        sa.update(GuestQuota)
        .where(GuestQuota.sitting_id == sitting.id, GuestQuota.taken < GuestQuota.places)
        .values(taken=GuestQuota.taken + 1)
        .returning(GuestQuota.sitting_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if taken is None:
        raise NoGuestPlacesLeft(
            "この回の受入枠は、いっぱいになりました。ほかの回をお選びいただくか、お問い合わせください。"
        )
    _move(sitting)


def release_guest_place(sitting: Sitting, registration: Registration) -> None:
    """Give the place for guests back, if that is what `registration` has."""
    a_guest = sa.exists().where(Guest.registration_id == registration.id)
    freed = db.session.scalar(
        sa.update(GuestQuota)
        .where(GuestQuota.sitting_id == sitting.id, a_guest)
        .values(taken=GuestQuota.taken - 1)
        .returning(GuestQuota.sitting_id)
        .execution_options(synchronize_session=False)
    )
    if freed is not None:
        _move(sitting)


def empty(sitting: Sitting) -> None:
    """Nobody sits, waits or asks any more: the whole event was called off."""
    db.session.execute(
        sa.update(GuestQuota)
        .where(GuestQuota.sitting_id == sitting.id)
        .values(taken=0)
        .execution_options(synchronize_session=False)
    )
    _move(sitting, seats_taken=sa.literal(0), waiting=sa.literal(0))


def promote(sitting: Sitting, *, now: datetime) -> list[Registration]:
    """Give free seats to those who wait, in order; who is too many for them is passed, and that is recorded.

    Nobody is promoted once the sitting began: whoever still waits then keeps waiting.
    """
    if sitting.waiting == 0 or sitting.starts_at <= now:
        return []
    free = None if sitting.capacity is None else sitting.capacity - sitting.seats_taken
    promoted, passed = whom_to_promote(_queue(sitting.id), free)
    chosen = sa.select(Registration).where(Registration.id.in_([one.id for one in promoted]))
    winners = list(db.session.scalars(chosen.order_by(Registration.queue_no)))
    for registration in winners:
        claim(sitting, registration.seats)
        leave_queue(sitting)
        registration.status = Status.CONFIRMED
        registration.confirmed_at = registration.updated_at = now
        registration.version += 1
        audit.record("registration.promoted", "registration", registration.id, by=SYSTEM, at=now, fields=["status"])
    for one in passed:
        audit.record("registration.passed", "registration", one.id, by=SYSTEM, at=now, reason=f"seats={one.seats}")
    return winners


def _queue(sitting_id: int) -> list[Waiting]:
    waiting = sa.select(Registration.id, 1 + Registration.companions).where(
        Registration.sitting_id == sitting_id, Registration.status == Status.WAITLISTED
    )
    return [Waiting(*row) for row in db.session.execute(waiting.order_by(Registration.queue_no))]


def _move(sitting: Sitting, **values: sa.SQLColumnExpression[int]) -> None:
    db.session.execute(
        sa.update(Sitting)
        .where(Sitting.id == sitting.id)
        .values(revision=Sitting.revision + 1, **values)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(sitting)
