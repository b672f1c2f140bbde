"""Reading the year's plan."""

from __future__ import annotations

import sqlalchemy as sa

from app.infra.db import db
from app.kernel.errors import NotFound
from app.year_plan.models import YearPlan, YearPlanEntry
from app.year_plan.types import EntryRow

_COLUMNS = (
    "id", "key", "title", "note", "starts_on", "ends_on", "page", "watch", "done_at", "done_by", "updated_at",
)  # fmt: skip


def begun(fiscal_year: int, section: str) -> bool:
    """Whether the section has a plan of that year, be it empty."""
    found = sa.select(YearPlan.id).filter_by(fiscal_year=fiscal_year, section=section)
    return db.session.scalar(found) is not None


def years(section: str) -> list[int]:
    """The years of which the section has a plan, the newest first."""
    chosen = sa.select(YearPlan.fiscal_year).filter_by(section=section)
    return list(db.session.scalars(chosen.order_by(YearPlan.fiscal_year.desc())))


def entries(fiscal_year: int, section: str) -> list[EntryRow]:
    """What is to be done in a year, by its first day."""
    return _entries(YearPlan.fiscal_year == fiscal_year, YearPlan.section == section)


def entry(entry_id: int) -> EntryRow:
    """One entry. Raises NotFound."""
    found = _entries(YearPlanEntry.id == entry_id)
    if not found:
        raise NotFound
    return found[0]


def _entries(*wanted: sa.ColumnElement[bool]) -> list[EntryRow]:
    columns = [getattr(YearPlanEntry, name) for name in _COLUMNS]
    chosen = sa.select(YearPlan.fiscal_year, YearPlan.section, *columns).join(
        YearPlan, YearPlan.id == YearPlanEntry.plan_id
    )
    order = (YearPlanEntry.starts_on, YearPlanEntry.ends_on, YearPlanEntry.id)
    return [EntryRow(**row) for row in db.session.execute(chosen.where(*wanted).order_by(*order)).mappings()]
