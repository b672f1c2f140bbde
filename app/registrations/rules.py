"""Pure decisions about places."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from app.events.audiences import Category
from app.events.choices import LargeParties
from app.events.types import Admission
from app.kernel.japanese_dates import local_date
from app.kernel.working_days import working_day
from app.registrations.free_seats import FreeSeats
from app.registrations.types import Status

# Working days that a letter needs: printed and posted the next day, delivered on the third day after that at the
# latest (ordinary mail is not delivered on Saturdays, Sundays and holidays since October 2021).
POST_DAYS = 4
# Messages that still have their sense once a registration is over.
ENDINGS = frozenset(
    {"cancelled", "called_off", "declined", "lost", "substitute_dropped", "handed_on"}
    | {"offer_declined", "offer_expired", "bulk"}
)
# Messages that say where a registration stands, and are overtaken when it stands elsewhere.
STANDINGS = {
    "waitlisted": Status.WAITLISTED,
    "queued": Status.WAITLISTED,
    "reserved": Status.WAITLISTED,
    "offered": Status.OFFERED,
    "offer_withdrawn": Status.WAITLISTED,
    "pending": Status.PENDING,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue: the registration's id, how many seats it needs, and whom it counts as."""

    id: int
    seats: int
    category: Category = Category.RESIDENT


def is_next(
    queue: Sequence[Waiting],
    free: FreeSeats,
    seats: int,
    large: LargeParties = LargeParties.SKIP,
    *,
    category: Category = Category.RESIDENT,
) -> bool:
    """True when a newcomer gets `seats` at once: they find them, and nobody of the `queue` would be served with them.

    All of the `queue` are passed then: what is free for each of them is too little. Where a large party blocks those
    behind it, it blocks newcomers, too.
    """
    served, _passed, left = _walk(queue, free, large)
    return not served and left.fit(category, seats)


def whom_to_serve(
    queue: Sequence[Waiting], free: FreeSeats, large: LargeParties = LargeParties.SKIP
) -> tuple[list[Waiting], list[Waiting]]:
    """Who of the `queue` (in order) gets how many of the `free` seats, and who was passed.

    The first who fits is served first. What becomes of a party too large for what is left for its audience, `large`
    says: it keeps its place in line and is passed by those behind it who fit, it holds up all behind it who want seats
    that it could use, or it gets what is left. Those passed are returned, so that each passing can be recorded.
    """
    served, passed, _left = _walk(queue, free, large)
    return served, passed


def _walk(
    queue: Sequence[Waiting], free: FreeSeats, large: LargeParties
) -> tuple[list[Waiting], list[Waiting], FreeSeats]:
    """As whom_to_serve(), with what a newcomer finds then."""
    served: list[Waiting] = []
    passed: list[Waiting] = []
    skipped: list[Waiting] = []
    for one in queue:
        seats = _given(one, free, large)
        if seats:
            passed.extend(p for p in skipped if p not in passed)
            served.append(replace(one, seats=seats))
            free = free.less(one.category, seats)
        else:
            skipped.append(one)
            free = free if large is LargeParties.SKIP else free.without(one.category)
    return served, passed, free


def _given(one: Waiting, free: FreeSeats, large: LargeParties) -> int:
    if free.fit(one.category, one.seats):
        return one.seats
    return free.of(one.category) or 0 if large is LargeParties.PARTIAL else 0


def seats_by_call(
    queue: Sequence[Waiting], free: FreeSeats, large: LargeParties, one: int, aside: AbstractSet[int]
) -> int:
    """How many seats the registration `one` of the `queue` gets when it is telephoned; 0 while others come first.

    Who was called and not reached stands `aside`: they keep their place in line, and the next one may be called.
    """
    there = [waiting for waiting in queue if waiting.id == one or waiting.id not in aside]
    return next((waiting.seats for waiting in whom_to_serve(there, free, large)[0] if waiting.id == one), 0)


def why_not_handed(admission: Admission, *, hands_on: bool, is_guest: bool, by_organizer: bool) -> str:
    """Why a place cannot be handed to another person, as a sentence; "" where it can.

    What came first to whoever asked first may go on. What a draw gave is not to be traded, and whom the organizer chose
    is the organizer's to say: there the event's setting decides (`hands_on`), or for a chosen one the organizer.
    """
    chosen = is_guest or admission is not Admission.FIRST_COME
    if hands_on or not chosen or (by_organizer and (is_guest or admission is Admission.APPROVAL)):
        return ""
    if admission is Admission.LOTTERY and not is_guest:
        return "抽選で決まった席は、ほかの方に譲れません。都合がつかないときは、申込みを取り消してください。"
    return "担当課の承認を受けた席は、この画面では譲れません。問合せ先へご相談ください。"


def post_arrives(now: datetime, starts_at: datetime) -> bool:
    """True when a letter that is printed today or tomorrow is there before the day of the sitting."""
    return working_day(local_date(now), POST_DAYS) < local_date(starts_at)


def paper_wanted(kind: str, status: Status, starts_at: datetime, now: datetime) -> bool:
    """False when what a letter or a call would say was overtaken: by a cancellation, by a seat, by the sitting itself.

    `kind` is the message's own word (confirmed, cancelled …). A mail leaves at once and is never asked this.
    """
    if kind in ENDINGS:
        return True
    if kind in STANDINGS:
        return status is STANDINGS[kind]
    return not status.is_over and starts_at > now


def is_outdated(sequence: int, stamp_at: datetime, *, invitation: int, seen: tuple[int, datetime] | None) -> bool:
    """True when an answer is about an earlier invitation than the one of SEQUENCE `invitation`, or older than `seen`.

    Mails overtake one another: SEQUENCE decides first, then DTSTAMP (RFC 5546, 2.1.5).
    """
    return sequence < invitation or (seen is not None and (invitation, stamp_at) < seen)
