"""Who is or was bound by requirements, and where they work or hold their duty. Read from the rows, decided by rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.compliance import rules
from app.compliance.models import RequirementMember, RequirementUnit
from app.compliance.types import Audience, Holding, RequirementRow
from app.infra.db import db
from app.org import queries as org
from app.org.models import Duty, Posting
from app.org.rules import first_day, heirs, last_day
from app.org.types import DutyKind, UnitRow

Charts = Mapping[int, Sequence[UnitRow]]


@dataclass(slots=True)
class Chosen:
    """What binds people other than by a duty: postings by person, named people and named units by requirement."""

    postings: dict[int, list[Holding]] = field(default_factory=lambda: defaultdict(list))
    members: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    units: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    successions: list[tuple[int, int]] = field(default_factory=list)


def read(
    requirements: Sequence[RequirementRow], charts: Charts, members: Collection[int] | None = None
) -> dict[int, list[Holding]]:
    """Who is or was bound, by requirement; a constant number of statements.

    With `members` only what concerns these people: their postings, and whoever shares a duty with them.
    """
    if not requirements:
        return {}
    duties = _duties({r.fiscal_year for r in requirements}, members)
    by_duty_only = members is None and all(r.audience.duty for r in requirements)
    chosen = Chosen() if by_duty_only else _chosen(requirements, members)
    found: dict[int, list[Holding]] = {}
    for requirement in requirements:
        if requirement.audience.duty is not None:
            found[requirement.id] = duties[requirement.fiscal_year, requirement.audience.duty]
        else:
            found[requirement.id] = _bound(requirement, chosen, charts[requirement.fiscal_year])
    return found


def _bound(requirement: RequirementRow, chosen: Chosen, chart: Sequence[UnitRow]) -> list[Holding]:
    """Who is bound as a person, for the whole year, each at the unit of the chart where they work on the due date."""
    present = {unit.id for unit in chart}
    heir: dict[int, int | None] = {}

    def place(unit_id: int | None) -> int | None:
        if unit_id is None or unit_id in present:
            return unit_id
        if unit_id not in heir:
            found = heirs(unit_id, present, chosen.successions)
            heir[unit_id] = next(iter(found)) if len(found) == 1 else None
        return heir[unit_id]

    begin, end = first_day(requirement.fiscal_year), last_day(requirement.fiscal_year)
    if requirement.audience is Audience.LIST:
        named = chosen.members[requirement.id]
        units = {who: rules.last_unit(chosen.postings.get(who, ()), begin, requirement.due_on) for who in named}
    else:
        units = {who: rules.unit_on(held, requirement.due_on) for who, held in chosen.postings.items()}
        units = {who: unit for who, unit in units.items() if unit is not None}
    if requirement.audience is Audience.SECTIONS:
        inside = rules.inside(chosen.units[requirement.id], chart)
        units = {who: unit for who, unit in units.items() if unit in inside or place(unit) in inside}
    return [Holding(who, place(unit), begin, end) for who, unit in sorted(units.items())]


def _duties(years: set[int], members: Collection[int] | None) -> dict[tuple[int, DutyKind], list[Holding]]:
    chosen = sa.select(
        Duty.fiscal_year, Duty.kind, Duty.staff_member_id, Duty.unit_id, Duty.starts_on, Duty.ends_on
    ).where(Duty.fiscal_year.in_(years))
    if members is not None:
        theirs = sa.select(Duty.unit_id).where(Duty.fiscal_year.in_(years), Duty.staff_member_id.in_(members))
        chosen = chosen.where(Duty.unit_id.in_(theirs))
    found: dict[tuple[int, DutyKind], list[Holding]] = defaultdict(list)
    for row in db.session.execute(chosen.order_by(Duty.starts_on)):
        holding = Holding(row.staff_member_id, row.unit_id, row.starts_on, row.ends_on)
        found[row.fiscal_year, row.kind].append(holding)
    return found


def _chosen(requirements: Sequence[RequirementRow], members: Collection[int] | None) -> Chosen:
    ids = [r.id for r in requirements]
    found = Chosen(successions=org.successions())
    units = sa.select(RequirementUnit.requirement_id, RequirementUnit.unit_id)
    for requirement_id, unit_id in db.session.execute(units.where(RequirementUnit.requirement_id.in_(ids))):
        found.units[requirement_id].add(unit_id)
    people = sa.select(RequirementMember.requirement_id, RequirementMember.staff_member_id)
    people = people.where(RequirementMember.requirement_id.in_(ids), *_of(RequirementMember.staff_member_id, members))
    for requirement_id, who in db.session.execute(people):
        found.members[requirement_id].add(who)
    begin, end = first_day(min(r.fiscal_year for r in requirements)), max(r.due_on for r in requirements)
    posted = sa.select(Posting.staff_member_id, Posting.unit_id, Posting.starts_on, Posting.ends_on).where(
        Posting.starts_on <= end,
        sa.or_(Posting.ends_on.is_(None), Posting.ends_on >= begin),
        *_of(Posting.staff_member_id, members),
    )
    for row in db.session.execute(posted.order_by(Posting.starts_on)):
        found.postings[row.staff_member_id].append(Holding(*row))
    return found


def _of(column: Any, members: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    return [] if members is None else [column.in_(members)]
