"""What a section has planned in a fiscal year, in a few facts an event: for the calendar of its year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.events.models import Event, Sitting
from app.events.types import Audience, EventStatus
from app.infra.db import db
from app.kernel.japanese_dates import local_date


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """An event with its first and last instant."""

    id: int
    title: str
    audience: Audience
    status: EventStatus
    starts_at: datetime
    ends_at: datetime

    def within(self, first: date, last: date) -> bool:
        """Whether it begins on one of these days, in Japan."""
        return first <= local_date(self.starts_at) <= last


def of_year(fiscal_year: int, section: str) -> list[PlannedRow]:
    """The events of a section that have a date and are not called off, by that date; one statement."""
    first, last = sa.func.min(Sitting.starts_at), sa.func.max(Sitting.ends_at)
    chosen = (
        sa.select(Event.id, Event.title, Event.audience, Event.status, first, last)
        .join(Sitting, Sitting.event_id == Event.id)
        .where(Event.fiscal_year == fiscal_year, Event.section == section, Event.status != EventStatus.CANCELLED)
        .group_by(Event.id, Event.title, Event.audience, Event.status)
        .order_by(first, Event.id)
    )
    return [PlannedRow(*row) for row in db.session.execute(chosen)]
