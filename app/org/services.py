"""What is done to sections, staff and duties. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.org import carrying, ending, rules, steps
from app.org.drafts import Appointment, MemberDraft, UnitDraft
from app.org.errors import PlanChanged, WrongDay, WrongParent, YearBegun
from app.org.models import Duty, OrgSuccession, OrgUnitYear


@transaction
def save_unit(draft: UnitDraft, year: int, *, unit_id: int | None = None, by: Actor, now: datetime) -> int:
    """A new unit of a fiscal year, or another name, code or place of one; other years stay. Returns its id.

    Raises CodeTaken, WrongParent.
    """
    return steps.save_unit(draft, year, unit_id, by=by, now=now)


@transaction
def save_member(draft: MemberDraft, *, member_id: int | None = None, by: Actor, now: datetime) -> int:
    """A new member of staff, or what is known of one. Raises NotFound, NumberTaken."""
    return steps.save_member(draft, member_id, by=by, now=now)


@transaction
def post(member_id: int, unit_id: int, first: date, *, by: Actor, now: datetime) -> None:
    """Let somebody work at a unit from `first` on."""
    steps.post(member_id, unit_id, first)
    audit.record("org.posted", "staff_member", member_id, by=by, at=now)


@transaction
def appoint(wanted: Appointment, *, by: Actor, now: datetime) -> int:
    """Give a duty of a fiscal year; returns its id. Raises NotFound, WrongUnit, WrongDay, DutyHeld."""
    return steps.appoint(wanted, by=by, now=now)


@transaction
def hand_over(duty_id: int, to_member_id: int, first: date, *, by: Actor, now: datetime) -> int:
    """Somebody else holds the duty from `first` on, the former holder until the day before: both stay on record.

    Returns the new duty's id. Raises NotFound, WrongDay.
    """
    duty = _duty(duty_id)
    if first <= duty.starts_on:
        raise WrongDay("引き継ぐ日は、いまの人の始まりの日より後にしてください。")
    steps.end_duty(duty, first - steps.A_DAY, by=by, now=now)
    new = Appointment(to_member_id, duty.unit_id, duty.kind, duty.fiscal_year, first)
    return steps.appoint(new, by=by, now=now)


@transaction
def end_duty(duty_id: int, last: date, *, by: Actor, now: datetime) -> None:
    """Let a duty end before its year does. Raises NotFound, WrongDay."""
    steps.end_duty(_duty(duty_id), last, by=by, now=now)


@transaction
def begin_year(year: int, *, by: Actor, now: datetime) -> int:
    """Copy last year's sections into `year`; returns how many. Raises YearBegun where it has some already."""
    if db.session.scalar(sa.select(OrgUnitYear.unit_id).where(OrgUnitYear.fiscal_year == year).limit(1)) is not None:
        raise YearBegun(f"{year}年度の組織は、すでに登録されています。")
    columns = [c for c in OrgUnitYear.__table__.columns if c.name != "fiscal_year"]
    last = sa.select(sa.literal(year), *columns).where(OrgUnitYear.fiscal_year == year - 1)
    names = ["fiscal_year", *(column.name for column in columns)]
    db.session.execute(sa.insert(OrgUnitYear).from_select(names, last))
    counted = sa.select(sa.func.count()).select_from(OrgUnitYear).where(OrgUnitYear.fiscal_year == year)
    audit.record("org.year_begun", "fiscal_year", year, by=by, at=now)
    return db.session.scalar(counted) or 0


@transaction
def succeed(old_ids: Sequence[int], new_ids: Sequence[int], year: int, *, by: Actor, now: datetime) -> None:
    """From `year` on the new units do the work of the old ones: a merger, a split, or a new start under another code.

    The old ones leave the chart of that year; what they were before stays. Raises NotFound, WrongParent where a unit
    still stands below one that leaves.
    """
    for new_id in new_ids:
        if db.session.get(OrgUnitYear, (new_id, year)) is None:
            raise NotFound
    leaving = set(old_ids) - set(new_ids)
    still_below = sa.select(OrgUnitYear.unit_id).where(
        OrgUnitYear.fiscal_year == year, OrgUnitYear.parent_id.in_(leaving), OrgUnitYear.unit_id.not_in(leaving)
    )
    if db.session.scalar(still_below.limit(1)) is not None:
        raise WrongParent("下に組織が残っています。先に、下の組織の置き場所を変えてください。")
    for old_id in old_ids:
        for new_id in new_ids:
            if old_id != new_id:
                db.session.add(OrgSuccession(fiscal_year=year, old_id=old_id, new_id=new_id))
        audit.record("org.succeeded", "org_unit", old_id, by=by, at=now, reason=f"{year}年度")
    gone = sa.delete(OrgUnitYear).where(OrgUnitYear.fiscal_year == year, OrgUnitYear.unit_id.in_(leaving))
    db.session.execute(gone)


@transaction
def carry_duties(year: int, *, seen: str, by: Actor, now: datetime) -> int:
    """Give each duty of last year's end to the same person again, from 1 April; returns how many.

    `seen` is the digest of the plan that was looked at. Raises PlanChanged where it is another by now.
    """
    plan = carrying.plan(year)
    if plan.digest != seen:
        raise PlanChanged("組織か担当の登録が変わったため、一覧を作り直しました。もう一度お確かめください。")
    for row in plan.carried:
        again = Appointment(row.member.id, row.unit.id, row.kind, year, rules.first_day(year))
        steps.appoint(again, by=by, now=now)
    return len(plan.carried)


@transaction
def end_duties(wanted: ending.Wanted, *, seen: str, by: Actor, now: datetime) -> int:
    """Let all duties that ending.plan() names end on one day; returns how many.

    `seen` is the digest of the plan that was looked at. Raises PlanChanged where it is another by now, WrongDay.
    """
    plan = ending.plan(wanted)
    if plan.digest != seen:
        raise PlanChanged("担当の登録が変わったため、一覧を作り直しました。もう一度お確かめください。")
    for duty in plan.ended:
        steps.end_duty_by_id(duty.id, wanted.last, by=by, now=now)
    return len(plan.ended)


def _duty(duty_id: int) -> Duty:
    duty = db.session.get(Duty, duty_id, with_for_update=True, populate_existing=True)
    if duty is None:
        raise NotFound
    return duty
