"""What must be true of seats: counted right, never too many, and none left empty that somebody waits for."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.events.choices import WaitingMode
from app.events.models import Event, Sitting
from app.infra.db import db
from app.registrations import places
from app.registrations.answer_by import answer_by
from app.registrations.models import Registration, SeatOffer
from app.registrations.rules import whom_to_serve
from app.registrations.types import SeatOfferState, Status
from app.stewardship.promises import Found, Promise

# A worker passes an offer on within a minute; after this none does.
PASSING_GRACE = timedelta(minutes=10)
OPEN = SeatOffer.state == SeatOfferState.OPEN


def idle(*, now: datetime) -> tuple[int, ...]:
    """Whoever waits for seats that are free and theirs, before the sitting begins.

    In the last hours the seats of an event that offers them are kept for the telephone.
    """
    chosen = (
        sa.select(Sitting, Event)
        .join(Event, Event.id == Sitting.event_id)
        .where(
            Sitting.waiting > 0,
            Sitting.starts_at > now,
            sa.or_(Sitting.capacity.is_(None), Sitting.seats_taken < Sitting.capacity),
        )
    )
    found: list[int] = []
    for sitting, event in db.session.execute(chosen).all():
        if event.waiting_mode is WaitingMode.OFFER and answer_by(now, sitting.starts_at) is None:
            continue
        served, _passed = whom_to_serve(places.queue(sitting.id), places.free_seats(sitting), event.large_parties)
        found += [one.id for one in served]
    return tuple(sorted(found))


def _seats_differ(_now: datetime) -> Found:
    """Seats are taken by who has them and by who is offered them."""
    confirmed = (
        sa.select(sa.func.coalesce(sa.func.sum(1 + Registration.companions), 0))
        .where(Registration.sitting_id == Sitting.id, Registration.status == Status.CONFIRMED)
        .correlate(Sitting)
        .scalar_subquery()
    )
    offered = (
        sa.select(sa.func.coalesce(sa.func.sum(SeatOffer.seats), 0))
        .join(Registration, Registration.id == SeatOffer.registration_id)
        .where(Registration.sitting_id == Sitting.id, OPEN)
        .correlate(Sitting)
        .scalar_subquery()
    )
    return sa.select(Sitting.id).where(Sitting.seats_taken != confirmed + offered)


def _waiting_differs(_now: datetime) -> Found:
    there = (
        sa.select(sa.func.count())
        .where(Registration.sitting_id == Sitting.id, Registration.status == Status.WAITLISTED)
        .correlate(Sitting)
        .scalar_subquery()
    )
    return sa.select(Sitting.id).where(Sitting.waiting != there)


def _oversold(_now: datetime) -> Found:
    return sa.select(Sitting.id).where(
        sa.or_(Sitting.seats_taken < 0, Sitting.seats_taken + Sitting.kept > Sitting.capacity)
    )


def _queue_numbers(_now: datetime) -> Found:
    """Without a number, with the number of somebody else, or with one that was never given."""
    other = aliased(Registration)
    twice = sa.exists().where(
        other.sitting_id == Registration.sitting_id,
        other.queue_no == Registration.queue_no,
        other.id != Registration.id,
    )
    return (
        sa.select(Registration.id)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .where(
            sa.or_(
                sa.and_(Registration.status == Status.WAITLISTED, Registration.queue_no.is_(None)),
                Registration.queue_no < 1,
                Registration.queue_no > Sitting.queue_counter,
                twice,
            )
        )
    )


def _offered_otherwise(_now: datetime) -> Found:
    """Who is offered seats has one open offer, of no more seats than the party needs; nobody else has one."""
    open_ones = (
        sa.select(sa.func.count())
        .where(SeatOffer.registration_id == Registration.id, OPEN, SeatOffer.seats <= 1 + Registration.companions)
        .correlate(Registration)
        .scalar_subquery()
    )
    any_open = sa.exists().where(SeatOffer.registration_id == Registration.id, OPEN)
    offered = Registration.status == Status.OFFERED
    return sa.select(Registration.id).where(sa.or_(sa.and_(offered, open_ones != 1), sa.and_(~offered, any_open)))


def _overdue(now: datetime) -> Found:
    """An offer that nobody answered passes on."""
    return sa.select(SeatOffer.id).where(OPEN, SeatOffer.answer_by < now - PASSING_GRACE)


SEATS = (
    Promise("seats_taken", "埋まっている席数が、確定の人数と案内中の席数の合計と違う", "sitting", _seats_differ),
    Promise("waiting", "キャンセル待ちの件数が、キャンセル待ちの申込みの件数と違う", "sitting", _waiting_differs),
    Promise("capacity", "定員を超えて席を確定している", "sitting", _oversold),
    Promise(
        "queue_numbers", "キャンセル待ちの番号がない、重なっている、範囲の外にある", "registration", _queue_numbers
    ),
    Promise("offer_open", "期限を過ぎた席の案内が終わっていない（ワーカーが動いていない）", "seat_offer", _overdue),
    Promise("offers", "席の案内中の申込みと、回答を待つ案内が合わない", "registration", _offered_otherwise),
)
