"""What a section does with its plan. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, insert_into, rows_changed, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.year_plan import queries, rules, shipped
from app.year_plan.errors import AlreadyBegun
from app.year_plan.models import YearPlan, YearPlanEntry
from app.year_plan.types import EntryDraft


@transaction
def begin(fiscal_year: int, section: str, *, by: Actor, now: datetime) -> int:
    """Give a section its plan of a year: that of the year before, or the shipped list; returns how many entries.

    Raises AlreadyBegun.
    """
    new = insert_into(YearPlan).values(fiscal_year=fiscal_year, section=section, begun_at=now)
    once = new.on_conflict_do_nothing(index_elements=["fiscal_year", "section"]).returning(YearPlan.id)
    plan_id = db.session.scalar(once)
    if plan_id is None:
        raise AlreadyBegun("この年度の予定は、すでに作られています。")
    before = queries.entries(fiscal_year - 1, section)
    drafts = rules.carried(before, fiscal_year) if before else shipped.entries(fiscal_year)
    for draft in drafts:
        _lay(plan_id, draft, now)
    audit.record("year_plan.begun", "year_plan", plan_id, by=by, at=now, fields=[f"rows={len(drafts)}"])
    return len(drafts)


@transaction
def add(fiscal_year: int, section: str, draft: EntryDraft, *, by: Actor, now: datetime) -> None:
    """An entry of one's own. Raises NotFound, WrongDay, WrongPage."""
    plan_id = db.session.scalar(sa.select(YearPlan.id).filter_by(fiscal_year=fiscal_year, section=section))
    if plan_id is None:
        raise NotFound
    rules.check(draft, fiscal_year)
    _lay(plan_id, draft, now)
    audit.record("year_plan.added", "year_plan", plan_id, by=by, at=now, reason=draft.title)


@transaction
def change(entry_id: int, draft: EntryDraft, *, by: Actor, now: datetime) -> None:
    """Say it otherwise. Raises NotFound, WrongDay, WrongPage."""
    row = _entry(entry_id)
    rules.check(draft, queries.entry(entry_id).fiscal_year)
    names = ("title", "note", "starts_on", "ends_on", "page", "watch")
    changed = [name for name in names if getattr(row, name) != getattr(draft, name)]
    for name in changed:
        setattr(row, name, getattr(draft, name))
    row.updated_at = now
    _record("changed", row, by, now, changed)


@transaction
def tick(entry_id: int, *, done: bool, by: Actor, now: datetime) -> None:
    """Say that it is done, or not done after all. Twice is once: who was first stays. Raises NotFound."""
    row = _entry(entry_id)
    values = {"done_at": now, "done_by": by.label[:100]} if done else {"done_at": None, "done_by": ""}
    other = YearPlanEntry.done_at.is_(None) if done else YearPlanEntry.done_at.is_not(None)
    if rows_changed(sa.update(YearPlanEntry).where(YearPlanEntry.id == entry_id, other).values(**values)):
        _record("ticked" if done else "unticked", row, by, now)


@transaction
def remove(entry_id: int, *, by: Actor, now: datetime) -> None:
    """Take it off the plan, a shipped entry too. Raises NotFound."""
    row = _entry(entry_id)
    _record("removed", row, by, now)
    db.session.delete(row)


def _entry(entry_id: int) -> YearPlanEntry:
    row = db.session.get(YearPlanEntry, entry_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _lay(plan_id: int, draft: EntryDraft, now: datetime) -> None:
    db.session.add(
        YearPlanEntry(
            plan_id=plan_id,
            key=draft.key,
            title=draft.title,
            note=draft.note,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            page=draft.page,
            watch=draft.watch,
            updated_at=now,
        )
    )


def _record(did: str, row: YearPlanEntry, by: Actor, now: datetime, fields: list[str] | None = None) -> None:
    audit.record(f"year_plan.{did}", "year_plan", row.plan_id, by=by, at=now, fields=fields or (), reason=row.title)
