"""What we tell people, one function a message; each adds an outbox row to the caller's transaction.

A message's payload names the registration and what cannot be read from it later; text, HTML and calendar entry are made
when the message is sent (renderings.py), so that personal data and secret links do not lie in the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message
from app.events.models import Sitting
from app.infra.db import db
from app.kernel.japanese_dates import iso
from app.kernel.types import JSON
from app.org.types import MemberRow
from app.registrations.models import Registration, Substitution
from app.registrations.rules import post_arrives
from app.registrations.types import Status


def applied(registration: Registration, *, position: int | None, now: datetime) -> None:
    """The answer to an application: confirmed, a place in the waiting line, or that the organizer decides."""
    _tell(registration, registration.status.value, now, position=position, duplicate=registration.possible_duplicate)


def signed_up(registrations: Sequence[Registration], *, now: datetime) -> None:
    """The answer to an application for several sittings, by date: one message in the thread of the first."""
    first, *others = registrations
    _tell(first, "signed_up", now, others=[one.id for one in others], duplicate=first.possible_duplicate)


def approved(registration: Registration, *, now: datetime) -> None:
    """The organizer gave them the place they asked for."""
    _tell(registration, "approved", now)


def queued(registration: Registration, *, position: int, now: datetime) -> None:
    """The organizer said yes, but all seats are taken: they wait for one."""
    _tell(registration, "queued", now, position=position)


def won(registration: Registration, *, now: datetime) -> None:
    """The draw gave them their seats."""
    _tell(registration, "won", now)


def reserved(registration: Registration, *, position: int, now: datetime) -> None:
    """The draw gave them no seat but this place in the waiting line."""
    _tell(registration, "reserved", now, position=position)


def lost(registration: Registration, *, now: datetime) -> None:
    """The draw gave them no seat, and nobody waits for one at this event."""
    _tell(registration, "lost", now)


def declined(registration: Registration, *, now: datetime) -> None:
    """The organizer turned them down; the registration says why."""
    _tell(registration, "declined", now)


def promoted(registration: Registration, *, now: datetime) -> None:
    """A seat became free and is theirs."""
    _tell(registration, "promoted", now)


def offered(registration: Registration, *, seats: int, until: datetime, now: datetime) -> None:
    """Seats are held for them until they answer; too soon for a letter, so who has no e-mail address is called."""
    _tell(registration, "offered", now, in_haste=True, seats=seats, until=iso(until))


def accepted(registration: Registration, *, now: datetime) -> None:
    """They took what was offered: the place is theirs."""
    _tell(registration, "accepted", now)


def offer_declined(registration: Registration, *, now: datetime) -> None:
    """They declined what was offered, and wait no longer."""
    _tell(registration, "offer_declined", now)


def offer_expired(registration: Registration, *, now: datetime) -> None:
    """They did not answer in time, and wait no longer; how one applies again."""
    _tell(registration, "offer_expired", now)


def offer_withdrawn(registration: Registration, *, now: datetime) -> None:
    """The new date leaves no time for an answer: they wait again, and are called."""
    _tell(registration, "offer_withdrawn", now, in_haste=True)


def changed(registration: Registration, fields: list[str], *, now: datetime) -> None:
    """What was given was put right."""
    _tell(registration, "changed", now, fields=list(fields))


def address_changed(registration: Registration, old_email: str, *, now: datetime) -> None:
    """The address was replaced: the old one is told, in case it was not its owner who did it."""
    _tell(registration, "address_changed", now, to_email=old_email)


def cancelled(registration: Registration, *, held_a_seat: bool, now: datetime) -> None:
    """The place was given up."""
    _tell(registration, "cancelled", now, held_a_seat=held_a_seat)


def handed_on(registration: Registration, *, now: datetime) -> None:
    """Their place is another person's now; the registration itself is over."""
    _tell(registration, "handed_on", now, held_a_seat=True)


def taken_over(registration: Registration, *, now: datetime) -> None:
    """A place that was somebody else's is theirs."""
    _tell(registration, "taken_over", now)


def party_left(registration: Registration, *, now: datetime) -> None:
    """Somebody who was to come along gave their own seat up; the representative is told."""
    _tell(registration, "party_left", now)


def body_made(registration: Registration, edit_until: datetime, *, now: datetime) -> None:
    """Seats are held for a body, which may name its people until then."""
    _tell(registration, "body_made", now, deadline=iso(edit_until))


def body_changed(registration: Registration, edit_until: datetime, *, now: datetime) -> None:
    """More or fewer seats are held for it, or there is more time."""
    _tell(registration, "body_changed", now, deadline=iso(edit_until))


def body_settled(registration: Registration, *, now: datetime) -> None:
    """The deadline is over, and what was not used was given back."""
    _tell(registration, "body_settled", now)


def moved(
    registration: Registration,
    sitting_id: int,
    *,
    was_start: datetime,
    was_end: datetime,
    was_venue: int | None,
    now: datetime,
) -> None:
    """Time or place of a sitting changed that they come to."""
    was = iso(was_start), iso(was_end)
    _tell(registration, "moved", now, meeting=sitting_id, was_start=was[0], was_end=was[1], was_venue=was_venue)


def switched(
    registration: Registration, *, was_start: datetime, was_end: datetime, position: int | None = None, now: datetime
) -> None:
    """They took another sitting of the same event, or a place in its waiting line."""
    _tell(registration, "switched", now, was_start=iso(was_start), was_end=iso(was_end), position=position)


def swap_offered(taker: Registration, offer_id: int, *, now: datetime) -> None:
    """A colleague would like to swap sittings with them."""
    _tell(taker, "swap_offered", now, offer=offer_id)


def swap_declined(giver: Registration, *, now: datetime) -> None:
    """The colleague who was asked would rather not swap; their own place stays as it is."""
    _tell(giver, "swap_declined", now)


def substitute_named(registration: Registration, row: Substitution, colleague: MemberRow, *, now: datetime) -> None:
    """A colleague is asked to come in somebody's place."""
    _tell_substitute(registration, "substitute_named", row, colleague, registration.sequence, now)


def substitute_changed(registration: Registration, row: Substitution, colleague: MemberRow, *, now: datetime) -> None:
    """Time, place or sitting of what the colleague comes to changed."""
    _tell_substitute(registration, "substitute_changed", row, colleague, registration.sequence, now)


def substitute_dropped(registration: Registration, row: Substitution, colleague: MemberRow, *, now: datetime) -> None:
    """The colleague need not come any more."""
    _tell_substitute(registration, "substitute_dropped", row, colleague, registration.sequence + 1, now)


def edited(registration: Registration, words: list[str], *, now: datetime) -> None:
    """What the event is or brings with it reads otherwise; `words` name what changed."""
    _tell(registration, "edited", now, words=list(words))


def called_off(registration: Registration, *, held_a_seat: bool, now: datetime) -> None:
    """The whole event is cancelled."""
    _tell(registration, "called_off", now, held_a_seat=held_a_seat)


def reminder(registration: Registration, sitting_id: int, starts_at: datetime, *, now: datetime) -> None:
    """The day before; once for each date of a sitting."""
    _tell(registration, "reminder", now, meeting=sitting_id, once=f"reminder:{registration.id}:{iso(starts_at)}")


def _tell_substitute(
    registration: Registration, kind: str, row: Substitution, colleague: MemberRow, sequence: int, now: datetime
) -> None:
    """The colleague's entry is their own, under the SEQUENCE that the officer's would have."""
    message = Message(
        kind=f"registration.{kind}",
        thread=f"registration:{registration.id}",
        to_name=colleague.name,
        to_email=colleague.email,
        payload={
            "registration": registration.id,
            "sequence": sequence,
            "held_a_seat": False,
            "substitute": colleague.id,
            "calendar_name": row.calendar_name,
        },
    )
    outbox.enqueue(message, now=now)


def reply_declined(registration: Registration, *, now: datetime) -> None:
    """Their calendar declined: whether the place is given up is theirs to say; asked once for each invitation."""
    _tell(registration, "reply_declined", now, once=f"reply_declined:{registration.id}:{registration.sequence}")


def reply_unsupported(registration: Registration, *, now: datetime) -> None:
    """Their calendar asked for another time or named somebody else; explained once for each invitation."""
    _tell(registration, "reply_unsupported", now, once=f"reply_unsupported:{registration.id}:{registration.sequence}")


def _tell(
    registration: Registration,
    kind: str,
    now: datetime,
    *,
    to_email: str | None = None,
    once: str | None = None,
    in_haste: bool = False,
    **more: JSON,
) -> None:
    payload: dict[str, JSON] = {
        "registration": registration.id,
        "sequence": registration.sequence,
        "held_a_seat": registration.status is Status.CONFIRMED,
        **more,
    }
    email = to_email or registration.email
    outbox.enqueue(
        Message(
            kind=f"registration.{kind}",
            thread=f"registration:{registration.id}",
            to_name=registration.name,
            to_email=email,
            payload=payload,
            once=once,
            by_post=not email and not in_haste and _by_post(registration, now),
        ),
        now=now,
    )


def _by_post(registration: Registration, now: datetime) -> bool:
    """Who has no e-mail address but a postal one is written to, unless the sitting is too near for a letter."""
    if not registration.address:
        return False
    return post_arrives(now, db.session.get_one(Sitting, registration.sitting_id).starts_at)
