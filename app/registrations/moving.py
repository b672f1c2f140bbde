"""Taking another sitting of the same event: the steps that staff and guests share. They never commit."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.events.models import Event, Sitting
from app.infra import audit
from app.infra.db import db
from app.kernel.types import Actor
from app.registrations import messages, places, queries, standing_in
from app.registrations.errors import AlreadyAttended, AlreadyCancelled, ChangedMeanwhile, WrongSitting
from app.registrations.models import Registration
from app.registrations.promoting import promote
from app.registrations.types import Status


def locked(registration_id: int, to_sitting_id: int) -> tuple[Registration, Sitting, Sitting, Event]:
    """A registration, the sitting it has and the one it wants, both locked (always the lower id first), their event.

    Raises NotFound, WrongSitting, ChangedMeanwhile.
    """
    source_id = queries.sitting_of(registration_id)
    event_id = db.session.scalar(sa.select(Registration.event_id).where(Registration.id == registration_id))
    held = {number: places.lock(number) for number in sorted({source_id, to_sitting_id})}
    target, event = held[to_sitting_id]
    if event.id != event_id:
        raise WrongSitting("この回は、別の研修会のものです。もう一度お選びください。")
    registration = db.session.get_one(Registration, registration_id, populate_existing=True)
    if registration.sitting_id != source_id:
        raise ChangedMeanwhile("ちょうど回の変更がありました。今の内容を確かめて、もう一度お願いします。")
    return registration, held[source_id][0], target, event


def check_movable(registration: Registration, source: Sitting, now: datetime) -> None:
    """Raises AlreadyCancelled, AlreadyAttended (also once the sitting that is held began)."""
    if registration.status.is_over:
        raise AlreadyCancelled("取消し、または不承認となった申込みは変更できません。")
    if registration.attended or source.starts_at <= now:
        raise AlreadyAttended("開始時刻を過ぎたか、会場での受付が済んでいるため、回を変えられません。")


def move(
    registration: Registration, source: Sitting, target: Sitting, *, note: str = "", by: Actor, now: datetime
) -> None:
    """Write down that it stands at `target` now, tell them, and let whoever waits at `source` in.

    The caller has taken the place at `target` (or a number in its queue) and given back what was held. The calendar
    entry of a place that is confirmed moves along under the same UID, and so does that of the colleague who comes
    instead. Raises TwoAtOnce.
    """
    waits = registration.status is Status.WAITLISTED
    registration.sitting_id, registration.queue_no = target.id, registration.queue_no if waits else None
    registration.updated_at = now
    registration.sequence += registration.status is Status.CONFIRMED
    registration.version += 1
    db.session.flush()  # those who are promoted below must not meet this row in the queue they come from
    standing_in.follow(registration, now)
    fields = [f"sitting_id={source.id}→{target.id}"]
    audit.record(
        "registration.switched", "registration", registration.id, by=by, at=now, fields=fields, reason=note or None
    )
    position = queries.position(registration) if waits else None
    messages.switched(registration, was_start=source.starts_at, was_end=source.ends_at, position=position, now=now)
    promote(source, now)
