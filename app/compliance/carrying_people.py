"""April: whom last year's requirements bind in the new year. Chosen units go on as those that do their work now, named
people as far as they still work for the city on the first day; what is left behind is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.compliance.models import RequirementMember, RequirementUnit
from app.compliance.types import Audience, RequirementRow
from app.infra.db import db
from app.org import queries as org
from app.org.models import Posting, StaffMember
from app.org.rules import first_day, heirs


@dataclass(frozen=True, slots=True)
class Bound:
    """Whom a requirement names in the new year, and in words what does not go on."""

    units: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """Whom each of some requirements names in the new year. `begun`: the new year has its organisation chart."""

    bound: Mapping[int, Bound]
    begun: bool

    def of(self, requirement: RequirementRow) -> Bound:
        """Whom it names; nothing where a duty binds, or everybody is bound."""
        return self.bound.get(requirement.id, Bound())

    def waits(self, requirement: RequirementRow) -> str:
        """What must be done first."""
        waits = requirement.audience is Audience.SECTIONS and not self.begun
        return "新しい年度の組織が、まだ作られていません。" if waits else ""

    def reason(self, requirement: RequirementRow) -> str:
        """Why it cannot go on: nobody whom it names is there any more."""
        found = self.of(requirement)
        if requirement.audience is Audience.LIST and not found.members:
            return "名簿の職員が、新しい年度には在籍していません。"
        if requirement.audience is Audience.SECTIONS and self.begun and not found.units:
            return "選んだ部・課も、その仕事を引き継いだ組織も、新しい年度にはありません。"
        return ""


def read(requirements: Sequence[RequirementRow], year: int) -> People:
    """Whom these requirements of the year before name in `year`; a constant number of statements."""
    chart = org.units(year)
    units, members = _units(requirements, {unit.id for unit in chart}), _members(requirements, year)
    return People({**units, **members}, begun=bool(chart))


def _units(requirements: Sequence[RequirementRow], present: set[int]) -> dict[int, Bound]:
    wanted = [one.id for one in requirements if one.audience is Audience.SECTIONS]
    chosen: dict[int, list[int]] = defaultdict(list)
    rows = sa.select(RequirementUnit.requirement_id, RequirementUnit.unit_id).order_by(RequirementUnit.unit_id)
    for requirement_id, unit_id in db.session.execute(rows.where(RequirementUnit.requirement_id.in_(wanted))):
        chosen[requirement_id].append(unit_id)
    successions = org.successions()
    names = org.last_known({unit for some in chosen.values() for unit in some})
    found = {}
    for requirement_id, old in chosen.items():
        new = {unit: heirs(unit, present, successions) for unit in old}
        without = tuple(names[unit].name for unit in old if not new[unit])
        found[requirement_id] = Bound(units=tuple(sorted({u for some in new.values() for u in some})), without=without)
    return found


def _members(requirements: Sequence[RequirementRow], year: int) -> dict[int, Bound]:
    wanted = [one.id for one in requirements if one.audience is Audience.LIST]
    day = first_day(year)
    works = sa.exists().where(
        Posting.staff_member_id == StaffMember.id,
        Posting.starts_on <= day,
        sa.or_(Posting.ends_on.is_(None), Posting.ends_on >= day),
    )
    rows = (
        sa.select(RequirementMember.requirement_id, StaffMember.id, StaffMember.number, StaffMember.name, works)
        .join(StaffMember, StaffMember.id == RequirementMember.staff_member_id)
        .where(RequirementMember.requirement_id.in_(wanted))
        .order_by(StaffMember.number)
    )
    stay: dict[int, list[int]] = defaultdict(list)
    gone: dict[int, list[str]] = defaultdict(list)
    for requirement_id, member_id, number, name, working in db.session.execute(rows):
        if working:
            stay[requirement_id].append(member_id)
        else:
            gone[requirement_id].append(f"{name}（{number}）")
    return {one: Bound(members=tuple(stay[one]), without=tuple(gone[one])) for one in wanted}
