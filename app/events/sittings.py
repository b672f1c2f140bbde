"""What organizers do with single sittings as long as nobody else is concerned.

Another time, place or number of seats for people who registered: registrations.meetings.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.events import courses, steps
from app.events.drafts import SittingPlan
from app.events.errors import CapacityBelowKept, NotEditable, SittingInUse, WrongPeriod
from app.events.models import Allotment, Event, GuestQuota, Sitting
from app.events.types import EventStatus
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor

OPEN = (EventStatus.DRAFT, EventStatus.PUBLISHED)


@transaction
def add_sitting(event_id: int, plan: SittingPlan, *, by: Actor, now: datetime) -> int:
    """One more sitting; returns its id.

    Raises NotFound, NotEditable once finished or cancelled, WrongPeriod, CourseFixed once a course is published,
    CourseKeepsSeats.
    """
    event = db.session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound
    if event.status not in OPEN:
        raise NotEditable("終了または中止した研修会・講座に、回は追加できません。")
    _check_period(plan)
    if event.status is not EventStatus.DRAFT:
        courses.check_fixed(event)
    sitting = steps.add_sitting(event_id, plan)
    courses.settle(event)
    steps.touch(event_id, now=now)
    audit.record("sitting.added", "sitting", sitting.id, by=by, at=now)
    return sitting.id


@transaction
def edit_sitting(sitting_id: int, plan: SittingPlan, *, by: Actor, now: datetime) -> None:
    """Plan a sitting of a draft anew; the seats that are kept stay so.

    Of a course any meeting gives the seats of all.

    Raises NotFound, NotEditable once published, WrongPeriod, CapacityBelowKept, CourseKeepsSeats.
    """
    sitting, event = _locked(sitting_id)
    if event.status is not EventStatus.DRAFT:
        raise NotEditable("公開した回の日時・会場・定員は、それぞれの画面から変更してください。")
    _check_period(plan)
    ledger = courses.ledger_of(sitting)
    if ledger.kept and (plan.capacity is None or plan.capacity < ledger.kept):
        raise CapacityBelowKept(f"取り置きと枠で{ledger.kept}席を取ってあります。定員は、それ以上にしてください。")
    sitting.label = plan.label
    steps.move_sitting(sitting, starts_at=plan.starts_at, ends_at=plan.ends_at, venue_id=plan.venue_id, now=now)
    steps.set_capacity(ledger, plan.capacity, now=now)
    steps.set_guest_places(ledger, plan.guest_places, now=now)
    courses.settle(event)
    fields = ("label", "starts_at", "ends_at", "venue_id", "capacity", "guest_places")
    audit.record("sitting.edited", "sitting", sitting_id, by=by, at=now, fields=fields)


@transaction
def rename_sitting(sitting_id: int, label: str, *, by: Actor, now: datetime) -> None:
    """Another label, 午前の部. Raises NotFound."""
    sitting, _event = _locked(sitting_id)
    if sitting.label == label:
        return
    sitting.label = label
    steps.label_changed(sitting, now=now)
    audit.record("sitting.edited", "sitting", sitting_id, by=by, at=now, fields=["label"])


@transaction
def remove_sitting(sitting_id: int, *, by: Actor, now: datetime) -> None:
    """Take a sitting away that nobody ever registered for.

    Raises NotFound, SittingInUse, NotEditable for the last sitting of a published event and for past events,
    CourseFixed once a course is published.
    """
    sitting, event = _locked(sitting_id)
    if event.status not in OPEN:
        raise NotEditable("終了または中止した研修会・講座の回は削除できません。")
    if event.status is not EventStatus.DRAFT:
        courses.check_fixed(event)
    others = db.session.scalar(sa.select(sa.func.count()).where(Sitting.event_id == event.id, Sitting.id != sitting_id))
    if event.status is EventStatus.PUBLISHED and not others:
        raise NotEditable("公開中の研修会・講座には、回が一つ以上必要です。行わないときは「中止」にしてください。")
    courses.part_from(sitting)
    for of_sitting in (GuestQuota, Allotment):
        db.session.execute(sa.delete(of_sitting).where(of_sitting.sitting_id == sitting_id))
    try:
        db.session.execute(sa.delete(Sitting).where(Sitting.id == sitting_id))
    except IntegrityError:
        # Whatever still points to the sitting (registrations, cancelled ones too) keeps it.
        raise SittingInUse("この回には申込みがあるため削除できません（取消済みの申込みも残ります）。") from None
    courses.settle(event)
    steps.touch(event.id, now=now)
    audit.record("sitting.removed", "sitting", sitting_id, by=by, at=now)


def _locked(sitting_id: int) -> tuple[Sitting, Event]:
    sitting = db.session.get(Sitting, sitting_id, with_for_update=True, populate_existing=True)
    if sitting is None:
        raise NotFound
    return sitting, db.session.get_one(Event, sitting.event_id, populate_existing=True)


def _check_period(plan: SittingPlan) -> None:
    if plan.starts_at >= plan.ends_at:
        raise WrongPeriod("終了の時刻は、開始より後にしてください。")
