"""What must be true of those who wait for an answer: guests, and everybody where the first is not served first."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.events.models import Event, GuestQuota, Sitting
from app.events.types import Admission
from app.registrations.models import Guest, Registration
from app.registrations.types import Status
from app.stewardship.promises import Found, Promise


def _guests_differ(_now: datetime) -> Found:
    """Guests who hold a place for guests, or ask for one, are as many as the quota counts."""
    held = (
        sa.select(sa.func.count())
        .select_from(Guest)
        .join(Registration, Registration.id == Guest.registration_id)
        .where(Registration.sitting_id == Sitting.id, Registration.status.not_in((Status.CANCELLED, Status.DECLINED)))
        .correlate(Sitting)
        .scalar_subquery()
    )
    kept = sa.func.coalesce(GuestQuota.taken, 0)
    return sa.select(Sitting.id).outerjoin(GuestQuota, GuestQuota.sitting_id == Sitting.id).where(kept != held)


def _asked_as_nobody(_now: datetime) -> Found:
    """Who comes first is served first: only guests wait for an answer there, and elsewhere those who apply do."""
    a_guest = sa.exists().where(Guest.registration_id == Registration.id)
    return (
        sa.select(Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Registration.status.in_((Status.PENDING, Status.DECLINED)),
            Event.admission == Admission.FIRST_COME,
            sa.not_(a_guest),
        )
    )


ASKING = (
    Promise("guests", "流域市町の受入枠の使用数が、その申込みの件数と違う", "sitting", _guests_differ),
    Promise(
        "asked",
        "先着順の研修会・講座に、流域市町の職員でない承認待ち・不承認の申込みがある",
        "registration",
        _asked_as_nobody,
    ),
)
