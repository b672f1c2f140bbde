"""April: which trainings go on into the new year as drafts, on which day, and which do not. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from app.events import copying
from app.events.models import Event, EventCopy
from app.events.queries import assemble
from app.events.types import EventRow, EventStatus
from app.infra.db import db
from app.kernel.japanese_dates import local_date, short_date
from app.kernel.working_days import is_working_day


@dataclass(frozen=True, slots=True)
class Move:
    """A training that goes on: everything about it moves by `shift`. `first_on` None: it has no date."""

    event: EventRow
    first_on: date | None
    shift: timedelta

    @property
    def caution(self) -> str:
        """What to look at once more, empty where nothing is."""
        old = self.event.starts_at
        if self.first_on is None or old is None or is_working_day(self.first_on) or not is_working_day(local_date(old)):
            return ""
        return f"{short_date(self.first_on)}は、市役所が休みの日です。"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A training that does not go on, and why."""

    event: EventRow
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What moving a section's trainings into a year would do, by date."""

    moved: tuple[Move, ...]
    left_out: tuple[LeftOut, ...]


def plan(year: int, section: str) -> Plan:
    """Last year's trainings of a section; none of them twice, however often this is asked and carried out."""
    old, new = _held(year - 1, section), _held(year, section)
    copied = copies(year)
    names = {(event.series_slug, event.number, event.title) for event in new}
    moved, left_out = [], []
    for event in old:
        title = copying.in_year(event.title, event.fiscal_year, year)
        there = (event.series_slug, event.number, title) in names
        reason = _reason(event, copied=event.id in copied, there=there)
        if reason:
            left_out.append(LeftOut(event, reason))
        else:
            moved.append(_move(event, year))
    return Plan(tuple(moved), tuple(left_out))


def copies(year: int) -> dict[int, int]:
    """The first copy in a year, by the event it was made from."""
    chosen = sa.select(EventCopy.source_id, EventCopy.event_id).where(EventCopy.fiscal_year == year)
    return {row.source_id: row.event_id for row in db.session.execute(chosen)}


def _held(year: int, section: str) -> list[EventRow]:
    ids = db.session.scalars(sa.select(Event.id).filter_by(fiscal_year=year, section=section)).all()
    return sorted(
        assemble(ids, programme=True, questions=True),
        key=lambda event: (event.starts_at is None, event.starts_at, event.id),
    )


def _reason(event: EventRow, *, copied: bool, there: bool) -> str:
    if copied:
        return "すでに引き継ぎました。"
    if there:
        return "同じ事業の同じ名称の研修会・講座が、新しい年度にあります。"
    if event.status is EventStatus.CANCELLED:
        return "中止になりました。必要なときは、その研修会・講座の「複製で作る」を使ってください。"
    return "公開しなかった下書きです。" if event.status is EventStatus.DRAFT else ""


def _move(event: EventRow, year: int) -> Move:
    if event.starts_at is None:
        return Move(event, None, timedelta(0))
    old = local_date(event.starts_at)
    new = copying.same_day_in(year, old)
    return Move(event, new, new - old)
