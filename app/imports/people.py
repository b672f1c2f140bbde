"""Import of people and their duties: what is stored is read, the plan is made, and all of it is written or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from app.imports import planning
from app.imports.errors import ChangedSincePreview, WrongRows
from app.imports.types import Cells, ImportPlan, State
from app.infra import audit
from app.infra.db import transaction
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.org import queries, rules, steps
from app.org.drafts import Appointment, UnitDraft
from app.org.queries import MemberFilters


def preview(table: Sequence[Cells], fiscal_year: int, *, now: datetime) -> ImportPlan:
    """What the rows would change in that fiscal year; nothing is written. Raises WrongColumns."""
    return planning.plan(table, state(fiscal_year), on=local_date(now))


def state(fiscal_year: int) -> State:
    """What is stored of a fiscal year. A constant number of statements."""
    everybody = queries.everybody(MemberFilters(), on=rules.last_day(fiscal_year))
    return State(fiscal_year, queries.units(fiscal_year), everybody, queries.duties(fiscal_year))


def fingerprint(plan: ImportPlan) -> str:
    """Equal for two plans that do the same."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()


@transaction
def take(
    table: Sequence[Cells], fiscal_year: int, *, seen: str | None = None, by: Actor, now: datetime
) -> ImportPlan:  # fmt: skip
    """Write what the rows say, in one transaction; a second time it changes nothing.

    `seen`: the fingerprint of the plan that was agreed to. Raises WrongColumns, WrongRows (nothing is written),
    ChangedSincePreview.
    """
    plan = preview(table, fiscal_year, now=now)
    if seen is not None and seen != fingerprint(plan):
        raise ChangedSincePreview("確認のあとに、登録されている内容が変わりました。もう一度確認してください。")
    if plan.problems:
        raise WrongRows(f"取り込めない行が{len(plan.problems)}件あります。ファイルを直してください。")
    if not plan.empty:
        _carry_out(plan, by=by, now=now)
        audit.record("org.imported", "fiscal_year", fiscal_year, by=by, at=now, reason=f"{fiscal_year}年度")
    return plan


def _carry_out(plan: ImportPlan, *, by: Actor, now: datetime) -> None:
    year = plan.fiscal_year
    units = {unit.code: unit.id for unit in queries.units(year)}
    for unit in plan.new_units:
        parent = units[unit.parent] if unit.parent else None
        draft = UnitDraft(unit.code, unit.kind, unit.name, parent, unit.position)
        units[unit.code] = steps.save_unit(draft, year, None, by=by, now=now)
    people = {row.number: row.id for row in queries.everybody(MemberFilters(), on=rules.last_day(year))}
    for one in plan.saved:
        people[one.draft.number] = steps.save_member(one.draft, one.member_id, by=by, now=now)
    for move in plan.posted:
        steps.post(people[move.number], units[move.code], move.first)
    for ending in plan.endings:
        steps.end_duty_by_id(ending.duty.id, ending.last, by=by, now=now)
    for duty in plan.new_duties:
        wanted = Appointment(people[duty.number], units[duty.code], duty.kind, year, duty.starts_on)
        duty_id = steps.appoint(wanted, by=by, now=now)
        if duty.ends_on is not None:
            steps.end_duty_by_id(duty_id, duty.ends_on, by=by, now=now)
