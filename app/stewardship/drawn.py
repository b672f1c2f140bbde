"""What must be true of draws: held once, recorded, and just as it was promised."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.events.models import Draw, Event
from app.events.types import Admission, EventStatus
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations import drawing, lots
from app.registrations.models import DrawEntry, Guest, Registration
from app.registrations.types import Lot, Status
from app.stewardship.promises import Found, Promise

# A worker closes a list within a minute; after this none does.
CLOSING_GRACE = timedelta(minutes=10)


def tampered() -> tuple[int, ...]:
    """Draws whose seed or list is not the one whose hash was published."""
    rows = db.session.execute(sa.select(Draw.event_id, Draw.seed, Draw.commitment, Draw.list_hash)).all()
    return tuple(
        row.event_id
        for row in rows
        if hashlib.sha256(bytes.fromhex(row.seed)).hexdigest() != row.commitment
        or (row.list_hash and lots.list_hash(drawing.frozen(row.event_id)) != row.list_hash)
    )


def _without_promise(_now: datetime) -> Found:
    """Whatever is drawn was promised before, and nothing else was."""
    promised = sa.exists().where(Draw.event_id == Event.id)
    is_drawn = sa.and_(Event.admission == Admission.LOTTERY, Event.published_at.is_not(None))
    return sa.select(Event.id).where(is_drawn != promised)


def _recorded_otherwise(_now: datetime) -> Found:
    """Closing the list and drawing stand in the audit log once each, where they happened."""
    return sa.select(Draw.event_id).where(
        sa.or_(
            _entries("draw.frozen") != sa.case((Draw.frozen_at.is_not(None), 1), else_=0),
            _entries("draw.drawn") != sa.case((Draw.drawn_at.is_not(None), 1), else_=0),
        )
    )


def _entries(action: str) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(
            AuditEntry.action == action,
            AuditEntry.object_type == "event",
            AuditEntry.object_id == sa.cast(Draw.event_id, sa.String(40)),
        )
        .correlate(Draw)
        .scalar_subquery()
    )


def _still_open(now: datetime) -> Found:
    return (
        sa.select(Draw.event_id)
        .join(Event, Event.id == Draw.event_id)
        .where(Event.status == EventStatus.PUBLISHED, Event.closes_at < now - CLOSING_GRACE, Draw.frozen_at.is_(None))
    )


def _result_missing(_now: datetime) -> Found:
    """Entries have a result exactly where it was drawn."""
    return (
        sa.select(DrawEntry.registration_id)
        .join(Draw, Draw.event_id == DrawEntry.event_id)
        .where(DrawEntry.rank.is_not(None) != Draw.drawn_at.is_not(None))
    )


def _result_differs(_now: datetime) -> Found:
    """Who won had a seat from then on, who lost was declined; nobody still waits for a draw that is over."""
    never_seated = sa.and_(DrawEntry.lot == Lot.WON, Registration.confirmed_at.is_(None))
    not_declined = sa.and_(DrawEntry.lot == Lot.LOST, Registration.status != Status.DECLINED)
    still_waits = sa.and_(DrawEntry.lot.is_not(None), Registration.status == Status.PENDING)
    return (
        sa.select(DrawEntry.registration_id)
        .join(Registration, Registration.id == DrawEntry.registration_id)
        .where(sa.or_(never_seated, not_declined, still_waits))
    )


def _left_out(_now: datetime) -> Found:
    """Whoever waits for a draw whose list is closed stands on the list."""
    on_the_list = sa.exists().where(DrawEntry.registration_id == Registration.id)
    a_guest = sa.exists().where(Guest.registration_id == Registration.id)
    return (
        sa.select(Registration.id)
        .join(Draw, Draw.event_id == Registration.event_id)
        .where(Registration.status == Status.PENDING, Draw.frozen_at.is_not(None), ~on_the_list, ~a_guest)
    )


DRAWN = (
    Promise(
        "draw_promise", "抽選の種を公開のときに決めていない、または抽選でないのに決めている", "event", _without_promise
    ),
    Promise("draw_record", "抽選または一覧の確定の操作記録がない、または二つ以上ある", "draw", _recorded_otherwise),
    Promise("draw_open", "締切を過ぎたのに、抽選の一覧が確定していない（ワーカーが動いていない）", "draw", _still_open),
    Promise("draw_result", "抽選の前に結果がある、または抽選のあとに結果がない", "draw_entry", _result_missing),
    Promise("draw_status", "抽選の結果と、申込みの状態が合わない", "draw_entry", _result_differs),
    Promise("draw_entry", "抽選の一覧に載っていない抽選待ちの申込みがある", "registration", _left_out),
)
