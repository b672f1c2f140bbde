"""Everything that boards are made of, read with a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.attendance import completing
from app.attendance.models import Attendance
from app.attendance.types import Presence
from app.compliance import holdings, rules
from app.compliance.models import Evidence, Exemption
from app.compliance.types import EvidenceKind, Facts, Holding, Person, RequirementRow, SheetStanding
from app.elearning import progress as elearning
from app.infra.db import db
from app.org import queries as org
from app.org.models import StaffMember
from app.org.types import UnitRow
from app.registrations.models import Registration, Substitution
from app.registrations.types import Status
from app.worksheets import queries as worksheets

Key = tuple[int, int]  # (requirement or event, member of staff)


@dataclass(slots=True)
class Known:
    """What is known of some requirements, by ids; `sheets` by template and unit, `courses` by course and person."""

    charts: dict[int, list[UnitRow]] = field(default_factory=dict)
    holdings: dict[int, list[Holding]] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    places: dict[Key, Facts] = field(default_factory=dict)
    exempt: set[Key] = field(default_factory=set)
    evidence: set[tuple[int, int, EvidenceKind]] = field(default_factory=set)
    sheets: dict[Key, SheetStanding] = field(default_factory=dict)
    courses: set[Key] = field(default_factory=set)

    def of(self, requirement: RequirementRow, member_id: int) -> Facts:
        """All that is known of one person in one requirement."""
        place = self.places.get((requirement.event_id or 0, member_id), Facts())
        sent = (requirement.id, member_id, EvidenceKind.SUBSTITUTE) in self.evidence
        return Facts(
            status=place.status,
            presence=place.presence,
            exempt=(requirement.id, member_id) in self.exempt,
            elsewhere=(requirement.id, member_id, EvidenceKind.ELSEWHERE) in self.evidence,
            by_course_alone=requirement.event_id is None,
            course=(requirement.course_id or 0, member_id) in self.courses,
            substituted=place.substituted or sent,
        )

    def sheet_of(self, requirement: RequirementRow, unit_id: int | None) -> SheetStanding | None:
        """How far a unit's worksheet has come; None where the requirement demands none."""
        if requirement.template_id is None or unit_id is None:
            return None
        return self.sheets.get((requirement.template_id, unit_id), SheetStanding.NOT_BEGUN)


def read(
    requirements: Sequence[RequirementRow], members: Collection[int] | None = None, *, named: bool = True
) -> Known:
    """What the boards of these requirements are made of; with `members` only what the lines of these people are.

    `named`: who the people are is read too; without it they can only be counted.
    """
    ids, years = [r.id for r in requirements], {r.fiscal_year for r in requirements}
    known = Known(charts=org.charts(years))
    known.holdings = holdings.read(requirements, known.charts, members)
    bound = {h.member_id for some in known.holdings.values() for h in some}
    known.people = _people(bound) if named else {}
    only = None if members is None else bound
    known.places = _places({r.event_id for r in requirements if r.event_id is not None}, only)
    courses = {r.course_id for r in requirements if r.course_id is not None}
    known.courses = elearning.who_completed(courses, only) if courses else set()
    exempt = sa.select(Exemption.requirement_id, Exemption.staff_member_id)
    exempt = exempt.where(Exemption.requirement_id.in_(ids), *_among(Exemption.staff_member_id, only))
    known.exempt = {(row.requirement_id, row.staff_member_id) for row in db.session.execute(exempt)}
    proved = sa.select(Evidence.requirement_id, Evidence.staff_member_id, Evidence.kind)
    proved = proved.where(Evidence.requirement_id.in_(ids), *_among(Evidence.staff_member_id, only))
    known.evidence = {(row.requirement_id, row.staff_member_id, row.kind) for row in db.session.execute(proved)}
    states = worksheets.states(r.template_id for r in requirements if r.template_id is not None)
    known.sheets = {key: SheetStanding(state.value) for key, state in states.items()}
    return known


def _people(ids: set[int]) -> dict[int, Person]:
    chosen = sa.select(StaffMember.id, StaffMember.number, StaffMember.name, StaffMember.email)
    return {row.id: Person(*row) for row in db.session.execute(chosen.where(StaffMember.id.in_(ids)))}


def _among(column: Any, only: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    return [] if only is None else [column.in_(only)]


def _places(event_ids: set[int], only: Collection[int] | None) -> dict[Key, Facts]:
    chosen = (
        sa.select(
            Registration.event_id,
            Registration.staff_member_id,
            Registration.status,
            Attendance.status,
            Substitution.registration_id.is_not(None),
            completing.COMPLETE,
            completing.NEEDED,
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
            *_among(Registration.staff_member_id, only),
        )
    )
    found: dict[Key, Facts] = {}
    for event_id, member_id, status, mark, instead, complete, needed in db.session.execute(chosen):
        # Who missed a meeting of a course is not done, and may still be if fewer meetings are enough.
        presence = mark if needed == 1 else Presence.PRESENT if complete else None
        if member_id is not None:
            found[event_id, member_id] = rules.seen(Facts(status=status, presence=presence), by_substitute=instead)
    return found
