"""The reminder of the day before, once for each date of a sitting."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.events.choices import SittingsTaken
from app.events.models import Event, Sitting
from app.events.types import EventStatus
from app.infra.db import db, transaction
from app.registrations import messages
from app.registrations.models import Registration
from app.registrations.types import Status

BEFORE = timedelta(days=1)
BATCH = 200


@transaction
def remind_due(*, now: datetime) -> int:
    """Queue a reminder for up to 200 people whose sitting begins within a day; returns how many.

    Who applied within that last day holds a fresh confirmation and is not reminded. A sitting that moved to another
    time is reminded of anew.
    """
    due = (
        sa.select(Registration, Sitting.id, Sitting.starts_at)
        .join(Sitting, sa.func.coalesce(Sitting.lead_id, Sitting.id) == Registration.sitting_id)
        .join(Event, Event.id == Sitting.event_id)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Registration.status == Status.CONFIRMED,
            Sitting.starts_at > now,
            Sitting.starts_at <= now + BEFORE,
            sa.or_(
                Registration.reminded_for.is_(None),
                Registration.reminded_for < Sitting.starts_at,
                # Somebody who comes to one meeting only; of a course, the next one was reminded of.
                sa.and_(Registration.reminded_for > Sitting.starts_at, Event.sittings_taken != SittingsTaken.ALL),
            ),
        )
        .order_by(Sitting.starts_at, Registration.id)
        .limit(BATCH)
        .with_for_update(of=Registration, skip_locked=True)
    )
    rows = db.session.execute(due).all()
    for registration, sitting_id, starts_at in rows:
        registration.reminded_for = starts_at
        if registration.applied_at <= starts_at - BEFORE:
            messages.reminder(registration, sitting_id, starts_at, now=now)
    return len(rows)
