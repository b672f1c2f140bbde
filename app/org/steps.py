"""Steps on sections, staff and duties that verbs share; they decide and write, and never commit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.infra import audit
from app.infra.db import db
from app.kernel import text
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.org import rules
from app.org.drafts import Appointment, MemberDraft, UnitDraft
from app.org.errors import CodeTaken, DutyHeld, NumberTaken, WrongDay
from app.org.models import Duty, OrgUnit, OrgUnitYear, Posting, StaffMember
from app.org.types import DutyKind

A_DAY = timedelta(days=1)


def save_unit(draft: UnitDraft, year: int, unit_id: int | None, *, by: Actor, now: datetime) -> int:
    """Add a unit to a year (None: a new one), or say it otherwise there. Raises CodeTaken, WrongParent."""
    parents = _parents(year)
    holder = db.session.scalar(
        sa.select(OrgUnitYear.unit_id).where(OrgUnitYear.fiscal_year == year, OrgUnitYear.code == draft.code)
    )
    if holder not in {None, unit_id}:
        raise CodeTaken(f"所属コード「{draft.code}」は、この年度のほかの組織で使われています。")
    rules.check_parent(unit_id or 0, draft.parent_id, parents)
    if unit_id is None:
        new = OrgUnit()
        db.session.add(new)
        db.session.flush()  # the year's row needs the id
        unit_id = new.id
    row = db.session.get(OrgUnitYear, (unit_id, year))
    if row is None:
        row = OrgUnitYear(unit_id=unit_id, fiscal_year=year)
        db.session.add(row)
    row.code, row.kind, row.name = draft.code, draft.kind, draft.name
    row.parent_id, row.position = draft.parent_id, draft.position
    db.session.flush()  # what an import adds next may stand below it
    audit.record("org.unit_saved", "org_unit", unit_id, by=by, at=now, reason=f"{year}年度　{draft.name}")
    return unit_id


def save_member(draft: MemberDraft, member_id: int | None, *, by: Actor, now: datetime) -> int:
    """Add a member of staff (None), or say them otherwise. Raises NotFound, NumberTaken."""
    row = StaffMember(created_at=now) if member_id is None else db.session.get(StaffMember, member_id)
    if row is None:
        raise NotFound
    row.number, row.name, row.kana = draft.number, draft.name, draft.kana
    row.kana_order = text.kana_order(draft.kana)
    row.email = draft.email.lower() if draft.email else None
    row.position, row.joined_year, row.updated_at = draft.position, draft.joined_year, now
    db.session.add(row)
    try:
        db.session.flush()  # a number that is taken shows here; the audit entry needs the id
    except IntegrityError as error:
        if "number" not in str(error.orig):
            raise
        raise NumberTaken(f"職員番号「{draft.number}」は、ほかの職員で使われています。") from error
    audit.record("org.member_saved", "staff_member", row.id, by=by, at=now)
    return row.id


def post(member_id: int, unit_id: int, first: date) -> None:
    """Let somebody work at a unit from `first` on; where they worked until then ends the day before."""
    open_now = db.session.scalar(
        sa.select(Posting).where(Posting.staff_member_id == member_id, Posting.ends_on.is_(None))
    )
    if open_now is not None:
        if open_now.unit_id == unit_id and open_now.starts_on <= first:
            return
        if open_now.starts_on >= first:
            db.session.delete(open_now)
        else:
            open_now.ends_on = first - A_DAY
        db.session.flush()  # the unique index counts open postings row by row
    db.session.add(Posting(staff_member_id=member_id, unit_id=unit_id, starts_on=first))


def appoint(wanted: Appointment, *, by: Actor, now: datetime) -> int:
    """Give a duty. Raises NotFound, WrongUnit, WrongDay, DutyHeld."""
    year, kind = wanted.fiscal_year, wanted.kind
    rules.check_day(wanted.starts_on, year)
    unit = db.session.get(OrgUnitYear, (wanted.unit_id, year))
    if unit is None or db.session.get(StaffMember, wanted.member_id) is None:
        raise NotFound
    rules.check_holder(kind, unit.kind)
    if db.session.scalar(_open(year, wanted.unit_id, kind)) is not None:
        raise DutyHeld(f"{unit.name}には、すでに{kind.word}がいます。交代するときは「引き継ぐ」を使ってください。")
    duty = Duty(
        fiscal_year=year,
        unit_id=wanted.unit_id,
        kind=kind,
        staff_member_id=wanted.member_id,
        starts_on=wanted.starts_on,
    )
    db.session.add(duty)
    db.session.flush()  # the audit entry needs the id
    audit.record("org.appointed", "duty", duty.id, by=by, at=now, reason=f"{year}年度　{unit.name}　{kind.word}")
    return duty.id


def end_duty(duty: Duty, last: date, *, by: Actor, now: datetime) -> None:
    """Let a duty end on `last`. Raises WrongDay."""
    rules.check_day(last, duty.fiscal_year)
    if last < duty.starts_on:
        raise WrongDay("終わりの日は、始まりの日より後にしてください。")
    duty.ends_on = last
    db.session.flush()  # the one who follows is added next, and the unique index counts open duties row by row
    audit.record("org.duty_ended", "duty", duty.id, by=by, at=now, fields=["ends_on"])


def end_duty_by_id(duty_id: int, last: date, *, by: Actor, now: datetime) -> None:
    """As end_duty, of a duty that nobody else may write to meanwhile. Raises NotFound, WrongDay."""
    duty = db.session.get(Duty, duty_id, with_for_update=True, populate_existing=True)
    if duty is None:
        raise NotFound
    end_duty(duty, last, by=by, now=now)


def _open(year: int, unit_id: int, kind: DutyKind) -> sa.Select[int]:
    return sa.select(Duty.id).where(
        Duty.fiscal_year == year, Duty.unit_id == unit_id, Duty.kind == kind, Duty.ends_on.is_(None)
    )


def _parents(year: int) -> dict[int, int | None]:
    chosen = sa.select(OrgUnitYear.unit_id, OrgUnitYear.parent_id).where(OrgUnitYear.fiscal_year == year)
    return {row.unit_id: row.parent_id for row in db.session.execute(chosen)}
