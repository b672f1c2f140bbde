"""Events that were held, with people who came, and what these answer."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.attendance import services as attendance
from app.attendance.types import Mark, Presence
from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.feedback import queries, services
from app.feedback.types import FormRow
from app.infra.db import db
from app.registrations import queries as registrations
from app.registrations import services as applying
from tests.factories import NOW, ORGANIZER, a_sitting, an_application, an_event
from tests.staff import at

HELD = NOW + timedelta(days=10, hours=3)
LATER = HELD + timedelta(hours=2)
AFTER = HELD + timedelta(days=30)


def a_form(event_id: int, *, now: datetime = LATER) -> FormRow:
    """The standard form of an event, answered for two weeks."""
    services.make(event_id, by=ORGANIZER, now=now)
    return queries.of_event(event_id, now=now)


def an_event_held(people: int = 0, *, came: int | None = None) -> int:
    """An event that so many applied for, each with an e-mail address; its id. `came`: how many of them were seen."""
    event = an_event(max_companions=0)
    event_id = event.id
    sitting = a_sitting(event, capacity=50)
    sitting_id = sitting.id
    for _ in range(people):
        applying.apply(an_application(sitting_id), now=NOW)
    marks = [Mark(row.id, Presence.PRESENT) for row in registrations.everyone(sitting_id)[:came]]
    attendance.mark_many(sitting_id, marks, by=ORGANIZER, now=HELD)
    return event_id


def mailed_paths() -> list[str]:
    """The address in each mail of thanks, oldest first, as it is sent."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(OutboundMessage).filter_by(kind="feedback.thanks").order_by(OutboundMessage.id))
    with at(LATER):
        texts = [rendering.render(row.kind, row.payload).text for row in rows]
    return [re.search(r"https?://[^/\s]+(/f/\S+)", text)[1] for text in texts]


def answered(form: FormRow, number: int, **more: object) -> None:
    """One answer through the open address."""
    answers = {"standing": "o1", "satisfied": "o1", **more}
    services.answer(form.code, f"page-{number}-of-somebody", answers, now=LATER)
