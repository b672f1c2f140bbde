"""What becomes of an offer of seats: taken, declined, or passed on when its time is over. Each verb is one transaction.

Whoever declines or does not answer is out: an offer never goes round in circles. The seats go to the next in line in
the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.events.audiences import Category
from app.events.models import Sitting
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.types import RESIDENT, SYSTEM, Actor
from app.registrations import messages, offering, party, places
from app.registrations.errors import OfferOver
from app.registrations.models import Registration, SeatOffer
from app.registrations.promoting import promote
from app.registrations.types import SeatOfferState, Status

# Offers that one transaction passes on: the sitting's row is held for a moment only.
BATCH = 25
DECLINED = "席のご案内を辞退されたため"
EXPIRED = "席のご案内に、期限までに回答がなかったため"


@transaction
def accept(registration_id: int, *, by: Actor = RESIDENT, now: datetime) -> None:
    """Take the seats that are offered; a party that was offered fewer comes with so many. Twice is once.

    Raises NotFound, ChangedMeanwhile, OfferOver (also for who was offered nothing).
    """
    registration, _sitting = places.locked(registration_id)
    taken(registration, by=by, now=now)


@transaction
def decline(registration_id: int, *, by: Actor = RESIDENT, now: datetime) -> None:
    """Give up what is offered, and with it the place in line. A second time changes nothing.

    Raises NotFound, ChangedMeanwhile, OfferOver (also for who was offered nothing).
    """
    registration, sitting = places.locked(registration_id)
    refused(registration, sitting, by=by, now=now)


def due(*, now: datetime) -> list[int]:
    """The sittings of which an offer was not answered in time."""
    chosen = (
        sa.select(Registration.sitting_id)
        .join(SeatOffer, SeatOffer.registration_id == Registration.id)
        .where(*_overdue(now))
    )
    return list(db.session.scalars(chosen.distinct().order_by(Registration.sitting_id)))


@transaction
def expire(sitting_id: int, *, now: datetime) -> int:
    """Pass on up to 25 offers of a sitting whose time is over, the oldest first; returns how many.

    Whoever else does it at the same moment waits for the sitting's lock and then finds these settled.
    """
    sitting, _event = places.lock(sitting_id)
    chosen = (
        sa.select(Registration, SeatOffer)
        .join(SeatOffer, SeatOffer.registration_id == Registration.id)
        .where(Registration.sitting_id == sitting_id, *_overdue(now))
        .order_by(SeatOffer.answer_by, SeatOffer.id)
        .limit(BATCH)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(chosen).all()
    for registration, offer in found:
        _end(registration, offer, SeatOfferState.EXPIRED, EXPIRED, by=SYSTEM, now=now)
        messages.offer_expired(registration, now=now)
    if found:
        _free(sitting, [(registration.category, offer.seats) for registration, offer in found])
        promote(sitting, now)
    return len(found)


def taken(registration: Registration, *, by: Actor, now: datetime) -> None:
    """The step of accepting, for whoever holds the sitting's lock. Raises OfferOver."""
    if registration.status is Status.CONFIRMED and offering.last_answer(registration) is SeatOfferState.ACCEPTED:
        return
    offer = _answerable(registration, now)
    offering.settle(offer, SeatOfferState.ACCEPTED, by=by, now=now)
    changed = ["status"]
    if offer.seats < registration.seats:
        party.come_with(registration, offer.seats - 1)
        changed.append("companions")
    registration.status = Status.CONFIRMED
    registration.confirmed_at = registration.updated_at = now
    registration.version += 1
    audit.record("registration.accepted", "registration", registration.id, by=by, at=now, fields=changed)
    messages.accepted(registration, now=now)


def refused(registration: Registration, sitting: Sitting, *, by: Actor, now: datetime) -> None:
    """The step of declining, for whoever holds the sitting's lock. Raises OfferOver."""
    if registration.status is Status.CANCELLED and offering.last_answer(registration) is SeatOfferState.DECLINED:
        return
    offer = _answerable(registration, now)
    _end(registration, offer, SeatOfferState.DECLINED, DECLINED, by=by, now=now)
    messages.offer_declined(registration, now=now)
    places.release(sitting, offer.seats, registration.category)
    promote(sitting, now)


def _end(
    registration: Registration, offer: SeatOffer, state: SeatOfferState, reason: str, *, by: Actor, now: datetime
) -> None:
    offering.settle(offer, state, by=by, now=now)
    registration.status, registration.cancel_reason = Status.CANCELLED, reason
    registration.cancelled_at = registration.updated_at = now
    registration.sequence += 1
    registration.version += 1
    audit.record(f"registration.offer_{state.value}", "registration", registration.id, by=by, at=now, fields=["status"])


def _free(sitting: Sitting, seats: Sequence[tuple[Category, int]]) -> None:
    """Give them back, one statement for each audience."""
    for category in {whose for whose, _number in seats}:
        places.release(sitting, sum(number for whose, number in seats if whose is category), category)


def _answerable(registration: Registration, now: datetime) -> SeatOffer:
    if registration.status is not Status.OFFERED:
        raise OfferOver(f"席のご案内は、もう終わっています。この申込みは、いまは「{registration.status.word}」です。")
    offer = offering.open_one(registration)
    if offer.answer_by <= now:
        raise OfferOver("回答の期限を過ぎたため、席は次の方にご案内します。もう一度申し込むことはできます。")
    return offer


def _overdue(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return SeatOffer.state == SeatOfferState.OPEN, SeatOffer.answer_by <= now
