"""What the small events of the demonstration have in common, each of which shows another way to give places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.demo.basis import SECTION, WORKSHOP, Basis, day_in, moment
from app.events import overview, preparing, services, sittings
from app.events.drafts import Basics, SittingPlan
from app.infra.tokens import random_id
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import RESIDENT, SYSTEM
from app.registrations import services as registrations
from app.registrations import signing_up
from app.registrations.types import Application, Channel, Details, Place


def published(
    basis: Basis,
    plans: Sequence[SittingPlan],
    *,
    opens_at: datetime,
    now: datetime,
    **said: Any,
) -> tuple[int, list[int]]:
    """An event of the section with these sittings, in public since 40 days; its id and theirs."""
    planned = now - timedelta(days=40)
    basics = Basics(
        **{
            "series_id": basis.series[WORKSHOP],
            "fiscal_year": fiscal_year(now),
            "organizer": "倉敷市",
            "contact_phone": "086-000-0000",
            "contact_email": "kyodo@example.jp",
            "fee": "無料",
            "opens_at": opens_at,
            "max_companions": 2,
            **said,
        }
    )
    event_id = services.create_draft(basics, section=SECTION, by=SYSTEM, now=planned)
    ids = [sittings.add_sitting(event_id, plan, by=SYSTEM, now=planned) for plan in plans]
    services.publish(event_id, by=SYSTEM, now=planned)
    prepare(event_id, now)
    return event_id, ids


def prepare(event_id: int, now: datetime, *, late: bool = False) -> None:
    """Tick what was due until yesterday, but for the last of it where somebody is a little late."""
    steps = overview.checklist_of(event_id)
    if not steps:
        preparing.begin(event_id, by=SYSTEM, now=now)
    passed = [s for s in steps if s.done_at is None and s.due_on is not None and s.due_on < local_date(now)]
    for step in passed[:-1] if late else passed:
        preparing.tick(event_id, step.id, done=True, by=SYSTEM, now=now - timedelta(days=1))


def meeting(now: datetime, held_in: int, hours: tuple[str, str], venue_id: int, **more: Any) -> SittingPlan:
    """A sitting so many days from today."""
    day = day_in(now, held_in)
    return SittingPlan(starts_at=moment(day, hours[0]), ends_at=moment(day, hours[1]), venue_id=venue_id, **more)


def enter(sitting_ids: Sequence[int], details: Details, *, at: datetime) -> Place:
    """Somebody applies, by telephone where they have no address."""
    channel = Channel.WEB if details.email else Channel.PHONE
    application = Application(sitting_ids[0], details, random_id(), channel)
    by = RESIDENT if channel is Channel.WEB else SYSTEM
    if len(sitting_ids) > 1:
        return signing_up.sign_up(application, sitting_ids, by=by, now=at)
    return registrations.apply(application, by=by, now=at)
