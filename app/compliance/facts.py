"""Everything that boards are made of, read with a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from app.attendance.models import Attendance
from app.compliance import rules
from app.compliance.models import Evidence, Exemption, RequirementMember
from app.compliance.types import Audience, EvidenceKind, Facts, Holding, Person, RequirementRow, SheetStanding
from app.infra.db import db
from app.org import queries as org
from app.org.models import Duty, Posting, StaffMember
from app.org.rules import first_day, last_day
from app.org.types import UnitRow
from app.registrations.models import Registration, Substitution
from app.registrations.types import Status
from app.worksheets import queries as worksheets

Key = tuple[int, int]  # (requirement or event, member of staff)


@dataclass(slots=True)
class Known:
    """What is known of some requirements; the keys are ids, `sheets` by template and unit."""

    charts: dict[int, list[UnitRow]] = field(default_factory=dict)
    holdings: dict[int, list[Holding]] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    places: dict[Key, Facts] = field(default_factory=dict)
    exempt: set[Key] = field(default_factory=set)
    evidence: set[tuple[int, int, EvidenceKind]] = field(default_factory=set)
    sheets: dict[Key, SheetStanding] = field(default_factory=dict)

    def of(self, requirement: RequirementRow, member_id: int) -> Facts:
        """All that is known of one person in one requirement."""
        place = self.places.get((requirement.event_id, member_id), Facts())
        sent = (requirement.id, member_id, EvidenceKind.SUBSTITUTE) in self.evidence
        return Facts(
            status=place.status,
            presence=place.presence,
            exempt=(requirement.id, member_id) in self.exempt,
            elsewhere=(requirement.id, member_id, EvidenceKind.ELSEWHERE) in self.evidence,
            substituted=place.substituted or sent,
        )

    def sheet_of(self, requirement: RequirementRow, unit_id: int | None) -> SheetStanding | None:
        """How far a unit's worksheet has come; None where the requirement demands none."""
        if requirement.template_id is None or unit_id is None:
            return None
        return self.sheets.get((requirement.template_id, unit_id), SheetStanding.NOT_BEGUN)


def read(requirements: Sequence[RequirementRow]) -> Known:
    """What the boards of these requirements are made of."""
    ids, years = [r.id for r in requirements], {r.fiscal_year for r in requirements}
    known = Known(charts=org.charts(years), holdings=_holdings(requirements))
    known.people = _people({h.member_id for some in known.holdings.values() for h in some})
    known.places = _places({r.event_id for r in requirements})
    exempt = sa.select(Exemption.requirement_id, Exemption.staff_member_id).where(Exemption.requirement_id.in_(ids))
    known.exempt = {(row.requirement_id, row.staff_member_id) for row in db.session.execute(exempt)}
    proved = sa.select(Evidence.requirement_id, Evidence.staff_member_id, Evidence.kind)
    for row in db.session.execute(proved.where(Evidence.requirement_id.in_(ids))):
        known.evidence.add((row.requirement_id, row.staff_member_id, row.kind))
    states = worksheets.states(r.template_id for r in requirements if r.template_id is not None)
    known.sheets = {key: SheetStanding(state.value) for key, state in states.items()}
    return known


def _holdings(requirements: Sequence[RequirementRow]) -> dict[int, list[Holding]]:
    """Who is or was bound, by requirement: always three statements, whoever is asked for."""
    years = {r.fiscal_year for r in requirements}
    duties: dict[tuple[int, object], list[Holding]] = defaultdict(list)
    for duty in db.session.scalars(sa.select(Duty).where(Duty.fiscal_year.in_(years)).order_by(Duty.starts_on)):
        holding = Holding(duty.staff_member_id, duty.unit_id, duty.starts_on, duty.ends_on)
        duties[duty.fiscal_year, duty.kind].append(holding)
    listed: dict[int, set[int]] = defaultdict(set)
    chosen = sa.select(RequirementMember).where(RequirementMember.requirement_id.in_([r.id for r in requirements]))
    for named in db.session.scalars(chosen):
        listed[named.requirement_id].add(named.staff_member_id)
    posted = _posted(requirements)
    found: dict[int, list[Holding]] = {}
    for requirement in requirements:
        if requirement.audience.duty is not None:
            found[requirement.id] = duties[requirement.fiscal_year, requirement.audience.duty]
            continue
        on_due = {who: h for who, h in posted.items() if _at(h, requirement.due_on)}
        wanted = on_due.keys() if requirement.audience is Audience.EVERYONE else listed[requirement.id]
        begin, end = first_day(requirement.fiscal_year), last_day(requirement.fiscal_year)
        units = {who: _unit_on(posted.get(who, ()), requirement.due_on) for who in wanted}
        found[requirement.id] = [Holding(who, units[who], begin, end) for who in sorted(wanted)]
    return found


def _posted(requirements: Sequence[RequirementRow]) -> dict[int, list[Holding]]:
    found: dict[int, list[Holding]] = defaultdict(list)
    if all(r.audience.duty for r in requirements):
        return found
    for row in db.session.scalars(sa.select(Posting).order_by(Posting.starts_on)):
        found[row.staff_member_id].append(Holding(row.staff_member_id, row.unit_id, row.starts_on, row.ends_on))
    return found


def _at(postings: Iterable[Holding], day: date) -> bool:
    return _unit_on(postings, day) is not None


def _unit_on(postings: Iterable[Holding], day: date) -> int | None:
    return next((p.unit_id for p in postings if p.starts_on <= day and (p.ends_on is None or day <= p.ends_on)), None)


def _people(ids: set[int]) -> dict[int, Person]:
    chosen = sa.select(StaffMember.id, StaffMember.number, StaffMember.name, StaffMember.email)
    return {row.id: Person(*row) for row in db.session.execute(chosen.where(StaffMember.id.in_(ids)))}


def _places(event_ids: set[int]) -> dict[Key, Facts]:
    chosen = (
        sa.select(
            Registration.event_id,
            Registration.staff_member_id,
            Registration.status,
            Attendance.status,
            Substitution.registration_id.is_not(None),
        )
        .outerjoin(Substitution, Substitution.registration_id == Registration.id)
        .outerjoin(
            Attendance,
            sa.and_(Attendance.registration_id == Registration.id, Attendance.sitting_id == Registration.sitting_id),
        )
        .where(
            Registration.event_id.in_(event_ids),
            Registration.staff_member_id.is_not(None),
            Registration.status != Status.CANCELLED,
        )
    )
    found: dict[Key, Facts] = {}
    for event_id, member_id, status, presence, instead in db.session.execute(chosen):
        if member_id is not None:
            found[event_id, member_id] = rules.seen(Facts(status=status, presence=presence), by_substitute=instead)
    return found
