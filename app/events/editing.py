"""Changing the basic facts of an event: the steps that verbs here and in registrations.meetings share."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from app.events import admission, courses, steps
from app.events.drafts import Basics
from app.events.errors import ChangedMeanwhile, SlugFixed, SlugTaken, WrongWindow
from app.events.models import Event, Sitting
from app.events.types import EventStatus
from app.infra import audit
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import Actor

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def change(event_id: int, basics: Basics, *, revision: int, by: Actor, now: datetime) -> list[str]:
    """Say it otherwise, in the caller's transaction; returns the names of what changed.

    Raises NotFound, ChangedMeanwhile, SlugTaken, SlugFixed and AdmissionFixed once published, WrongWindow, DrawClosed,
    PartialNeedsOffer, CourseKeepsSeats.
    """
    event = locked(event_id, revision)
    check_window(basics)
    admission.check_waiting(basics)
    values = asdict(basics)
    values["slug"] = _slug_for(event, basics)
    changed = [name for name, value in values.items() if getattr(event, name) != value]
    if not changed:
        return []
    admission.check_change(event, basics, changed, now)
    for name in changed:
        setattr(event, name, values[name])
    if "sittings_taken" in changed:
        courses.settle(event)
    if "title" in changed:
        steps.title_changed(event_id)
    steps.touch(event_id, now=now)
    audit.record("event.edited", "event", event_id, by=by, at=now, fields=changed)
    return changed


def locked(event_id: int, revision: int | None = None) -> Event:
    """The event while nobody else can change it, its sittings locked before it as everywhere. Raises NotFound."""
    db.session.execute(sa.select(Sitting.id).where(Sitting.event_id == event_id).order_by(Sitting.id).with_for_update())
    event = db.session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound
    if revision is not None and event.revision != revision:
        raise ChangedMeanwhile(event.revision)
    return event


def check_window(basics: Basics) -> None:
    """Raises WrongWindow where the sign-up window ends before it begins."""
    if basics.opens_at and basics.closes_at and basics.opens_at >= basics.closes_at:
        raise WrongWindow("申込みの締切は、受付開始より後の日時にしてください。")


def check_slug(slug: str, own_id: int | None) -> None:
    """Raises SlugTaken for what is no address, or is another event's than `own_id`."""
    if not SLUG.fullmatch(slug):
        raise SlugTaken("ページのアドレスは、半角の英小文字・数字・ハイフンで入力してください。例：2026-chiiki-1")
    holder = db.session.scalar(sa.select(Event.id).where(Event.slug == slug))
    if holder not in {None, own_id}:
        raise SlugTaken("このアドレスは、ほかの研修会・講座で使われています。別のアドレスにしてください。")


def _slug_for(event: Event, basics: Basics) -> str:
    if not basics.slug or basics.slug == event.slug:
        return event.slug
    if event.status is not EventStatus.DRAFT:
        raise SlugFixed("一度公開したページのアドレスは変えられません。")
    check_slug(basics.slug, event.id)
    return basics.slug
