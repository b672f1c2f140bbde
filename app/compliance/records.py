"""One person's learning record (受講の記録): what they came to, what they owed and how it ended, their certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.attendance import ledger
from app.attendance.models import Attendance
from app.attendance.types import CertificateRow, Presence
from app.compliance import queries
from app.compliance.types import RequirementRow, Standing
from app.elearning import progress
from app.elearning import queries as elearning
from app.elearning.types import Completion
from app.events.models import Event
from app.infra.db import db
from app.registrations import queries as registrations
from app.registrations.types import RegistrationRow


@dataclass(frozen=True, slots=True)
class Taken:
    """A place at a training and how it was marked; None: not marked."""

    place: RegistrationRow
    presence: Presence | None


@dataclass(frozen=True, slots=True)
class Owed:
    """A requirement that bound the person, or bound them for a part of the year, and where they stand in it."""

    requirement: RequirementRow
    standing: Standing


@dataclass(frozen=True, slots=True)
class YearRecord:
    """One fiscal year of a person."""

    fiscal_year: int
    taken: tuple[Taken, ...]
    owed: tuple[Owed, ...]
    certificates: tuple[CertificateRow, ...]
    courses: tuple[Completion, ...] = ()


def record(member_id: int, *, today: date, section: str | None = None) -> list[YearRecord]:
    """The years of a person that hold anything, the newest first; with `section` only what that section held.

    A constant number of statements, however many years and people there are.
    """
    held = sa.select(Event.id, Event.fiscal_year)
    if section is not None:
        held = held.where(Event.section == section)
    years = {row.id: row.fiscal_year for row in db.session.execute(held)}
    taken = [one for one in _taken(member_id) if one.place.event_id in years]
    courses = {course.id: course.fiscal_year for course in elearning.every(section)}
    completed = progress.completions(courses, [member_id])
    owed = [
        one
        for one in _owed(member_id, today)
        if one.requirement.event_id in years
        or (one.requirement.event_id is None and one.requirement.course_id in courses)
    ]
    papers = [one for one in ledger.of_member(member_id) if one.event_id in years]
    found = [
        YearRecord(
            year,
            tuple(one for one in taken if years[one.place.event_id] == year),
            tuple(one for one in owed if one.requirement.fiscal_year == year),
            tuple(one for one in papers if years[one.event_id] == year),
            tuple(one for one in completed if courses[one.course_id] == year),
        )
        for year in sorted(
            {*years.values(), *courses.values(), *(one.requirement.fiscal_year for one in owed)}, reverse=True
        )
    ]
    return [one for one in found if one.taken or one.owed or one.courses]


def _taken(member_id: int) -> list[Taken]:
    places = registrations.of_member(member_id)
    chosen = sa.select(Attendance.registration_id, Attendance.status).where(
        Attendance.registration_id.in_([place.id for place in places])
    )
    marks: dict[int | None, Presence] = {}
    for number, presence in db.session.execute(chosen):
        # Of a course there are several marks: that somebody came to a meeting says more than that they missed one.
        if number not in marks or presence.came:
            marks[number] = presence
    return [Taken(place, marks.get(place.id)) for place in places]


def _owed(member_id: int, today: date) -> list[Owed]:
    found: dict[int, Owed] = {}
    for requirement, line in queries.lines_about(queries.every(), [member_id], today=today):
        standing = line.standing_of(member_id)
        if standing is not None:
            found.setdefault(requirement.id, Owed(requirement, standing))
    return list(found.values())
