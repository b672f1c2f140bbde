"""April: which duties go on into the new year, and which do not, each with its reason. Nothing is written here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from app.org import queries, rules
from app.org.types import DutyRow


def fingerprint(duties: Iterable[DutyRow]) -> str:
    """Tells one list of duties from another."""
    return hashlib.sha256(repr([duty.id for duty in duties]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A duty of last year that does not go on."""

    duty: DutyRow
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What carrying last year's duties forward would do."""

    carried: tuple[DutyRow, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def digest(self) -> str:
        """A fingerprint of who would hold which duty: tells whether it is still the plan that somebody looked at."""
        return fingerprint(self.carried)


def plan(year: int) -> Plan:
    """What would happen in `year`: who still works at the same unit keeps the duty there."""
    chart = queries.units(year)
    present = {unit.id for unit in chart}
    held = {(row.kind, row.unit.id) for row in queries.duties(year)}
    last = queries.duties(year - 1, on=rules.last_day(year - 1))
    working = queries.members_by_id({row.member.id for row in last}, on=rules.first_day(year))
    carried, left_out = [], []
    for row in last:
        unit = working[row.member.id].unit
        if row.unit.id not in present:
            left_out.append(LeftOut(row, "この組織は、新しい年度にはありません。"))
        elif (row.kind, row.unit.id) in held:
            left_out.append(LeftOut(row, "新しい年度の担当が、すでに決まっています。"))
        elif unit is None or unit.id not in rules.below(row.unit.id, chart):
            left_out.append(LeftOut(row, "異動しました。"))
        else:
            carried.append(row)
    return Plan(tuple(carried), tuple(left_out))
