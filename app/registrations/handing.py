"""Handing a place to another person: theirs from then on, under a link, a number and a calendar entry of its own.

What the first person said, was told and had as a link stays with their registration, which is over. Nobody's turn is
touched: the seats are the same, and so nobody is promoted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from app.events.models import Event, Sitting
from app.events.types import EventRow
from app.infra import audit, tokens
from app.infra.db import db, transaction
from app.kernel.types import Actor, ActorKind
from app.registrations import entering, messages, party, places, queries, rules, searching
from app.registrations.errors import AlreadyAttended, AlreadyCancelled, NotSeated, NotTransferable, TooLateToChange
from app.registrations.group_models import Handover
from app.registrations.models import Guest, Registration
from app.registrations.types import Application, Channel, Details, RegistrationRow, Status

HANDED_ON = "席をほかの方に譲りました。"


@dataclass(frozen=True, slots=True)
class Handed:
    """From whom a place was taken over and to whom it was handed on, as ids of registrations."""

    from_id: int | None = None
    to_id: int | None = None


def of_registration(registration_id: int) -> Handed:
    """Where a place came from and where it went."""
    rows = db.session.execute(
        sa.select(Handover.registration_id, Handover.from_id).where(
            sa.or_(Handover.registration_id == registration_id, Handover.from_id == registration_id)
        )
    ).all()
    return Handed(
        from_id=next((row.from_id for row in rows if row.registration_id == registration_id), None),
        to_id=next((row.registration_id for row in rows if row.from_id == registration_id), None),
    )


def may_hand_on(row: RegistrationRow, event: EventRow) -> bool:
    """Whether somebody may hand their own place to another person."""
    chosen = bool(row.municipality)
    problem = rules.why_not_handed(event.admission, hands_on=event.hands_on, is_guest=chosen, by_organizer=False)
    return (
        row.status is Status.CONFIRMED
        and row.channel is not Channel.BODY
        and not problem
        and queries.member_of(row.id) is None
    )


@transaction
def hand_over(registration_id: int, successor: Details, *, note: str = "", by: Actor, now: datetime) -> None:
    """Give a confirmed place with all its seats to `successor`; both are told. A second time changes nothing.

    As whom the place counts, and how many come, stays as it is. Raises NotFound, AlreadyCancelled, NotSeated,
    AlreadyAttended, TooLateToChange (a resident once the sitting began, the organizer once it is over),
    NotTransferable.
    """
    registration, sitting = places.locked(registration_id)
    if of_registration(registration_id).to_id is not None:
        return
    guest = db.session.get(Guest, registration_id)
    _check(registration, sitting, by=by, now=now, is_guest=guest is not None)
    registration.status, registration.cancel_reason = Status.CANCELLED, HANDED_ON
    registration.cancelled_at = registration.updated_at = now
    registration.sequence += 1
    registration.version += 1
    theirs = _enter(registration, successor, by, now)
    db.session.add(Handover(registration_id=theirs.id, from_id=registration.id))
    party.hand_on(registration.id, theirs.id)
    search = searching.search_of(theirs, party.of_registration(theirs.id))
    db.session.execute(sa.update(Registration).where(Registration.id == theirs.id).values(search=search))
    if guest is not None:
        db.session.add(Guest(registration_id=theirs.id, municipality=guest.municipality))
    for action, this, other in (("handed_on", registration, theirs), ("taken_over", theirs, registration)):
        fields = [f"registration={other.id}"]
        audit.record(
            f"registration.{action}", "registration", this.id, by=by, at=now, fields=fields, reason=note or None
        )
    messages.handed_on(registration, now=now)
    messages.taken_over(theirs, now=now)


def _check(registration: Registration, sitting: Sitting, *, by: Actor, now: datetime, is_guest: bool) -> None:
    by_organizer = by.kind is not ActorKind.RESIDENT
    if registration.status.is_over:
        raise AlreadyCancelled("取消し、または不承認となった申込みは変更できません。")
    if registration.status is not Status.CONFIRMED:
        raise NotSeated("席が確定してから、譲ることができます。")
    if registration.attended:
        raise AlreadyAttended("会場での受付が済んでいるため、譲れません。")
    if (sitting.ends_at if by_organizer else sitting.starts_at) <= now:
        raise TooLateToChange("時刻を過ぎたため、席を譲れません。")
    if registration.channel is Channel.BODY:
        raise NotTransferable("団体の枠は譲れません。団体が、参加する方を入れ替えられます。")
    if registration.staff_member_id is not None:
        raise NotTransferable("職員としての席は譲れません。代わりの方が出席するときは、代理出席を登録してください。")
    event = db.session.get_one(Event, registration.event_id)
    problem = rules.why_not_handed(
        event.admission, hands_on=event.hands_on, is_guest=is_guest, by_organizer=by_organizer
    )
    if problem:
        raise NotTransferable(problem)


def _enter(old: Registration, successor: Details, by: Actor, now: datetime) -> Registration:
    """The place as the other person's, under a new number and link."""
    details = replace(successor, category=old.category, companions=old.companions)
    channel = Channel.WEB if by.kind is ActorKind.RESIDENT else Channel.PHONE
    application = Application(old.sitting_id, details, tokens.random_id(), channel)
    row = entering.described(details, tokens.reference_number()) | {"event_id": old.event_id}
    row["submission_key"] = row["submission_digest"] = hashlib.sha256(application.submission_id.encode()).hexdigest()
    db.session.flush()  # whether somebody of that name and address has a place is asked without the old one
    entering.look(row)
    return entering.add(application, row, Status.CONFIRMED, now)
