"""Pure decisions about places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.events.types import Admission
from app.kernel.japanese_dates import local_date
from app.kernel.working_days import working_day
from app.registrations.types import Status

# Working days that a letter needs: printed and posted the next day, delivered on the third day after that at the
# latest (ordinary mail is not delivered on Saturdays, Sundays and holidays since October 2021).
POST_DAYS = 4
# Messages that still have their sense once a registration is over.
ENDINGS = frozenset({"cancelled", "called_off", "declined", "lost", "substitute_dropped", "handed_on", "bulk"})
# Messages that say where a registration stands, and are overtaken when it stands elsewhere.
STANDINGS = {
    "waitlisted": Status.WAITLISTED,
    "queued": Status.WAITLISTED,
    "reserved": Status.WAITLISTED,
    "pending": Status.PENDING,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue: the registration's id and how many seats it needs."""

    id: int
    seats: int


def seat_is_theirs(capacity: int | None, seats_taken: int, waiting: int, seats: int) -> bool:
    """True when a newcomer gets `seats` at once: they are free and nobody waits, for a newcomer passes no one."""
    return waiting == 0 and (capacity is None or seats_taken + seats <= capacity)


def whom_to_promote(queue: Sequence[Waiting], free: int | None) -> tuple[list[Waiting], list[Waiting]]:
    """Who of the `queue` (in order) gets a place when `free` seats are left (None: no limit), and who was passed.

    The first who fits is served first. A party too large for what is left keeps its place in line and is passed by
    those behind it who fit; those passed are returned, so that each passing can be recorded.
    """
    promoted: list[Waiting] = []
    passed: list[Waiting] = []
    skipped: list[Waiting] = []
    for one in queue:
        if free is None or one.seats <= free:
            passed.extend(p for p in skipped if p not in passed)
            promoted.append(one)
            free = None if free is None else free - one.seats
        else:
            skipped.append(one)
    return promoted, passed


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
