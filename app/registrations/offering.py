"""Offers of seats: the steps that verbs share. The caller holds the sitting's lock; nothing here commits.

While an offer is open its seats are taken and its holder is out of the queue, under the number they had there.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.events.models import Sitting
from app.infra import audit
from app.infra.db import db
from app.kernel.types import SYSTEM, Actor
from app.registrations import messages, places
from app.registrations.answer_by import answer_by, last_moment
from app.registrations.errors import NoSeatsLeft
from app.registrations.models import Registration, SeatOffer
from app.registrations.types import Details, SeatOfferState, Status


def make(registration: Registration, seats: int, until: datetime, *, now: datetime) -> None:
    """Offer seats that the caller has taken for them, and tell them until when to answer."""
    registration.status, registration.updated_at = Status.OFFERED, now
    registration.version += 1
    db.session.add(SeatOffer(registration_id=registration.id, seats=seats, made_at=now, answer_by=until))
    audit.record("registration.offered", "registration", registration.id, by=SYSTEM, at=now, fields=["status"])
    messages.offered(registration, seats=seats, until=until, now=now)


def open_one(registration: Registration) -> SeatOffer:
    """The offer that somebody whose registration is `offered` has not answered."""
    return db.session.scalars(
        sa.select(SeatOffer).filter_by(registration_id=registration.id, state=SeatOfferState.OPEN)
    ).one()


def last_answer(registration: Registration) -> SeatOfferState | None:
    """How the latest offer to somebody stands, None where nothing was offered."""
    chosen = sa.select(SeatOffer.state).filter_by(registration_id=registration.id)
    return db.session.scalar(chosen.order_by(SeatOffer.id.desc()).limit(1))


def settle(offer: SeatOffer, state: SeatOfferState, *, by: Actor, now: datetime) -> None:
    """Write down how an offer ended and through whom; its seats are the caller's."""
    offer.state, offer.settled_at, offer.settled_by = state, now, by.label[:100]


def take_back(registration: Registration, sitting: Sitting, *, by: Actor, now: datetime) -> None:
    """The offer is no more, and its seats are free: the place was given up or exchanged, the caller says which."""
    offer = open_one(registration)
    settle(offer, SeatOfferState.WITHDRAWN, by=by, now=now)
    places.release(sitting, offer.seats, registration.category)


def take_back_all(sitting_ids: list[int], *, by: Actor, now: datetime) -> None:
    """No offer of these sittings is open any more; their seats are the caller's."""
    there = sa.select(Registration.id).where(Registration.sitting_id.in_(sitting_ids))
    db.session.execute(
        sa.update(SeatOffer)
        .where(SeatOffer.registration_id.in_(there), SeatOffer.state == SeatOfferState.OPEN)
        .values(state=SeatOfferState.WITHDRAWN, settled_at=now, settled_by=by.label[:100])
    )


def held(registration: Registration) -> int:
    """How many seats somebody has or is offered."""
    if registration.status is Status.OFFERED:
        return open_one(registration).seats
    return registration.seats if registration.status is Status.CONFIRMED else 0


def resize(registration: Registration, sitting: Sitting, details: Details) -> None:
    """The party is another one: what is held and not needed is free again. Raises NoSeatsLeft for a larger party.

    Whom they count as is counted already.
    """
    if details.seats > registration.seats:
        raise NoSeatsLeft("席をご案内している間は、人数を増やせません。")
    offer = open_one(registration)
    if details.seats < offer.seats:
        places.release(sitting, offer.seats - details.seats, details.category)
        offer.seats = details.seats


def keep_in_time(sitting: Sitting, *, by: Actor, now: datetime) -> None:
    """The sitting has another date: an offer whose time to answer would come too late is made anew, with less time.

    Where no time is left for an answer the seats are free, and its holder waits again at their old place in line.
    """
    late = (
        sa.select(Registration, SeatOffer)
        .join(SeatOffer, SeatOffer.registration_id == Registration.id)
        .where(
            Registration.sitting_id == sitting.id,
            SeatOffer.state == SeatOfferState.OPEN,
            SeatOffer.answer_by > last_moment(sitting.starts_at),
        )
        .order_by(Registration.queue_no)
    )
    until = answer_by(now, sitting.starts_at)
    for registration, offer in db.session.execute(late).all():
        settle(offer, SeatOfferState.WITHDRAWN, by=by, now=now)
        db.session.flush()  # nobody has two open offers, not even for a moment
        if until is not None:
            make(registration, offer.seats, until, now=now)
            continue
        places.release(sitting, offer.seats, registration.category)
        places.come_back(sitting)
        registration.status, registration.updated_at = Status.WAITLISTED, now
        registration.version += 1
        audit.record("registration.offer_withdrawn", "registration", registration.id, by=by, at=now, fields=["status"])
        messages.offer_withdrawn(registration, now=now)
