"""Ending many duties of a year at once: which, and which not, each with its reason. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel.japanese_dates import short_date
from app.org import queries, rules
from app.org.carrying import LeftOut, fingerprint
from app.org.types import DutyKind, DutyRow

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which duties of a year are to end on `last`. `kind` None: both; `moved`: only where the holder works elsewhere
    the day after, or nowhere.
    """

    fiscal_year: int
    last: date
    kind: DutyKind | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What ending them would do. `digest` tells whether it is still the plan that somebody looked at."""

    ended: tuple[DutyRow, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def digest(self) -> str:
        """A fingerprint of who loses which duty."""
        return fingerprint(self.ended)


def plan(wanted: Wanted) -> Plan:
    """What would happen. Raises WrongDay for a day outside the fiscal year."""
    rules.check_day(wanted.last, wanted.fiscal_year)
    chart = queries.units(wanted.fiscal_year)
    duties = queries.duties(wanted.fiscal_year, kind=wanted.kind)
    there = queries.members_by_id({duty.member.id for duty in duties}, on=wanted.last + A_DAY)
    ended, left_out = [], []
    for duty in duties:
        unit = there[duty.member.id].unit
        stays = unit is not None and unit.id in rules.below(duty.unit.id, chart)
        reason = _reason(duty, wanted, stays)
        if reason:
            left_out.append(LeftOut(duty, reason))
        else:
            ended.append(duty)
    return Plan(tuple(ended), tuple(left_out))


def _reason(duty: DutyRow, wanted: Wanted, stays: bool) -> str:
    if duty.ends_on is not None:
        return f"すでに{short_date(duty.ends_on)}で終わっています。"
    if duty.starts_on > wanted.last:
        return f"{short_date(duty.starts_on)}からの担当です。"
    return "同じ所属に在籍しています。" if wanted.moved and stays else ""
