"""What the console lists: events within somebody's reach, venues, series. A constant number of statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.types import Scope
from app.events import checklist
from app.events.checklist import StepRow
from app.events.models import ChecklistStep, Event, Series, Sitting, Venue
from app.events.queries import assemble
from app.events.types import EventRow, EventStatus, VenueRow
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Page

PER_PAGE = 30
# Whoever has not ticked the last steps by then is not going to: the event's own page still shows them.
NAGGED_FOR = timedelta(days=90)
STEP_COLUMNS = ("id", "key", "title", "note", "days", "counting", "done_at", "done_by")


@dataclass(frozen=True, slots=True)
class Filters:
    """What an organizer looks for."""

    word: str = ""
    series: str = ""
    fiscal_year: int | None = None
    status: EventStatus | None = None


def listing(filters: Filters, scope: Scope, *, number: int = 1, url: Callable[[int], str] = str) -> Page[EventRow]:
    """One page of the console's list, drafts too, without programme: undated first, then the latest first."""
    wanted = [within(scope), *_matching(filters)]
    total = db.session.scalar(sa.select(sa.func.count(Event.id)).join(Series).where(*wanted)) or 0
    first = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    chosen = sa.select(Event.id).join(Series).where(*wanted)
    chosen = chosen.order_by(sa.nulls_first(first.desc()), Event.id.desc())
    ids = db.session.scalars(chosen.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page(assemble(ids, programme=False), number, PER_PAGE, total, url)


def open_work(scope: Scope) -> list[EventRow]:
    """Drafts and published events, by their first date: what somebody may still have to do something about."""
    first = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    chosen = sa.select(Event.id).where(within(scope), Event.status.in_((EventStatus.DRAFT, EventStatus.PUBLISHED)))
    return assemble(db.session.scalars(chosen.order_by(sa.nulls_first(first), Event.id)).all(), programme=False)


def checklist_of(event_id: int) -> list[StepRow]:
    """The steps of an event, by day."""
    return checklist.in_order(_steps(ChecklistStep.event_id == event_id))


def open_steps(scope: Scope, *, now: datetime) -> list[StepRow]:
    """The steps not done of all events that are not called off, until 90 days after they are over; one statement."""
    held = sa.select(Sitting.event_id).group_by(Sitting.event_id)
    recent = held.having(sa.func.max(Sitting.ends_at) > now - NAGGED_FOR)
    return _steps(
        within(scope), Event.id.in_(recent), Event.status != EventStatus.CANCELLED, ChecklistStep.done_at.is_(None)
    )


def _steps(*wanted: sa.ColumnElement[bool]) -> list[StepRow]:
    first = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    last = sa.select(sa.func.max(Sitting.ends_at)).where(Sitting.event_id == Event.id).scalar_subquery()
    columns = [getattr(ChecklistStep, name) for name in STEP_COLUMNS]
    chosen = sa.select(Event.id, Event.title, first, last, *columns).join(Event, Event.id == ChecklistStep.event_id)
    return [_step(*row) for row in db.session.execute(chosen.where(*wanted))]


def _step(event_id: int, title: str, starts_at: datetime | None, ends_at: datetime | None, *columns: Any) -> StepRow:
    row = StepRow(columns[0], event_id, title, *columns[1:])
    if starts_at is None or ends_at is None:
        return row
    due = checklist.due_on(row.days, row.counting, local_date(starts_at), local_date(ends_at))
    return replace(row, due_on=due)


def fiscal_years(scope: Scope) -> list[int]:
    """The fiscal years that have events, the latest first."""
    years = sa.select(Event.fiscal_year).where(within(scope)).distinct().order_by(Event.fiscal_year.desc())
    return list(db.session.scalars(years))


def venues() -> list[VenueRow]:
    """Every venue, by name and room."""
    rows = db.session.execute(sa.select(*Venue.__table__.columns).order_by(Venue.name, Venue.room, Venue.id))
    return [VenueRow(*row) for row in rows]


def venue(venue_id: int) -> VenueRow:
    """One venue. Raises NotFound."""
    row = db.session.execute(sa.select(*Venue.__table__.columns).where(Venue.id == venue_id)).one_or_none()
    if row is None:
        raise NotFound
    return VenueRow(*row)


def sittings_at(*, now: datetime) -> dict[int, int]:
    """How many sittings are still to come at each venue."""
    rows = db.session.execute(
        sa.select(Sitting.venue_id, sa.func.count(Sitting.id))
        .where(Sitting.venue_id.is_not(None), Sitting.ends_at > now)
        .group_by(Sitting.venue_id)
    )
    return {venue_id: count for venue_id, count in rows if venue_id is not None}


def within(scope: Scope) -> sa.ColumnElement[bool]:
    """The events that `scope` reaches."""
    if scope.event_ids is not None:
        return Event.id.in_(scope.event_ids)
    return Event.section == scope.section if scope.section is not None else sa.false()


def _matching(filters: Filters) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    for word in filters.word.split():
        texts = (Event.title, Event.summary, Event.slug, Series.title)
        wanted.append(sa.or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if filters.series:
        wanted.append(Series.slug == filters.series)
    if filters.fiscal_year is not None:
        wanted.append(Event.fiscal_year == filters.fiscal_year)
    if filters.status is not None:
        wanted.append(Event.status == filters.status)
    return wanted
