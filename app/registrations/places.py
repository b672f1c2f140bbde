"""The seat ledger: steps that verbs share. They lock, count and move; they never commit.

Every change of seats goes through here, under the lock of the sitting's row, so that counting and deciding are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.events.models import Event, GuestQuota, Sitting
from app.infra import audit
from app.infra.db import db, run
from app.kernel.types import SYSTEM
from app.registrations import queries
from app.registrations.errors import ChangedMeanwhile, NoGuestPlacesLeft, NoSeatsLeft, WrongSitting
from app.registrations.models import Guest, Registration
from app.registrations.rules import Waiting, fits, is_next, whom_to_serve
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


def place(sitting: Sitting, seats: int, *, now: datetime) -> int | None:
    """Give a newcomer `seats`, or the last place in the queue.

    Returns None when the seats are theirs, else their number in the queue. The caller holds the sitting's lock.
    """
    return None if take_in_turn(sitting, seats, now=now) else join_queue(sitting)


def free_seats(sitting: Sitting) -> int | None:
    """How many seats nobody has; None: no limit."""
    return None if sitting.capacity is None else sitting.capacity - sitting.seats_taken


def take_in_turn(sitting: Sitting, seats: int, *, now: datetime) -> bool:
    """Take `seats` if they are free and nobody who waits would be served with them; returns whether they were taken.

    Those who wait for more than is free are passed, and that is recorded. The caller holds the sitting's lock.
    """
    free = free_seats(sitting)
    if not fits(free, seats):
        return False
    waiting = queue(sitting.id) if sitting.waiting else []
    if not is_next(waiting, free, seats, event_of(sitting).large_parties):
        return False
    claim(sitting, seats)
    record_passed(waiting, now=now)
    return True


def claim(sitting: Sitting, seats: int) -> None:
    """Take `seats` if that many are free: one statement decides. Raises NoSeatsLeft."""
    taken = run(_CLAIM, {"sitting": sitting.id, "seats": seats}).scalar_one_or_none()
    if taken is None:
        raise NoSeatsLeft("空いている席が足りません。同伴者の人数を減らしてください。")
    db.session.expire(sitting)


def claim_in_turn(sitting: Sitting, seats: int, otherwise: str, *, now: datetime) -> None:
    """Take `seats` as a newcomer would. Raises NoSeatsLeft, which says what else can be done."""
    if not take_in_turn(sitting, seats, now=now):
        raise NoSeatsLeft(f"空いている席がありません。{otherwise}")


def release(sitting: Sitting, seats: int) -> None:
    """Give `seats` back."""
    _move(sitting, seats_taken=Sitting.seats_taken - seats)


def join_queue(sitting: Sitting, people: int = 1) -> int:
    """The next number in the queue of `sitting`; the last of the next numbers where several `people` join."""
    _move(sitting, waiting=Sitting.waiting + people, queue_counter=Sitting.queue_counter + people)
    return sitting.queue_counter


def leave_queue(sitting: Sitting, people: int = 1) -> None:
    """One less waits, or so many `people`."""
    _move(sitting, waiting=Sitting.waiting - people)


def come_back(sitting: Sitting) -> None:
    """One more waits, under the number in the queue that they had."""
    _move(sitting, waiting=Sitting.waiting + 1)


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


def serve(sitting: Sitting, *, now: datetime) -> list[tuple[Registration, int]]:
    """Take free seats for those who wait, in order: who they are for, and how many. They do not wait any more.

    Who is too many for what is free is passed where the event says so, and that is recorded.
    """
    served, passed = whom_to_serve(queue(sitting.id), free_seats(sitting), event_of(sitting).large_parties)
    if not served:
        return []
    seats = {one.id: one.seats for one in served}
    claim(sitting, sum(seats.values()))
    leave_queue(sitting, len(served))
    record_passed(passed, now=now)
    chosen = sa.select(Registration).where(Registration.id.in_(seats)).order_by(Registration.queue_no)
    return [(registration, seats[registration.id]) for registration in db.session.scalars(chosen)]


def event_of(sitting: Sitting) -> Event:
    """The event whose row lock() has read."""
    return db.session.get_one(Event, sitting.event_id)


def record_passed(passed: Sequence[Waiting], *, now: datetime) -> None:
    """Write down that somebody behind these got seats before them, and how many they wait for."""
    for one in passed:
        audit.record("registration.passed", "registration", one.id, by=SYSTEM, at=now, reason=f"seats={one.seats}")


def queue(sitting_id: int) -> list[Waiting]:
    """Who waits, in order, and for how many seats."""
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
