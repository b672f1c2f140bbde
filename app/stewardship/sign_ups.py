"""What must be true of courses, and of registrations for several sittings that were made together."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.delivery.models import OutboundMessage
from app.events.choices import SittingsTaken
from app.events.models import Event, Sitting
from app.events.types import EventStatus
from app.registrations.models import Registration
from app.registrations.types import Status
from app.stewardship.promises import Found, Promise


def _leads_elsewhere(_now: datetime) -> Found:
    """A meeting follows one that has seats, of its own course, and does not come before it."""
    lead = aliased(Sitting)
    sound = sa.and_(
        lead.event_id == Sitting.event_id,
        lead.lead_id.is_(None),
        lead.starts_at <= Sitting.starts_at,
        Event.sittings_taken == SittingsTaken.ALL,
    )
    return (
        sa.select(Sitting.id)
        .join(lead, lead.id == Sitting.lead_id)
        .join(Event, Event.id == Sitting.event_id)
        .where(~sound)
    )


def _several_ledgers(_now: datetime) -> Found:
    """A course that people can see has its seats in one place."""
    ledgers = sa.select(sa.func.count(Sitting.id)).where(Sitting.event_id == Event.id, Sitting.lead_id.is_(None))
    return sa.select(Event.id).where(
        Event.sittings_taken == SittingsTaken.ALL,
        Event.status != EventStatus.DRAFT,
        ledgers.correlate(Event).scalar_subquery() > 1,
    )


def _twice_at_one(_now: datetime) -> Found:
    """The registrations of a sign-up are of one event, and no two that hold something are of one sitting."""
    other = aliased(Registration)
    both = sa.and_(Registration.status != Status.CANCELLED, other.status != Status.CANCELLED)
    return (
        sa.select(Registration.id)
        .join(other, sa.and_(other.sign_up == Registration.sign_up, other.id != Registration.id))
        .where(
            sa.or_(
                other.event_id != Registration.event_id,
                sa.and_(both, other.sitting_id == Registration.sitting_id),
            )
        )
    )


def _untold(_now: datetime) -> Found:
    """Each sign-up was answered by one message, in the thread of one of its registrations."""
    thread = sa.literal("registration:") + sa.cast(Registration.id, sa.String(40))
    told = sa.func.count(OutboundMessage.id)
    answered = sa.and_(
        OutboundMessage.thread == thread,
        OutboundMessage.kind == "registration.signed_up",
        OutboundMessage.resend_of.is_(None),
    )
    return (
        sa.select(sa.func.min(Registration.id))
        .outerjoin(OutboundMessage, answered)
        .where(Registration.sign_up.is_not(None))
        .group_by(Registration.sign_up)
        .having(told != 1)
    )


SIGN_UPS = (
    Promise("course_lead", "連続講座の回が、席のある最初の回に続いていない", "sitting", _leads_elsewhere),
    Promise("course_ledger", "連続講座の席が、二つ以上の回にある", "event", _several_ledgers),
    Promise(
        "sign_up", "まとめた申込みが、二つの研修会・講座にまたがるか、同じ回に二つある", "registration", _twice_at_one
    ),
    Promise("sign_up_told", "まとめた申込みの結果が、ちょうど1通知らされていない", "registration", _untold),
)
