"""Steps on events and sittings that verbs of higher rooms share; they decide nothing and never commit.

Every step raises the event's revision, by a statement of the database's own so that two verbs at once both count: the
kept public page and open forms compare it.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.events import allotting
from app.events.drafts import SittingPlan
from app.events.models import Event, GuestQuota, Sitting
from app.events.types import EventStatus
from app.infra.db import db


def touch(event_id: int, *, now: datetime) -> None:
    """The event reads otherwise from now on."""
    _update(sa.update(Event).where(Event.id == event_id).values(revision=Event.revision + 1, updated_at=now))


def add_sitting(event_id: int, plan: SittingPlan) -> Sitting:
    """One more sitting, as planned; the event is not touched."""
    names = ("starts_at", "ends_at", "label", "venue_id", "capacity")
    sitting = Sitting(event_id=event_id, **{name: getattr(plan, name) for name in names})
    db.session.add(sitting)
    db.session.flush()  # the quota and the audit entry need the id
    if plan.guest_places:
        db.session.add(GuestQuota(sitting_id=sitting.id, places=plan.guest_places))
    if plan.held_back or plan.allotments:
        allotting.plan(sitting.id, plan.held_back, plan.allotments)
    return sitting


def move_sitting(
    sitting: Sitting, *, starts_at: datetime, ends_at: datetime, venue_id: int | None, now: datetime
) -> None:
    """Another time or place: calendars get a higher SEQUENCE (RFC 5546, 2.1.4)."""
    sitting.starts_at, sitting.ends_at, sitting.venue_id = starts_at, ends_at, venue_id
    _raise_sequences(Sitting.id == sitting.id)
    touch(sitting.event_id, now=now)


def set_capacity(sitting: Sitting, capacity: int | None, *, now: datetime) -> None:
    """Another number of seats, None for no limit. The database refuses fewer than are taken (ck_sitting_seats)."""
    sitting.capacity = capacity
    _update(sa.update(Sitting).where(Sitting.id == sitting.id).values(revision=Sitting.revision + 1))
    touch(sitting.event_id, now=now)


def set_guest_places(sitting: Sitting, places: int, *, now: datetime) -> None:
    """Another number of places for guests. The database refuses fewer than are taken (ck_guest_quota_places)."""
    quota = db.session.get(GuestQuota, sitting.id, populate_existing=True)
    if quota is not None:
        quota.places = places
    elif places:
        db.session.add(GuestQuota(sitting_id=sitting.id, places=places))
    _update(sa.update(Sitting).where(Sitting.id == sitting.id).values(revision=Sitting.revision + 1))
    touch(sitting.event_id, now=now)


def mark_cancelled(event: Event, reason: str, *, now: datetime) -> None:
    """The event does not take place; calendars that show its sittings learn of it."""
    event.status, event.cancel_reason = EventStatus.CANCELLED, reason
    title_changed(event.id)
    touch(event.id, now=now)


def title_changed(event_id: int) -> None:
    """Calendars show every sitting otherwise: under another title, or as cancelled."""
    _raise_sequences(Sitting.event_id == event_id)


def label_changed(sitting: Sitting, *, now: datetime) -> None:
    """Calendars show this sitting under another label."""
    _raise_sequences(Sitting.id == sitting.id)
    touch(sitting.event_id, now=now)


def _raise_sequences(which: sa.ColumnElement[bool]) -> None:
    _update(sa.update(Sitting).where(which).values(revision=Sitting.revision + 1, sequence=Sitting.sequence + 1))


def _update(statement: sa.Update) -> None:
    # What the session holds goes first, and is read again afterwards: the counters are the database's.
    db.session.flush()
    db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()
