"""Reading sections, staff and duties. A constant number of statements, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.infra.db import db
from app.kernel import text
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year as fiscal_year_of
from app.kernel.types import Page
from app.org import rules
from app.org.models import Duty, OrgSuccession, OrgUnitYear, Posting, StaffMember
from app.org.types import DutyKind, DutyRow, MemberRow, UnitKind, UnitRow

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class MemberFilters:
    """Which members of staff a list shows. `word`: name, reading or number."""

    word: str = ""


def charts(years: Iterable[int]) -> dict[int, list[UnitRow]]:
    """All units of several years, each in the order of the organisation chart with its path; one statement."""
    found: dict[int, list[UnitRow]] = {year: [] for year in years}
    for row in db.session.execute(_units().where(OrgUnitYear.fiscal_year.in_(list(found)))):
        found[row.fiscal_year].append(_unit(row))
    return {year: rules.in_order(rows) for year, rows in found.items()}


def units(fiscal_year: int) -> list[UnitRow]:
    """All units of a year in the order of the organisation chart, each with its path."""
    return charts([fiscal_year])[fiscal_year]


def unit(unit_id: int, fiscal_year: int) -> UnitRow:
    """One unit as it is in that year. Raises NotFound."""
    for row in units(fiscal_year):
        if row.id == unit_id:
            return row
    raise NotFound


def is_there(unit_id: int, fiscal_year: int, *, kinds: Iterable[UnitKind]) -> bool:
    """Whether the chart of that year has the unit, as one of these kinds."""
    chosen = sa.select(OrgUnitYear.unit_id).filter_by(unit_id=unit_id, fiscal_year=fiscal_year)
    return db.session.scalar(chosen.where(OrgUnitYear.kind.in_(list(kinds)))) is not None


def years() -> list[int]:
    """The fiscal years that have sections, newest first."""
    chosen = sa.select(OrgUnitYear.fiscal_year).distinct().order_by(OrgUnitYear.fiscal_year.desc())
    return list(db.session.scalars(chosen))


def successors(fiscal_year: int) -> list[tuple[int, int]]:
    """Which new unit does whose work from that year on: (old, new)."""
    chosen = sa.select(OrgSuccession.old_id, OrgSuccession.new_id).where(OrgSuccession.fiscal_year == fiscal_year)
    return [(row.old_id, row.new_id) for row in db.session.execute(chosen.order_by(*chosen.selected_columns))]


def successions() -> list[tuple[int, int]]:
    """The same of all years, the oldest first."""
    chosen = sa.select(OrgSuccession.old_id, OrgSuccession.new_id).order_by(OrgSuccession.fiscal_year)
    return [(row.old_id, row.new_id) for row in db.session.execute(chosen)]


def member(member_id: int, *, on: date) -> MemberRow:
    """One member of staff with the unit they work at on that day. Raises NotFound."""
    found = _members(StaffMember.id == member_id, on=on)
    if not found:
        raise NotFound
    return found[0]


def member_by_number(number: str, *, on: date) -> MemberRow:
    """The member of staff with that number. Raises NotFound."""
    found = _members(StaffMember.number == number, on=on)
    if not found:
        raise NotFound
    return found[0]


def member_by_email(email: str, *, on: date) -> MemberRow | None:
    """The member of staff with that address; None when there is none, or more than one."""
    found = _members(StaffMember.email == email.lower(), on=on)
    return found[0] if len(found) == 1 else None


def members_by_id(ids: Iterable[int], *, on: date) -> dict[int, MemberRow]:
    """Members of staff by id."""
    return {row.id: row for row in _members(StaffMember.id.in_(list(ids)), on=on)}


def members_of(unit_ids: Iterable[int], *, on: date) -> list[MemberRow]:
    """Who works at one of these units on that day, by reading."""
    return _members(_posting_on(on), Posting.unit_id.in_(list(unit_ids)), on=on)


def members(filters: MemberFilters, *, on: date, number: int = 1, url: Callable[[int], str] = str) -> Page[MemberRow]:
    """One page of the staff, by reading."""
    wanted = _matching(filters)
    counted = sa.select(sa.func.count(StaffMember.id)).select_from(_staffed(on)).where(*wanted)
    total = db.session.scalar(counted) or 0
    rows = _members(*wanted, on=on, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    return Page(rows, number, PER_PAGE, total, url)


def everybody(filters: MemberFilters, *, on: date) -> list[MemberRow]:
    """All staff that a filter lets through, by reading, each with the unit they work at on that day."""
    return _members(*_matching(filters), on=on)


def holders(unit_id: int, kind: DutyKind, *, on: date) -> list[MemberRow]:
    """Who holds that duty at one unit on that day."""
    held = sa.select(Duty.staff_member_id).filter_by(unit_id=unit_id, kind=kind)
    return _members(StaffMember.id.in_(held.where(Duty.fiscal_year == fiscal_year_of(on), _held_on(on))), on=on)


def duties(fiscal_year: int, *, kind: DutyKind | None = None, on: date | None = None) -> list[DutyRow]:
    """The duties at the units of a year, in the order of the organisation chart, each unit's by their first day.

    With `on` only those held that day. A duty at a unit that left the chart in that year binds nobody any more; it
    stands in the story of its holder (duties_of).
    """
    there = sa.and_(OrgUnitYear.unit_id == Duty.unit_id, OrgUnitYear.fiscal_year == Duty.fiscal_year)
    chosen = sa.select(Duty).join(OrgUnitYear, there).where(Duty.fiscal_year == fiscal_year)
    if kind is not None:
        chosen = chosen.where(Duty.kind == kind)
    if on is not None:
        chosen = chosen.where(_held_on(on))
    return _duties(chosen, charts([fiscal_year]), on or rules.last_day(fiscal_year))


def duties_of(member_id: int, fiscal_year: int | None = None) -> list[DutyRow]:
    """The duties of one person, newest first; of one year, or of all."""
    chosen = sa.select(Duty).where(Duty.staff_member_id == member_id)
    if fiscal_year is not None:
        chosen = chosen.where(Duty.fiscal_year == fiscal_year)
    held = sorted(set(db.session.scalars(chosen.with_only_columns(Duty.fiscal_year))))
    found = _duties(chosen, charts(held), rules.last_day(held[-1]) if held else date.max)
    return sorted(found, key=lambda duty: (duty.fiscal_year, duty.starts_on), reverse=True)


def duty(duty_id: int) -> DutyRow:
    """One duty. Raises NotFound."""
    year = db.session.scalar(sa.select(Duty.fiscal_year).where(Duty.id == duty_id))
    if year is None:
        raise NotFound
    return _duties(sa.select(Duty).where(Duty.id == duty_id), charts([year]), rules.last_day(year))[0]


def units_without(kind: DutyKind, fiscal_year: int, *, on: date) -> list[UnitRow]:
    """The units that should name somebody for this duty and have nobody on that day."""
    return rules.unheld(kind, units(fiscal_year), duties(fiscal_year, kind=kind, on=on))


def last_known(unit_ids: Iterable[int]) -> dict[int, UnitRow]:
    """Units that left the chart in the year of a duty, as they were in their last year; nameless if they had none."""
    ids = list(unit_ids)
    nameless = {number: UnitRow(number, 0, "", UnitKind.SECTION, "廃止された組織", None, 0) for number in ids}
    rows = db.session.execute(_units().where(OrgUnitYear.unit_id.in_(ids)).order_by(OrgUnitYear.fiscal_year))
    return nameless | {row.unit_id: _unit(row) for row in rows}


def _units() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*OrgUnitYear.__table__.columns)


def _unit(row: sa.Row[Any]) -> UnitRow:
    return UnitRow(row.unit_id, row.fiscal_year, row.code, row.kind, row.name, row.parent_id, row.position)


def _posting_on(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(Posting.starts_on <= on, sa.or_(Posting.ends_on.is_(None), Posting.ends_on >= on))


def _held_on(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(Duty.starts_on <= on, sa.or_(Duty.ends_on.is_(None), Duty.ends_on >= on))


def _staffed(on: date) -> sa.FromClause:
    return sa.outerjoin(StaffMember, Posting, sa.and_(Posting.staff_member_id == StaffMember.id, _posting_on(on)))


def _members(*wanted: sa.ColumnElement[bool], on: date, limit: int | None = None, offset: int = 0) -> list[MemberRow]:
    own = (StaffMember.id, StaffMember.number, StaffMember.name, StaffMember.kana, StaffMember.email)
    chosen = (
        sa.select(*own, StaffMember.joined_year, StaffMember.position, Posting.unit_id)
        .select_from(_staffed(on))
        .where(*wanted)
        .order_by(StaffMember.kana_order, StaffMember.number)
    )
    found = db.session.execute(chosen.limit(limit).offset(offset)).all()
    chart = {u.id: u for u in units(fiscal_year_of(on))} if found else {}
    return [MemberRow(*row[:-1], chart.get(row.unit_id)) for row in found]


def _matching(filters: MemberFilters) -> list[sa.ColumnElement[bool]]:
    return [
        sa.or_(
            StaffMember.name.contains(word, autoescape=True),
            StaffMember.kana.contains(text.clean_kana(word), autoescape=True),
            StaffMember.number.startswith(word, autoescape=True),
        )
        for word in filters.word.split()
    ]


def _duties(chosen: sa.Select[Any], known: Mapping[int, Sequence[UnitRow]], on: date) -> list[DutyRow]:
    found = db.session.scalars(chosen).all()
    people = members_by_id({duty.staff_member_id for duty in found}, on=on)
    units_then = {(year, unit.id): unit for year, chart in known.items() for unit in chart}
    places = {key: place for place, key in enumerate(units_then)}
    gone = last_known({d.unit_id for d in found if (d.fiscal_year, d.unit_id) not in units_then})
    rows = [
        DutyRow(
            duty.id, duty.fiscal_year, duty.kind,
            units_then.get((duty.fiscal_year, duty.unit_id)) or gone[duty.unit_id],
            people[duty.staff_member_id], duty.starts_on, duty.ends_on,
        )
        for duty in found
    ]  # fmt: skip
    last = len(places)
    return sorted(rows, key=lambda row: (places.get((row.fiscal_year, row.unit.id), last), row.kind, row.starts_on))
