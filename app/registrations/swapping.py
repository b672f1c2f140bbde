"""Two members of staff swap their sittings of one event. Seats never move: each takes the other's.

Both sittings are locked, always the lower id first, so whatever else is done with one of the two places waits.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.events.models import Event, Sitting
from app.events.rules import takes_applications
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.registrations import messages, places, standing_in, swaps
from app.registrations.errors import AlreadyOffered, ApplicationsClosed, NoPartner, OfferOver
from app.registrations.models import Registration, SwapOffer
from app.registrations.types import OfferState, Status


@transaction
def propose(registration_id: int, email: str, *, by: Actor, now: datetime) -> int:
    """Ask the colleague with that address to swap; they are told by mail. Returns the offer's id.

    The offer can be answered until the sign-up closes or the first of both sittings begins. Raises NotFound,
    NoPartner, AlreadyOffered, ApplicationsClosed.
    """
    mine = _registration(registration_id)
    theirs = _partner(mine, email)
    both = {number: places.lock(number) for number in sorted({mine.sitting_id, theirs.sitting_id})}
    event = both[mine.sitting_id][1]
    sittings = [sitting for sitting, _event in both.values()]
    for sitting in sittings:
        if not takes_applications(event.status, event.opens_at, event.closes_at, sitting.starts_at, now):
            raise ApplicationsClosed("回を変えられる期間ではありません。担当課へお問い合わせください。")
    _make_room(mine.id, now)
    offer = SwapOffer(
        giver_id=mine.id,
        taker_id=theirs.id,
        giver_sitting_id=mine.sitting_id,
        taker_sitting_id=theirs.sitting_id,
        state=OfferState.OPEN,
        made_at=now,
        expires_at=_deadline(event, sittings),
    )
    db.session.add(offer)
    db.session.flush()  # the mail and the audit entry name its id
    audit.record("registration.swap_offered", "registration", mine.id, by=by, at=now)
    messages.swap_offered(theirs, offer.id, now=now)
    return offer.id


@transaction
def accept(offer_id: int, *, by: Actor, now: datetime) -> None:
    """Each of the two takes the other's seat; both calendar entries move along under their UID.

    Raises OfferOver, also when one of the two has another place meanwhile, and TwoAtOnce.
    """
    offer = _answerable(offer_id, now)
    pair = [_registration(offer.giver_id), _registration(offer.taker_id)]
    sittings = [db.session.get_one(Sitting, one.sitting_id) for one in pair]
    alike = (pair[0].seats, pair[0].category) == (pair[1].seats, pair[1].category)
    if not alike or any(sitting.starts_at <= now for sitting in sittings):
        raise OfferOver("この交換は、もうできません。いまの席は、そのまま取ってあります。")
    for one, was, to in zip(pair, sittings, reversed(sittings), strict=True):
        one.sitting_id, one.queue_no = to.id, None
        one.updated_at = now
        one.sequence += 1
        one.version += 1
        audit.record(
            "registration.switched", "registration", one.id, by=by, at=now, fields=[f"sitting_id={was.id}→{to.id}"]
        )
        messages.switched(one, was_start=was.starts_at, was_end=was.ends_at, now=now)
    db.session.flush()  # both stand where they will be when it is asked who else is there
    for one in pair:
        standing_in.follow(one, now)
    _settle(offer, OfferState.ACCEPTED, now)
    _lapse(sa.or_(*(side.in_([one.id for one in pair]) for side in (SwapOffer.giver_id, SwapOffer.taker_id))), now)


@transaction
def decline(offer_id: int, *, by: Actor, now: datetime) -> None:
    """Rather not; who asked is told. Raises OfferOver."""
    offer = _answerable(offer_id, now)
    _settle(offer, OfferState.DECLINED, now)
    audit.record("registration.swap_declined", "registration", offer.giver_id, by=by, at=now)
    messages.swap_declined(_registration(offer.giver_id), now=now)


@transaction
def withdraw(offer_id: int, *, by: Actor, now: datetime) -> None:
    """Take the question back; who was asked finds it gone. Raises OfferOver."""
    offer = _answerable(offer_id, now)
    _settle(offer, OfferState.WITHDRAWN, now)
    audit.record("registration.swap_withdrawn", "registration", offer.giver_id, by=by, at=now)


def _answerable(offer_id: int, now: datetime) -> SwapOffer:
    """The offer, under the locks of both sittings."""
    offer = db.session.get(SwapOffer, offer_id)
    if offer is None:
        raise OfferOver("この交換のお願いは見つかりません。")
    for number in sorted((offer.giver_sitting_id, offer.taker_sitting_id)):
        places.lock(number)
    try:
        swaps.live(offer_id, now=now)
    except NotFound as gone:
        raise OfferOver("この交換は、もうできません。いまの席は、そのまま取ってあります。") from gone
    db.session.refresh(offer)
    return offer


def _partner(mine: Registration, email: str) -> Registration:
    held = sa.select(Registration).where(
        Registration.event_id == mine.event_id,
        Registration.sitting_id != mine.sitting_id,
        Registration.staff_member_id.is_not(None),
        Registration.status == Status.CONFIRMED,
        Registration.companions == mine.companions,
        Registration.category == mine.category,
        sa.func.lower(Registration.email) == email.lower(),
    )
    found = db.session.scalars(held.limit(2)).all()
    if mine.status is not Status.CONFIRMED or mine.attended or len(found) != 1:
        raise NoPartner("この方とは交換できません。別の回に参加が確定している職員のアドレスを入力してください。")
    return found[0]


def _make_room(registration_id: int, now: datetime) -> None:
    """One question at a time; what nobody can answer any more does not count."""
    open_one = db.session.scalar(sa.select(SwapOffer).filter_by(giver_id=registration_id, state=OfferState.OPEN))
    if open_one is None:
        return
    try:
        swaps.live(open_one.id, now=now)
    except NotFound:
        _lapse(SwapOffer.id == open_one.id, now)
    else:
        raise AlreadyOffered("すでに交換をお願いしている方がいます。取り下げてから、別の方にお願いしてください。")


def _deadline(event: Event, sittings: list[Sitting]) -> datetime:
    ends = [sitting.starts_at for sitting in sittings]
    return min([*ends, event.closes_at] if event.closes_at else ends)


def _registration(registration_id: int) -> Registration:
    row = db.session.get(Registration, registration_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _settle(offer: SwapOffer, state: OfferState, now: datetime) -> None:
    offer.state, offer.settled_at = state, now
    db.session.flush()  # before the rows that are still open are looked for


def _lapse(which: sa.ColumnElement[bool], now: datetime) -> None:
    db.session.execute(
        sa.update(SwapOffer)
        .where(which, SwapOffer.state == OfferState.OPEN)
        .values(state=OfferState.LAPSED, settled_at=now)
    )
