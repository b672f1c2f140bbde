"""The people and duties of a fiscal year in the shape that the import takes: taking it again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from app.documents.types import Cell
from app.imports import chart
from app.imports.chart import Path
from app.imports.people import state
from app.imports.rows import COLUMNS
from app.infra import audit
from app.infra.db import transaction
from app.kernel.types import Actor
from app.org.types import DutyRow, MemberRow, UnitRow

HEADING = COLUMNS


def table(fiscal_year: int) -> list[tuple[Cell, ...]]:
    """One row a duty, in the order of the organisation chart, then one for each person whose duties do not say where
    they work. Who works nowhere and holds no duty in that year is left out.
    """
    stored = state(fiscal_year)
    paths = chart.paths(stored.units)
    places: dict[int, set[int]] = defaultdict(set)
    rows = []
    for duty in stored.duties:
        if duty.ends_on is None:
            places[duty.member.id].add(duty.unit.id)
        rows.append(_row(duty.unit, paths, duty.member, duty))
    rows += [
        _row(member.unit, paths, member, None)
        for member in stored.members
        if member.unit is not None and places[member.id] != {member.unit.id}
    ]
    return rows


@transaction
def listed(fiscal_year: int, *, by: Actor, now: datetime) -> list[tuple[Cell, ...]]:
    """As table, with an entry in the audit log: the file leaves the house with names and addresses."""
    audit.record("org.exported", "fiscal_year", fiscal_year, by=by, at=now)
    return table(fiscal_year)


def _row(unit: UnitRow, paths: dict[int, Path], member: MemberRow, duty: DutyRow | None) -> tuple[Cell, ...]:
    term = ("", "", "") if duty is None else (duty.kind.word, _day(duty.starts_on), _day(duty.ends_on))
    joined = "" if member.joined_year is None else str(member.joined_year)
    person = (member.number, member.name, member.kana, member.email or "", member.position, joined)
    return (unit.code, *paths[unit.id], *person, *term)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
