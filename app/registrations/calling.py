"""Telephoning those who wait: in the last hours before a sitting, and whoever was offered a seat without e-mail.

Each verb is one transaction under the sitting's lock, so that a seat is given once, whoever telephones or answers.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.delivery import calling as delivery
from app.delivery.types import Outcome
from app.events.choices import WaitingMode
from app.events.models import Sitting
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.types import Actor
from app.registrations import offers, party, places, promoting
from app.registrations.answer_by import answer_by
from app.registrations.cancelling import give_back
from app.registrations.errors import NotToCall
from app.registrations.models import Registration, WaitingCall
from app.registrations.rules import seats_by_call
from app.registrations.types import CallOutcome, Status

BY_PHONE = "電話で辞退されたため"


@transaction
def says_yes(registration_id: int, *, by: Actor, now: datetime) -> None:
    """They come: the seats that are offered, or kept for the telephone, are theirs. A second time changes nothing.

    Raises NotFound, ChangedMeanwhile, NotToCall, OfferOver.
    """
    registration, sitting = places.locked(registration_id)
    if registration.status is Status.CONFIRMED:
        return
    if registration.status is Status.WAITLISTED:
        _seat(registration, sitting, by, now)
    else:
        offers.taken(registration, by=by, now=now)
    _note(registration, CallOutcome.ACCEPTED, by, now)
    delivery.note_all(f"registration:{registration.id}", Outcome.REACHED, by=by, now=now)


@transaction
def says_no(registration_id: int, *, by: Actor, now: datetime) -> None:
    """They do not come: the place in line and what was offered are given up. A second time changes nothing.

    Raises NotFound, ChangedMeanwhile, NotToCall, OfferOver.
    """
    registration, sitting = places.locked(registration_id)
    if registration.status is Status.CANCELLED:
        return
    if registration.status is Status.WAITLISTED:
        give_back(registration, sitting, BY_PHONE, by=by, now=now)
    else:
        offers.refused(registration, sitting, by=by, now=now)
    _note(registration, CallOutcome.DECLINED, by, now)
    delivery.note_all(f"registration:{registration.id}", Outcome.REACHED, by=by, now=now)


@transaction
def is_not_reached(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Nobody answered: they stay where they are, and the next one may be called. Raises NotFound, NotToCall."""
    registration, _sitting = places.locked(registration_id)
    if registration.status not in {Status.WAITLISTED, Status.OFFERED}:
        raise NotToCall(f"この申込みは、いまは「{registration.status.word}」です。")
    _note(registration, CallOutcome.NO_ANSWER, by, now)
    audit.record("registration.not_reached", "registration", registration.id, by=by, at=now)
    delivery.note_all(f"registration:{registration.id}", Outcome.ABSENT, by=by, now=now)


def by_phone(mode: WaitingMode, starts_at: datetime, now: datetime) -> bool:
    """True in the last hours before a sitting whose seats are offered: they are kept for the telephone then."""
    return mode is WaitingMode.OFFER and now < starts_at and answer_by(now, starts_at) is None


def not_reached(sitting_id: int) -> set[int]:
    """Those who wait for a seat of the sitting and were called in vain."""
    called = (
        sa.select(WaitingCall.registration_id)
        .join(Registration, Registration.id == WaitingCall.registration_id)
        .where(
            Registration.sitting_id == sitting_id,
            Registration.status == Status.WAITLISTED,
            WaitingCall.outcome == CallOutcome.NO_ANSWER,
        )
    )
    return set(db.session.scalars(called))


def _seat(registration: Registration, sitting: Sitting, by: Actor, now: datetime) -> None:
    event = places.event_of(sitting)
    if not by_phone(event.waiting_mode, sitting.starts_at, now):
        raise NotToCall("電話で席を確定できるのは、開催の直前だけです。いまは席が空くと、順番にご案内します。")
    line, aside = places.queue(sitting.id), not_reached(sitting.id)
    seats = seats_by_call(line, places.free_seats(sitting), event.large_parties, registration.id, aside)
    if not seats:
        raise NotToCall("空いている席が足りないか、先に電話する方がいます。一覧を確かめてください。")
    places.claim(sitting, seats, registration.category)
    places.leave_queue(sitting)
    places.record_passed(line[: [one.id for one in line].index(registration.id)], now=now)
    party.come_with(registration, seats - 1)
    promoting.seat(registration, by=by, now=now)


def _note(registration: Registration, outcome: CallOutcome, by: Actor, now: datetime) -> None:
    db.session.add(
        WaitingCall(registration_id=registration.id, called_at=now, called_by=by.label[:100], outcome=outcome)
    )
