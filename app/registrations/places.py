"""The seat ledger: steps that verbs share. They lock, count and move; they never commit.

Every change of seats goes through here, under the lock of the sitting's row, so that counting and deciding are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.events import allotting
from app.events.audiences import Category
from app.events.models import Allotment, Event, GuestQuota, Sitting
from app.infra import audit
from app.infra.db import db, run
from app.kernel.types import SYSTEM
from app.registrations import queries
from app.registrations.errors import ChangedMeanwhile, NoGuestPlacesLeft, NoSeatsLeft, NotHeldBack, WrongSitting
from app.registrations.free_seats import FreeSeats
from app.registrations.models import Guest, Registration
from app.registrations.rules import Waiting, is_next, whom_to_serve
from app.registrations.types import Status

# Put together once: building a statement costs more than running it.
_LOCK = (
    sa.select(Sitting, Event)
    .join(Event, Event.id == Sitting.event_id)
    .where(Sitting.id == sa.bindparam("sitting"))
    .with_for_update(of=Sitting)
    .execution_options(populate_existing=True)
)


def _claiming(kept: sa.SQLColumnExpression[int]) -> sa.Update:
    taken = Sitting.seats_taken + sa.bindparam("seats")
    return (
        sa.update(Sitting)
        .where(
            Sitting.id == sa.bindparam("sitting"),
            sa.or_(Sitting.capacity.is_(None), taken + kept <= Sitting.capacity),
        )
        .values(seats_taken=taken, kept=kept, revision=Sitting.revision + 1)
        .returning(Sitting.id)
    )


_CLAIM = _claiming(Sitting.kept)
# Seats kept for an audience are fewer once that audience took some: worked out in the statement that takes them.
_CLAIM_ALLOTTED = _claiming(allotting.KEPT)


def lock(sitting_id: int) -> tuple[Sitting, Event]:
    """The sitting and its event, read while nobody else can change the sitting's seats.

    Raises WrongSitting, also for a meeting of a course that has no seats of its own.
    """
    sitting, event = _lock(sitting_id)
    if sitting.lead_id is not None:
        raise WrongSitting("連続講座の席は、最初の回で決まります。最初の回をお選びください。")
    return sitting, event


def lock_meeting(sitting_id: int) -> tuple[Sitting, Event]:
    """Any sitting and its event; of a course the meeting that has the seats is locked, too. Raises WrongSitting."""
    lead_id = db.session.scalar(sa.select(Sitting.lead_id).where(Sitting.id == sitting_id))
    held = {number: _lock(number) for number in sorted({sitting_id, lead_id or sitting_id})}
    return held[sitting_id]


def locked(registration_id: int) -> tuple[Registration, Sitting]:
    """A registration and its sitting, under the sitting's lock. Raises NotFound, ChangedMeanwhile."""
    sitting_id = queries.sitting_of(registration_id)
    sitting, _event = lock(sitting_id)
    registration = db.session.get_one(Registration, registration_id, populate_existing=True)
    if registration.sitting_id != sitting_id:
        raise ChangedMeanwhile("ちょうど回の変更がありました。今の内容を確かめて、もう一度お願いします。")
    return registration, sitting


def place(sitting: Sitting, seats: int, category: Category, *, now: datetime) -> int | None:
    """Give a newcomer `seats`, or the last place in the queue.

    Returns None when the seats are theirs, else their number in the queue. The caller holds the sitting's lock.
    """
    return None if take_in_turn(sitting, seats, category, now=now) else join_queue(sitting)


def free_seats(sitting: Sitting) -> FreeSeats:
    """The seats that nobody has, and for whom. The caller holds the sitting's lock."""
    if sitting.capacity is None:
        return FreeSeats(None)
    common = sitting.capacity - sitting.seats_taken - sitting.kept
    if not sitting.allotted:
        return FreeSeats(common)
    own = sa.select(Allotment.category, Allotment.places - Allotment.taken).where(
        Allotment.sitting_id == sitting.id, Allotment.released_at.is_(None), Allotment.places > Allotment.taken
    )
    return FreeSeats(common, dict(list(db.session.execute(own))))


def take_in_turn(sitting: Sitting, seats: int, category: Category, *, now: datetime) -> bool:
    """Take `seats` if they are free and nobody who waits would be served with them; returns whether they were taken.

    Those who wait for more than is free are passed, and that is recorded. The caller holds the sitting's lock.
    """
    free = free_seats(sitting)
    if not free.fit(category, seats):
        return False
    waiting = queue(sitting.id) if sitting.waiting else []
    if not is_next(waiting, free, seats, event_of(sitting).large_parties, category=category):
        return False
    claim(sitting, seats, category)
    record_passed(waiting, now=now)
    return True


def claim(sitting: Sitting, seats: int, category: Category) -> None:
    """Take `seats` if that many are free for `category`, its own first: one statement decides. Raises NoSeatsLeft."""
    if sitting.allotted:
        _count(sitting, seats, category)
    statement = _CLAIM_ALLOTTED if sitting.allotted else _CLAIM
    taken = run(statement, {"sitting": sitting.id, "seats": seats}).scalar_one_or_none()
    if taken is None:
        raise NoSeatsLeft("空いている席が足りません。同伴者の人数を減らしてください。")
    db.session.expire(sitting)


def claim_for(sitting: Sitting, served: Sequence[Waiting]) -> None:
    """Take the seats of all who are served: a statement for each audience. Raises NoSeatsLeft."""
    for category in {one.category for one in served}:
        claim(sitting, sum(one.seats for one in served if one.category is category), category)


def claim_in_turn(sitting: Sitting, seats: int, category: Category, otherwise: str, *, now: datetime) -> None:
    """Take `seats` as a newcomer would. Raises NoSeatsLeft, which says what else can be done."""
    if not take_in_turn(sitting, seats, category, now=now):
        raise NoSeatsLeft(f"空いている席がありません。{otherwise}")


def claim_held_back(sitting: Sitting, seats: int, category: Category) -> None:
    """Take `seats` of those that the organizer holds back. Raises NotHeldBack."""
    if seats > sitting.held_back:
        raise NotHeldBack(f"この回の取り置きの席は残り{sitting.held_back}席です。人数に足りません。")
    _move(sitting, held_back=Sitting.held_back - seats, kept=Sitting.kept - seats)
    claim(sitting, seats, category)


def release(sitting: Sitting, seats: int, category: Category) -> None:
    """Give `seats` of `category` back: they are kept for it again as far as its allotment says so."""
    if sitting.allotted:
        _count(sitting, -seats, category)
    kept = allotting.KEPT if sitting.allotted else Sitting.kept
    _move(sitting, seats_taken=Sitting.seats_taken - seats, kept=kept)


def recount(sitting: Sitting, seats: int, was: Category, category: Category, *, now: datetime) -> bool:
    """Count `seats` that somebody has to another audience; False where these are kept and there are no others for it.

    Who waits is passed where a seat for everybody is taken now that was not taken before.
    """
    if not seats or was is category or not sitting.allotted:
        return True
    before = free_seats(sitting).common or 0
    release(sitting, seats, was)
    if not free_seats(sitting).fit(category, seats):
        return False
    claim(sitting, seats, category)
    if sitting.waiting and (free_seats(sitting).common or 0) < before:
        record_passed(queue(sitting.id), now=now)
    return True


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
    if sitting.allotted:
        db.session.execute(
            sa.update(Allotment)
            .where(Allotment.sitting_id == sitting.id)
            .values(taken=0)
            .execution_options(synchronize_session=False)
        )
    kept = allotting.KEPT if sitting.allotted else Sitting.kept
    _move(sitting, seats_taken=sa.literal(0), waiting=sa.literal(0), kept=kept)


def serve(sitting: Sitting, *, now: datetime) -> list[tuple[Registration, int]]:
    """Take free seats for those who wait, in order: who they are for, and how many. They do not wait any more.

    Who is too many for what is free is passed where the event says so, and that is recorded.
    """
    served, passed = whom_to_serve(queue(sitting.id), free_seats(sitting), event_of(sitting).large_parties)
    if not served:
        return []
    claim_for(sitting, served)
    leave_queue(sitting, len(served))
    record_passed(passed, now=now)
    seats = {one.id: one.seats for one in served}
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
    """Who waits, in order, for how many seats, and as whom they count."""
    waiting = sa.select(Registration.id, 1 + Registration.companions, Registration.category).where(
        Registration.sitting_id == sitting_id, Registration.status == Status.WAITLISTED
    )
    return [Waiting(*row) for row in db.session.execute(waiting.order_by(Registration.queue_no))]


def _lock(sitting_id: int) -> tuple[Sitting, Event]:
    found = db.session.execute(_LOCK, {"sitting": sitting_id}).one_or_none()
    if found is None:
        raise WrongSitting("この回は見つかりません。もう一度お選びください。")
    return found[0], found[1]


def _count(sitting: Sitting, seats: int, category: Category) -> None:
    """So many seats more (or fewer) are an audience's, where some are kept for it."""
    db.session.execute(
        sa.update(Allotment)
        .where(Allotment.sitting_id == sitting.id, Allotment.category == category)
        .values(taken=Allotment.taken + seats)
        .execution_options(synchronize_session=False)
    )


def _move(sitting: Sitting, **values: sa.SQLColumnExpression[int]) -> None:
    db.session.execute(
        sa.update(Sitting)
        .where(Sitting.id == sitting.id)
        .values(revision=Sitting.revision + 1, **values)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(sitting)
