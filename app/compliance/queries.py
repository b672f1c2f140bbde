"""Reading requirements and boards: a constant number of statements for any number of sections, people and years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.compliance import facts, rules
from app.compliance.facts import Known
from app.compliance.models import (
    Evidence,
    Exemption,
    ReminderSent,
    ReminderStep,
    Requirement,
    RequirementUnit,
    RequirementWorksheet,
)
from app.compliance.types import (
    Board,
    Case,
    EvidenceKind,
    Former,
    Holding,
    Line,
    Progress,
    RequirementRow,
    SheetStanding,
    Standing,
)
from app.elearning.models import Course
from app.events.models import Event
from app.infra.db import db
from app.kernel.errors import NotFound
from app.org import queries as org
from app.org.models import Posting
from app.org.rules import first_day
from app.org.types import UnitKind, UnitRow

_ROW = (
    Requirement.id, Requirement.fiscal_year, Requirement.code, Requirement.title, Requirement.event_id,
    Requirement.due_on, Requirement.audience, Requirement.substitutes, Requirement.ended_at,
    RequirementWorksheet.template_id, Requirement.course_id,
)  # fmt: skip


def one(requirement_id: int) -> RequirementRow:
    """One requirement. Raises NotFound."""
    found = _rows(Requirement.id == requirement_id)
    if not found:
        raise NotFound
    return found[0]


def of_year(fiscal_year: int, *, section: str | None = None) -> list[RequirementRow]:
    """The requirements of a year, by due date: of all, or of the trainings and courses that `section` holds."""
    wanted = [Requirement.fiscal_year == fiscal_year]
    if section is not None:
        wanted.append(_held_by(section))
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


def unit_ids(requirement_id: int) -> set[int]:
    """The units whose staff a requirement of Audience.SECTIONS binds, without those below them."""
    chosen = sa.select(RequirementUnit.unit_id).where(RequirementUnit.requirement_id == requirement_id)
    return set(db.session.scalars(chosen))


def chosen_units(requirement: RequirementRow) -> list[UnitRow]:
    """The same as they are in the year, in the order of the chart; last those that left it, by their last name."""
    ids = unit_ids(requirement.id)
    present = [unit for unit in org.units(requirement.fiscal_year) if unit.id in ids]
    return [*present, *org.last_known(sorted(ids - {unit.id for unit in present})).values()]


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


def every() -> list[RequirementRow]:
    """Every requirement there is, by due date."""
    return _rows()


def lines_about(
    requirements: Sequence[RequirementRow], members: Collection[int], *, today: date
) -> list[tuple[RequirementRow, Line]]:
    """The lines of the boards on which these people stand, owing or having held the duty before.

    Reads what concerns them, however many others are bound; a constant number of statements.
    """
    known = facts.read(requirements, members)
    return [
        (requirement, line)
        for requirement in requirements
        for line in _board(requirement, known, today).lines
        if any(line.standing_of(who) for who in members)
    ]


def comparison(own: Board, *, today: date) -> list[Progress]:
    """The same requirement in all its years, the newest first, as far as the section held the training.

    The year of `own` is counted from it; of the other years nobody's line is put together.
    """
    training = sa.select(Event.section).where(Event.id == own.requirement.event_id).scalar_subquery()
    course = sa.select(Course.section).where(Course.id == own.requirement.course_id).scalar_subquery()
    same = _held_by(sa.func.coalesce(training, course))
    others = _rows(Requirement.code == own.requirement.code, Requirement.id != own.requirement.id, same)
    known = facts.read(others, named=False)
    counted = [_progress(requirement, known, today) for requirement in others]
    counted.append(Progress(own.requirement, own.done, len(own.lines)))
    return sorted(counted, key=lambda one: -one.requirement.fiscal_year)


def _held_by(section: Any) -> sa.ColumnElement[bool]:
    """Of whose training it is; of whose course, where there is no training."""
    return sa.or_(
        Requirement.event_id.in_(sa.select(Event.id).where(Event.section == section)),
        sa.and_(
            Requirement.event_id.is_(None),
            Requirement.course_id.in_(sa.select(Course.id).where(Course.section == section)),
        ),
    )


def _rows(*wanted: sa.ColumnElement[bool]) -> list[RequirementRow]:
    chosen = sa.select(*_ROW).outerjoin(RequirementWorksheet, RequirementWorksheet.requirement_id == Requirement.id)
    chosen = chosen.where(*wanted).order_by(Requirement.due_on, Requirement.id)
    rows: Sequence[Any] = db.session.execute(chosen).all()
    return [RequirementRow(*row) for row in rows]


def _boards(requirements: Sequence[RequirementRow], today: date) -> list[Board]:
    known = facts.read(requirements)
    return [_board(requirement, known, today) for requirement in requirements]


def _board(requirement: RequirementRow, known: Known, today: date) -> Board:
    lines, vacant = [], []
    for unit, owing, holdings in _owing(requirement, known, today):
        if owing is not None:
            lines.append(_line(requirement, unit, owing, holdings, known))
        elif unit is not None:
            vacant.append(unit.full_name)
    return Board(requirement, tuple(lines), tuple(vacant))


def _progress(requirement: RequirementRow, known: Known, today: date) -> Progress:
    owing = [one for _unit, one, _holdings in _owing(requirement, known, today) if one is not None]
    return Progress(requirement, sum(_judged(requirement, one, known)[2] for one in owing), len(owing))


def _owing(
    requirement: RequirementRow, known: Known, today: date
) -> Iterator[tuple[UnitRow | None, Holding | None, Sequence[Holding]]]:
    """Who owes, in the order of the chart, with all who hold or held the duty there; None: nobody is named."""
    by_unit: dict[int | None, list[Holding]] = defaultdict(list)
    for holding in known.holdings[requirement.id]:
        by_unit[holding.unit_id].append(holding)
    duty = requirement.audience.duty
    for unit in known.charts[requirement.fiscal_year]:
        here = by_unit[unit.id]
        if duty is None:
            yield from ((unit, holding, ()) for holding in here)
        elif (owing := rules.owing(here, requirement.due_on, today)) is not None or unit.kind in duty.held_at:
            yield unit, owing, here
    if duty is None:
        yield from ((None, holding, ()) for holding in by_unit[None])


def _judged(requirement: RequirementRow, owing: Holding, known: Known) -> tuple[Standing, SheetStanding | None, bool]:
    """Where somebody stands, how far the worksheet has come, and whether nothing is owed any more."""
    found = rules.standing(known.of(requirement, owing.member_id), requirement.substitutes)
    sheet = known.sheet_of(requirement, owing.unit_id)
    return found, sheet, rules.is_done(found, requirement.substitutes) and rules.sheet_done(found, sheet)


def _line(
    requirement: RequirementRow, unit: UnitRow | None, owing: Holding, holdings: Iterable[Holding], known: Known
) -> Line:
    found, sheet, done = _judged(requirement, owing, known)
    others = {h.member_id for h in holdings} - {owing.member_id}
    return Line(
        person=known.people[owing.member_id],
        unit_id=owing.unit_id,
        section=unit.name if unit else "",
        department=_department(unit),
        standing=found,
        done=done,
        sheet=sheet,
        others=tuple(
            Former(known.people[who], rules.standing(known.of(requirement, who), requirement.substitutes))
            for who in sorted(others)
        ),
    )


def _department(unit: UnitRow | None) -> str:
    if unit is None:
        return ""
    below = unit.kind in {UnitKind.SECTION, UnitKind.OFFICE} and len(unit.path) > 1
    return unit.path[-2] if below else unit.name


def unit_of(member_id: int, day: date) -> int | None:
    """Where somebody works on that day."""
    chosen = sa.select(Posting.unit_id).where(
        Posting.staff_member_id == member_id,
        Posting.starts_on <= day,
        sa.or_(Posting.ends_on.is_(None), Posting.ends_on >= day),
    )
    found: Any = db.session.scalar(chosen)
    return None if found is None else int(found)
