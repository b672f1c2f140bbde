"""What the other rooms know of a fiscal year, read once however many figures ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import sqlalchemy as sa

from app.attendance import queries as attendance
from app.attendance.types import Totals
from app.compliance import queries as compliance
from app.compliance.types import Board
from app.events import queries as events
from app.events.models import Event, Sitting
from app.events.types import Audience, EventRow, EventStatus, SittingRow
from app.infra.db import db
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.org.rules import first_day, last_day
from app.org.types import DutyKind, DutyRow
from app.worksheets import queries as worksheets
from app.worksheets.types import BoardRow, TemplateRow


@dataclass(frozen=True)
class Year:
    """A fiscal year as a section of the city hall would report on it at `now`: only what is over by then counts."""

    fiscal_year: int
    section: str
    now: datetime

    @property
    def day(self) -> date:
        """The last day that counts: the year's last, or today."""
        return min(max(local_date(self.now), first_day(self.fiscal_year)), last_day(self.fiscal_year))

    @cached_property
    def events(self) -> list[EventRow]:
        """The section's events of the year that were held, each with the sittings that are over, by their dates."""
        held = sa.select(Event.id).where(
            Event.fiscal_year == self.fiscal_year,
            Event.section == self.section,
            Event.status.in_((EventStatus.PUBLISHED, EventStatus.FINISHED)),
            sa.exists().where(Sitting.event_id == Event.id, Sitting.ends_at <= self.now),
        )
        first = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.event_id == Event.id).scalar_subquery()
        return events.assemble(db.session.scalars(held.order_by(first, Event.id)).all(), programme=True)

    def sittings(self, audience: Audience) -> list[tuple[EventRow, SittingRow]]:
        """Those sittings of the events for an audience."""
        found = [event for event in self.events if event.audience is audience]
        return [(event, sitting) for event in found for sitting in event.sittings if sitting.ends_at <= self.now]

    @cached_property
    def attended(self) -> Mapping[int, Totals]:
        """Who came, by sitting; only sittings of which something was recorded."""
        over = [sitting.id for event in self.events for sitting in event.sittings if sitting.ends_at <= self.now]
        found = attendance.totals_of(over) if over else {}
        return {number: one for number, one in found.items() if one.people or one.absent or one.excused}

    @cached_property
    def boards(self) -> list[Board]:
        """The requirements of the section's trainings."""
        return compliance.boards_of_year(self.fiscal_year, today=self.day, section=self.section)

    @cached_property
    def worksheets(self) -> list[tuple[TemplateRow, list[BoardRow]]]:
        """The section's worksheets with how far each section of the city hall has come."""
        kept = worksheets.templates(self.fiscal_year, section=self.section)
        return [(one, worksheets.board(one.id, today=self.day)) for one in kept]

    def duties(self, kind: DutyKind) -> list[DutyRow]:
        """Who holds a duty on that day."""
        return org.duties(self.fiscal_year, kind=kind, on=self.day)
