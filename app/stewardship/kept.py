"""What must be true of seats that are kept: counted as the registrations say, and released on their day."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.events import allotting
from app.events.models import Allotment, Event, Sitting
from app.events.types import EventStatus
from app.registrations import allotments
from app.stewardship.promises import Found, Promise

# A worker releases within a minute; after this none does.
RELEASE_GRACE = timedelta(minutes=10)


def _kept_differ(_now: datetime) -> Found:
    return sa.select(Sitting.id).where(Sitting.kept != allotting.KEPT)


def _taken_differ(_now: datetime) -> Found:
    seated = allotments.by_audience().subquery()
    of_it = sa.and_(seated.c.sitting_id == Allotment.sitting_id, seated.c.category == Allotment.category)
    joined = sa.select(Allotment.sitting_id).outerjoin(seated, of_it)
    return joined.where(Allotment.taken != sa.func.coalesce(seated.c.seats, 0)).distinct()


def _mark_differs(_now: datetime) -> Found:
    return sa.select(Sitting.id).where(Sitting.allotted != sa.exists().where(Allotment.sitting_id == Sitting.id))


def _still_kept(now: datetime) -> Found:
    return (
        sa.select(Allotment.sitting_id)
        .join(Sitting, Sitting.id == Allotment.sitting_id)
        .join(Event, Event.id == Sitting.event_id)
        .where(
            Allotment.released_at.is_(None),
            Allotment.releases_at < now - RELEASE_GRACE,
            Event.status == EventStatus.PUBLISHED,
        )
        .distinct()
    )


KEPT = (
    Promise("kept", "取ってある席の数が、取り置きと枠の残りの合計と違う", "sitting", _kept_differ),
    Promise("allotment", "枠の対象ごとの確定の席数が、申込みの人数の合計と違う", "sitting", _taken_differ),
    Promise("allotted", "枠があるかどうかの印が、枠と合わない", "sitting", _mark_differs),
    Promise("release", "期限を過ぎたのに、枠が開放されていない（ワーカーが動いていない）", "sitting", _still_kept),
)
