"""April: which requirements are made again in the new year, of which training and by when, and which are not.

Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.compliance import carrying_people, queries
from app.compliance.types import RequirementDraft, RequirementRow
from app.elearning import queries as elearning
from app.elearning.types import CourseRow
from app.events import carrying as trainings
from app.events import copying
from app.events.queries import assemble
from app.events.types import EventRow
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.working_days import working_day
from app.org.rules import first_day, last_day
from app.worksheets import queries as worksheets


@dataclass(frozen=True, slots=True)
class Move:
    """A requirement of last year and what it becomes. `taught`: what meets it; `without`: who is left behind."""

    requirement: RequirementRow
    taught: str
    draft: RequirementDraft
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A requirement that is not made again, and why. `later`: it can be, once its training has gone on."""

    requirement: RequirementRow
    reason: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What moving a section's requirements into a year would do."""

    moved: tuple[Move, ...]
    left_out: tuple[LeftOut, ...]


def plan(year: int, section: str) -> Plan:
    """Last year's requirements of the trainings that a section holds; none twice, however often it is carried out."""
    there = {requirement.code for requirement in queries.of_year(year)}
    copied = trainings.copies(year)
    sources = queries.of_year(year - 1, section=section)
    sheets, courses = _sheets(sources, year), _courses(sources, year)
    events = _events({number for r in sources for number in (r.event_id, copied.get(r.event_id or 0)) if number})
    steps = queries.steps_of([requirement.id for requirement in sources])
    people = carrying_people.read(sources, year)
    moved, left_out = [], []
    for requirement in sources:
        reason = "すでに登録されています。" if requirement.code in there else people.reason(requirement)
        if reason:
            left_out.append(LeftOut(requirement, reason))
            continue
        wait = _waits(requirement, copied, sheets, courses) or people.waits(requirement)
        if wait:
            left_out.append(LeftOut(requirement, wait, later=True))
            continue
        old = events[requirement.event_id] if requirement.event_id is not None else None
        new = events[copied[old.id]] if old is not None else None
        course = courses.get(requirement.course_id or 0)
        bound = people.of(requirement)
        draft = replace(
            _draft(requirement, year, due_on(requirement.due_on, old, new, year), steps[requirement.id]),
            event_id=new.id if new is not None else None,
            course_id=course.id if course is not None else None,
            template_id=sheets.get(requirement.template_id or 0),
            units=bound.units,
            members=bound.members,
        )
        taught = [*([new.full_title] if new is not None else []), *([course.title] if course is not None else [])]
        moved.append(Move(requirement, "、".join(taught), draft, bound.without))
    return Plan(tuple(moved), tuple(left_out))


def due_on(day: date, old: EventRow | None, new: EventRow | None, year: int) -> date:
    """As far from the training as last year, inside the year; on a working day where that is possible."""
    due = copying.same_day_in(year, day)
    if old is not None and new is not None and old.starts_at is not None and new.starts_at is not None:
        due = day + (local_date(new.starts_at) - local_date(old.starts_at))
    due = min(max(due, first_day(year)), last_day(year))
    before = working_day(due, 0)
    return before if fiscal_year(before) == year else due


def _waits(
    requirement: RequirementRow,
    copied: Mapping[int, int],
    sheets: Mapping[int, int],
    courses: Mapping[int, CourseRow],
) -> str:
    """What must go on first."""
    if requirement.event_id is not None and requirement.event_id not in copied:
        return "対象の研修が、まだ引き継がれていません。"
    if requirement.course_id is not None and requirement.course_id not in courses:
        return "対象のEラーニングの講座が、まだ引き継がれていません。"
    if requirement.template_id is not None and requirement.template_id not in sheets:
        return "求めている棚卸シートが、まだ引き継がれていません。"
    return ""


def _sheets(sources: Sequence[RequirementRow], year: int) -> dict[int, int]:
    """Last year's worksheet → the same one of the new year, where it is there."""
    if all(requirement.template_id is None for requirement in sources):
        return {}
    new = {template.code: template.id for template in worksheets.templates(year)}
    return {old.id: new[old.code] for old in worksheets.templates(year - 1) if old.code in new}


def _courses(sources: Sequence[RequirementRow], year: int) -> dict[int, CourseRow]:
    """Last year's course → the same one of the new year, where it is there."""
    if all(requirement.course_id is None for requirement in sources):
        return {}
    new = {course.code: course for course in elearning.of_year(year)}
    return {old.id: new[old.code] for old in elearning.of_year(year - 1) if old.code in new}


def _events(ids: set[int]) -> dict[int, EventRow]:
    return {event.id: event for event in assemble(sorted(ids), programme=False)}


def _draft(requirement: RequirementRow, year: int, due: date, steps: tuple[int, ...]) -> RequirementDraft:
    return RequirementDraft(
        fiscal_year=year,
        code=requirement.code,
        title=copying.in_year(requirement.title, requirement.fiscal_year, year),
        event_id=None,
        due_on=due,
        audience=requirement.audience,
        substitutes=requirement.substitutes,
        steps=steps,
    )
