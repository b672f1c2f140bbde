"""What must be true of the named people of a party, of the seats of a body, and of places that were handed on."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.registrations.group_models import BodyPlace, Handover, PartyMember
from app.registrations.models import Registration
from app.registrations.types import Channel, Status
from app.stewardship.promises import Found, Promise

# The worker gives back what a body did not use within minutes; after this it does not.
SETTLING_GRACE = timedelta(minutes=10)


def _more_names_than_seats(_now: datetime) -> Found:
    """Of a party the representative has a seat; a body sends only those it names."""
    named = (
        sa.select(sa.func.count())
        .where(PartyMember.registration_id == Registration.id)
        .correlate(Registration)
        .scalar_subquery()
    )
    for_them = sa.case(
        (Registration.channel == Channel.BODY, 1 + Registration.companions), else_=Registration.companions
    )
    return sa.select(Registration.id).where(named > for_them, Registration.status != Status.CANCELLED)


def _body_differs(_now: datetime) -> Found:
    """Until its deadline a body has the seats that are held for it, afterwards no more than that."""
    seats = 1 + Registration.companions
    return (
        sa.select(Registration.id)
        .join(BodyPlace, BodyPlace.registration_id == Registration.id)
        .where(
            Registration.status == Status.CONFIRMED,
            sa.or_(sa.and_(BodyPlace.settled_at.is_(None), seats != BodyPlace.held), seats > BodyPlace.held),
        )
    )


def _body_without_place(_now: datetime) -> Found:
    has_place = sa.exists().where(BodyPlace.registration_id == Registration.id)
    return sa.select(Registration.id).where((Registration.channel == Channel.BODY) != has_place)


def _not_settled(now: datetime) -> Found:
    return (
        sa.select(Registration.id)
        .join(BodyPlace, BodyPlace.registration_id == Registration.id)
        .where(
            Registration.status == Status.CONFIRMED,
            ~Registration.attended,
            BodyPlace.settled_at.is_(None),
            BodyPlace.edit_until < now - SETTLING_GRACE,
        )
    )


def _handed_on_but_not_over(_now: datetime) -> Found:
    """Who handed a place on has it no more, and it went to somebody of the same event."""
    old, new = aliased(Registration), aliased(Registration)
    return (
        sa.select(Handover.registration_id)
        .join(old, old.id == Handover.from_id)
        .join(new, new.id == Handover.registration_id)
        .where(sa.or_(old.status != Status.CANCELLED, old.event_id != new.event_id))
    )


GROUPS = (
    Promise("party_names", "同伴者や団体のお名前が、席の数より多い", "registration", _more_names_than_seats),
    Promise("body_seats", "団体の枠の席数が、確保した席数と合わない", "registration", _body_differs),
    Promise("body_place", "団体の枠の申込みと、枠の記録が一対一でない", "registration", _body_without_place),
    Promise("body_settled", "期限を過ぎた団体の枠の、使わない席が返っていない", "registration", _not_settled),
    Promise(
        "handover",
        "席を譲った申込みが終わっていない、または別の研修会・講座のものである",
        "handover",
        _handed_on_but_not_over,
    ),
)
