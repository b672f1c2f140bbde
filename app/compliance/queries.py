"""Reading requirements and boards: a constant number of statements for any number of sections, people and years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.attendance.models import Attendance
from app.compliance import rules
from app.compliance.models import Evidence, Exemption, ReminderSent, ReminderStep, Requirement, RequirementMember
from app.compliance.types import (
    Audience,
    Board,
    Case,
    EvidenceKind,
    Facts,
    Former,
    Holding,
    Line,
    Person,
    RequirementRow,
)
from app.events.models import Event
from app.infra.db import db
from app.kernel.errors import NotFound
from app.org import queries as org
from app.org.models import Duty, Posting, StaffMember
from app.org.rules import first_day, last_day
from app.org.types import UnitKind, UnitRow
from app.registrations.models import Registration, Substitution
from app.registrations.types import Status

_ROW = (
    Requirement.id, Requirement.fiscal_year, Requirement.code, Requirement.title, Requirement.event_id,
    Requirement.due_on, Requirement.audience, Requirement.substitutes, Requirement.ended_at,
)  # fmt: skip
Key = tuple[int, int]  # (requirement or event, member of staff)


@dataclass(slots=True)
class _Known:
    """Everything the boards of some requirements are made of."""

    charts: dict[int, list[UnitRow]] = field(default_factory=dict)
    holdings: dict[int, list[Holding]] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    places: dict[Key, Facts] = field(default_factory=dict)
    exempt: set[Key] = field(default_factory=set)
    evidence: set[tuple[int, int, EvidenceKind]] = field(default_factory=set)


def one(requirement_id: int) -> RequirementRow:
    """One requirement. Raises NotFound."""
    found = _rows(Requirement.id == requirement_id)
    if not found:
        raise NotFound
    return found[0]


def of_year(fiscal_year: int, *, section: str | None = None) -> list[RequirementRow]:
    """The requirements of a year, by due date: of all, or of the trainings that `section` holds."""
    wanted = [Requirement.fiscal_year == fiscal_year]
    if section is not None:
        wanted.append(Requirement.event_id.in_(sa.select(Event.id).where(Event.section == section)))
    return _rows(*wanted)


def running(today: date) -> list[RequirementRow]:
    """Those that are not over and in whose year `today` falls."""
    year = today.year if today >= first_day(today.year) else today.year - 1
    return _rows(Requirement.fiscal_year == year, Requirement.ended_at.is_(None))


def steps(requirement_id: int) -> tuple[int, ...]:
    """The reminders of the plan, in working days from the due date."""
    chosen = sa.select(ReminderStep.days).where(ReminderStep.requirement_id == requirement_id)
    return tuple(db.session.scalars(chosen.order_by(ReminderStep.days)))


def steps_of(requirement_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The same of several requirements; one statement."""
    found: dict[int, list[int]] = {number: [] for number in requirement_ids}
    chosen = sa.select(ReminderStep).where(ReminderStep.requirement_id.in_(requirement_ids))
    for step in db.session.scalars(chosen.order_by(ReminderStep.days)):
        found[step.requirement_id].append(step.days)
    return {number: tuple(days) for number, days in found.items()}


def reminded(requirement_id: int) -> Mapping[tuple[int, int], datetime]:
    """Who was told: (member, step) and when."""
    chosen = sa.select(ReminderSent).where(ReminderSent.requirement_id == requirement_id)
    return {(sent.staff_member_id, sent.days): sent.sent_at for sent in db.session.scalars(chosen)}


def case(requirement_id: int, member_id: int) -> Case:
    """What was decided about one person: an exemption, attendance elsewhere; and when they were reminded."""
    let_off = db.session.get(Exemption, (requirement_id, member_id))
    proof = db.session.get(Evidence, (requirement_id, member_id, EvidenceKind.ELSEWHERE))
    sent = sa.select(ReminderSent).filter_by(requirement_id=requirement_id, staff_member_id=member_id)
    return Case(
        exempt_reason=let_off.reason if let_off else "",
        exempted_at=let_off.granted_at if let_off else None,
        elsewhere_on=proof.happened_on if proof else None,
        elsewhere_note=proof.note if proof else "",
        reminded=tuple((one.days, one.sent_at) for one in db.session.scalars(sent.order_by(ReminderSent.sent_at))),
    )


def reminder_log(requirement_id: int) -> list[tuple[int, int, datetime]]:
    """What was sent by step of the plan: (step, how many people, when last)."""
    days = ReminderSent.days
    chosen = sa.select(days, sa.func.count(), sa.func.max(ReminderSent.sent_at))
    chosen = chosen.where(ReminderSent.requirement_id == requirement_id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(chosen.group_by(days).order_by(days))]


def board(requirement_id: int, *, today: date) -> Board:
    """One requirement with everybody it binds. Raises NotFound."""
    return _boards([one(requirement_id)], today)[0]


def boards_of_year(fiscal_year: int, *, today: date, section: str | None = None) -> list[Board]:
    """Every requirement of a year with everybody it binds, by due date: of all, or of a section's trainings."""
    return _boards(of_year(fiscal_year, section=section), today)


def boards_of_all_years(*, today: date) -> list[Board]:
    """Every requirement there is with everybody it binds, by due date."""
    return _boards(_rows(), today)


def history(code: str, *, today: date) -> list[Board]:
    """The same requirement in all its years, the newest first."""
    return _boards(sorted(_rows(Requirement.code == code), key=lambda r: -r.fiscal_year), today)


def _rows(*wanted: sa.ColumnElement[bool]) -> list[RequirementRow]:
    chosen = sa.select(*_ROW).where(*wanted).order_by(Requirement.due_on, Requirement.id)
    return [RequirementRow(*row) for row in db.session.execute(chosen)]


def _boards(requirements: Sequence[RequirementRow], today: date) -> list[Board]:
    known = _read(requirements)
    return [_board(requirement, known, today) for requirement in requirements]


def _read(requirements: Sequence[RequirementRow]) -> _Known:
    ids, years = [r.id for r in requirements], {r.fiscal_year for r in requirements}
    known = _Known(charts=org.charts(years), holdings=_holdings(requirements))
    known.people = _people({h.member_id for some in known.holdings.values() for h in some})
    known.places = _places({r.event_id for r in requirements})
    exempt = sa.select(Exemption.requirement_id, Exemption.staff_member_id).where(Exemption.requirement_id.in_(ids))
    known.exempt = {(row.requirement_id, row.staff_member_id) for row in db.session.execute(exempt)}
    proved = sa.select(Evidence.requirement_id, Evidence.staff_member_id, Evidence.kind)
    for row in db.session.execute(proved.where(Evidence.requirement_id.in_(ids))):
        known.evidence.add((row.requirement_id, row.staff_member_id, row.kind))
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


def _board(requirement: RequirementRow, known: _Known, today: date) -> Board:
    chart = known.charts[requirement.fiscal_year]
    lines, vacant = [], []
    by_unit: dict[int | None, list[Holding]] = defaultdict(list)
    for holding in known.holdings[requirement.id]:
        by_unit[holding.unit_id].append(holding)
    duty = requirement.audience.duty
    units: list[UnitRow | None] = [*chart] if duty else [*chart, None]
    for unit in units:
        holdings = by_unit[unit.id if unit else None]
        if duty is None:
            lines += [_line(requirement, unit, holding, (), known) for holding in holdings]
            continue
        owing = rules.owing(holdings, requirement.due_on, today)
        if owing is not None:
            lines.append(_line(requirement, unit, owing, holdings, known))
        elif unit is not None and unit.kind in duty.held_at:
            vacant.append(unit.full_name)
    return Board(requirement, tuple(lines), tuple(vacant))


def _line(
    requirement: RequirementRow, unit: UnitRow | None, owing: Holding, holdings: Iterable[Holding], known: _Known
) -> Line:
    found = rules.standing(_facts(requirement, owing.member_id, known), requirement.substitutes)
    others = {h.member_id for h in holdings} - {owing.member_id}
    return Line(
        person=known.people[owing.member_id],
        unit_id=owing.unit_id,
        section=unit.name if unit else "",
        department=_department(unit),
        standing=found,
        done=rules.is_done(found, requirement.substitutes),
        others=tuple(
            Former(known.people[who], rules.standing(_facts(requirement, who, known), requirement.substitutes))
            for who in sorted(others)
        ),
    )


def _department(unit: UnitRow | None) -> str:
    if unit is None:
        return ""
    below = unit.kind in {UnitKind.SECTION, UnitKind.OFFICE} and len(unit.path) > 1
    return unit.path[-2] if below else unit.name


def _facts(requirement: RequirementRow, member_id: int, known: _Known) -> Facts:
    place = known.places.get((requirement.event_id, member_id), Facts())
    return Facts(
        status=place.status,
        presence=place.presence,
        exempt=(requirement.id, member_id) in known.exempt,
        elsewhere=(requirement.id, member_id, EvidenceKind.ELSEWHERE) in known.evidence,
        substituted=place.substituted or (requirement.id, member_id, EvidenceKind.SUBSTITUTE) in known.evidence,
    )


def unit_of(member_id: int, day: date) -> int | None:
    """Where somebody works on that day."""
    chosen = sa.select(Posting.unit_id).where(
        Posting.staff_member_id == member_id,
        Posting.starts_on <= day,
        sa.or_(Posting.ends_on.is_(None), Posting.ends_on >= day),
    )
    found: Any = db.session.scalar(chosen)
    return None if found is None else int(found)
