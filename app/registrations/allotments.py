"""Seats of a sitting that are kept: for an audience until a day, or back in the organizer's own hand.

Whoever counts to an audience takes the seats kept for it first and the others after that, so keeping seats never makes
fewer of them. What was kept in vain is released on its day, by whichever worker comes first, or early by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.events import allotting, steps
from app.events.audiences import Category
from app.events.drafts import AllotmentPlan
from app.events.models import Allotment, Event, Sitting
from app.events.types import Admission, EventStatus
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.types import SYSTEM, Actor
from app.registrations import places
from app.registrations.errors import KeptOfNothing, KeptTooMany, NotWithDraw, WrongRelease
from app.registrations.models import Registration, SeatOffer
from app.registrations.promoting import promote
from app.registrations.types import SeatOfferState, Status


@transaction
def change(sitting_id: int, held_back: int, wanted: Sequence[AllotmentPlan], *, by: Actor, now: datetime) -> int:
    """Keep `held_back` seats in the organizer's hand and those `wanted` for audiences; returns how many are promoted.

    Whoever has a seat keeps it, so no more can be kept than are free. Seats that are no longer kept go to those who
    wait. Raises WrongSitting, KeptOfNothing, NotWithDraw, WrongRelease, KeptTooMany.
    """
    sitting, event = places.lock(sitting_id)
    if (held_back or wanted) and sitting.capacity is None:
        raise KeptOfNothing("定員のない回では、席を取っておけません。先に定員を決めてください。")
    if wanted and event.admission is Admission.LOTTERY:
        raise NotWithDraw("抽選の研修会・講座では、対象ごとの枠は使えません。取り置きの席は使えます。")
    _check_releases(sitting, wanted, now)
    taken = seated(sitting_id)
    _check_room(sitting, held_back, wanted, taken)
    allotting.plan(sitting_id, held_back, wanted, taken)
    steps.touch(event.id, now=now)
    audit.record("sitting.kept", "sitting", sitting_id, by=by, at=now, reason=_in_words(held_back, wanted))
    return promote(sitting, now)


@transaction
def release(sitting_id: int, category: Category, *, by: Actor, now: datetime) -> int:
    """What is unused of an audience's seats is for everybody from now on; returns how many are promoted.

    A second time nothing happens. Raises WrongSitting.
    """
    sitting, _event = places.lock(sitting_id)
    if not allotting.release(sitting_id, category, now=now):
        return 0
    audit.record("sitting.released", "sitting", sitting_id, by=by, at=now, reason=category.word)
    return promote(sitting, now)


def release_due(*, now: datetime) -> None:
    """Release whatever is due, each in a transaction of its own; several workers may do so at once."""
    due = (
        sa.select(Allotment.sitting_id, Allotment.category)
        .join(Sitting, Sitting.id == Allotment.sitting_id)
        .join(Event, Event.id == Sitting.event_id)
        .where(Allotment.released_at.is_(None), Allotment.releases_at <= now, Event.status == EventStatus.PUBLISHED)
        .order_by(Allotment.sitting_id, Allotment.category)
    )
    for sitting_id, category in db.session.execute(due).all():
        release(sitting_id, category, by=SYSTEM, now=now)


def seated(sitting_id: int) -> dict[Category, int]:
    """How many seats each audience has, or is offered, at a sitting."""
    seats = by_audience().where(Registration.sitting_id == sitting_id)
    return {category: int(number) for _sitting, category, number in db.session.execute(seats)}


def by_audience() -> sa.Select[int, Category, int]:
    """The statement that counts these seats: sitting, audience, and how many; nothing where there are none."""
    an_open_offer = sa.and_(SeatOffer.registration_id == Registration.id, SeatOffer.state == SeatOfferState.OPEN)
    seats = sa.func.sum(sa.func.coalesce(SeatOffer.seats, 1 + Registration.companions)).label("seats")
    return (
        sa.select(Registration.sitting_id, Registration.category, seats)
        .outerjoin(SeatOffer, an_open_offer)
        .where(Registration.status.in_((Status.CONFIRMED, Status.OFFERED)))
        .group_by(Registration.sitting_id, Registration.category)
    )


def _check_releases(sitting: Sitting, wanted: Sequence[AllotmentPlan], now: datetime) -> None:
    for one in wanted:
        if not now < one.releases_at <= sitting.starts_at:
            raise WrongRelease(
                f"「{one.category.word}の枠」の期限は、今日から開催日の前日までの日にしてください。",
                f"{one.category}_until",
            )


def _check_room(sitting: Sitting, held_back: int, wanted: Sequence[AllotmentPlan], taken: dict[Category, int]) -> None:
    unused = sum(max(0, one.places - taken.get(one.category, 0)) for one in wanted)
    free = (sitting.capacity or 0) - sitting.seats_taken
    if held_back + unused > free:
        raise KeptTooMany(
            f"定員{sitting.capacity}席のうち{sitting.seats_taken}席が確定しているため、取っておけるのは、"
            f"取り置きと枠の残りを合わせて{free}席までです（いまの入力では{held_back + unused}席になります）。"
        )


def _in_words(held_back: int, wanted: Sequence[AllotmentPlan]) -> str:
    kept = [f"取り置き{held_back}席", *(f"{one.category.word}{one.places}席" for one in wanted)]
    return "、".join(kept)
