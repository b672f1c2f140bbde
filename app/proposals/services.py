"""What the organizer does to the programme of a year, and the figures of earlier ones. Each verb is one transaction."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

import sqlalchemy as sa

from app.events.copying import in_year, same_day_in
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import Actor
from app.proposals import queries, rules, shipped
from app.proposals.errors import CourseInUse, CourseTaken, FigureKnown, NoCourses, YearTaken
from app.proposals.models import Proposal, ProposalCourse, ProposalFigure, ProposalProgramme
from app.proposals.types import (
    CourseDetails,
    CourseFigure,
    CourseRow,
    ProgrammeDates,
    ProgrammeDetails,
    ProgrammeRow,
)
from app.questions import codec
from app.questions.types import Definition

PROGRAMME = "proposal_programme"


@transaction
def begin(year: int, section: str, *, by: Actor, now: datetime) -> int:
    """A programme of that year, not yet seen by residents; its id.

    Words, courses and form are those of the section's newest programme before it, each day moved to the same weekday a
    year later; where there is none, those that come with the service. Raises YearTaken.
    """
    if db.session.scalar(sa.select(ProposalProgramme.id).filter_by(fiscal_year=year)) is not None:
        raise YearTaken("この年度の市民企画提案事業は、すでにあります。")
    earlier = next((one for one in queries.programmes(section) if one.fiscal_year < year), None)
    if earlier is None:
        details: ProgrammeDetails = shipped.details(year, section)
        courses: tuple[CourseDetails, ...] = shipped.COURSES
        form = shipped.definition("application")
    else:
        details, courses, form = _a_year_later(earlier, year), earlier.courses, earlier.definition
    row = _add(year, section, details, form, now=now)
    for one in courses:
        db.session.add(_course(row.id, one))
    audit.record("proposal_programme.begun", PROGRAMME, row.id, by=by, at=now)
    return row.id


@transaction
def edit(programme_id: int, wanted: ProgrammeDetails, *, by: Actor, now: datetime) -> None:
    """Other words or days. Raises NotFound, WrongDates."""
    rules.check_dates(wanted.dates)
    row = locked(programme_id)
    _put(row, wanted)
    audit.record("proposal_programme.edited", PROGRAMME, programme_id, by=by, at=now)


@transaction
def add_course(programme_id: int, wanted: CourseDetails, *, by: Actor, now: datetime) -> int:
    """One more course; its id. Raises NotFound, CourseTaken."""
    locked(programme_id)
    _check_name(programme_id, wanted.name, but=None)
    row = _course(programme_id, wanted)
    db.session.add(row)
    db.session.flush()  # the caller wants the id
    audit.record("proposal_programme.course_added", PROGRAMME, programme_id, by=by, at=now)
    return row.id


@transaction
def change_course(programme_id: int, course_id: int, wanted: CourseDetails, *, by: Actor, now: datetime) -> None:
    """A course in other words, or with other bounds while no group has chosen it.

    Raises NotFound, CourseTaken, CourseInUse.
    """
    row = _own_course(programme_id, course_id)
    if any(getattr(row, name) != getattr(wanted, name) for name in ("kind", "ceiling", "rate", "years")):
        _check_unused(course_id)
    _check_name(programme_id, wanted.name, but=course_id)
    for name, value in asdict(wanted).items():
        setattr(row, name, value)
    audit.record("proposal_programme.course_changed", PROGRAMME, programme_id, by=by, at=now)


@transaction
def remove_course(programme_id: int, course_id: int, *, by: Actor, now: datetime) -> None:
    """Take a course away. Raises NotFound, CourseInUse."""
    row = _own_course(programme_id, course_id)
    _check_unused(course_id)
    db.session.delete(row)
    audit.record("proposal_programme.course_removed", PROGRAMME, programme_id, by=by, at=now)


@transaction
def publish(programme_id: int, *, by: Actor, now: datetime) -> None:
    """Residents see it; a second time changes nothing. Raises NotFound, NoCourses."""
    row = locked(programme_id)
    if not queries.programme(programme_id).courses:
        raise NoCourses("コースを1つ以上登録してから、公開してください。")
    if row.published_at is None:
        row.published_at = now
        audit.record("proposal_programme.published", PROGRAMME, programme_id, by=by, at=now)


@transaction
def remember_figure(figure: CourseFigure, *, by: Actor, now: datetime) -> None:
    """Keep the figure of a course of a year without a programme here. Raises FigureKnown."""
    there = sa.select(ProposalFigure.id).filter_by(fiscal_year=figure.fiscal_year, course=figure.course)
    counted = sa.select(ProposalProgramme.id).filter_by(fiscal_year=figure.fiscal_year)
    if db.session.scalar(there) is not None:
        raise FigureKnown("この年度のこのコースの件数は、すでに登録されています。")
    if db.session.scalar(counted) is not None:
        raise FigureKnown("この年度の件数は、届いた申請から数えています。", "year")
    db.session.add(ProposalFigure(**asdict(figure)))
    audit.record("proposal_programme.figure_added", PROGRAMME, figure.fiscal_year, by=by, at=now)


def locked(programme_id: int) -> ProposalProgramme:
    """The programme, held until the caller's transaction ends. Raises NotFound."""
    row = db.session.scalar(sa.select(ProposalProgramme).filter_by(id=programme_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _a_year_later(earlier: ProgrammeRow, year: int) -> ProgrammeDetails:
    shift = year - earlier.fiscal_year
    days = {
        name: same_day_in(fiscal_year(day) + shift, day)
        for name in queries.DAYS
        if (day := getattr(earlier.dates, name))
    }
    details = ProgrammeDetails(
        title=in_year(earlier.title, earlier.fiscal_year, year),
        lead=in_year(earlier.lead, earlier.fiscal_year, year),
        eligible=earlier.eligible,
        contact=earlier.contact,
        dates=ProgrammeDates(**days),
    )
    # The nearest same weekday can turn two days around that were the same or neighbours.
    return replace(details, dates=_in_order(details.dates))


def _in_order(dates: ProgrammeDates) -> ProgrammeDates:
    days = sorted(getattr(dates, name) for name in queries.DAYS)
    return ProgrammeDates(**dict(zip(queries.DAYS, days, strict=True)))


def _add(year: int, section: str, details: ProgrammeDetails, form: Definition, *, now: datetime) -> ProposalProgramme:
    row = ProposalProgramme(fiscal_year=year, section=section, definition=codec.to_json(form), created_at=now)
    _put(row, details)
    db.session.add(row)
    db.session.flush()  # the courses name its id
    return row


def _put(row: ProposalProgramme, wanted: ProgrammeDetails) -> None:
    row.title, row.lead, row.eligible, row.contact = wanted.title, wanted.lead, wanted.eligible, wanted.contact
    row.briefing_event_id = wanted.briefing_event_id
    for name in queries.DAYS:
        setattr(row, name, getattr(wanted.dates, name))


def _course(programme_id: int, wanted: CourseDetails) -> ProposalCourse:
    values = asdict(wanted)
    if isinstance(wanted, CourseRow):
        del values["id"]
    return ProposalCourse(programme_id=programme_id, **values)


def _own_course(programme_id: int, course_id: int) -> ProposalCourse:
    locked(programme_id)
    row = db.session.scalar(sa.select(ProposalCourse).filter_by(id=course_id, programme_id=programme_id))
    if row is None:
        raise NotFound
    return row


def _check_unused(course_id: int) -> None:
    if db.session.scalar(sa.select(Proposal.id).filter_by(course_id=course_id).limit(1)) is not None:
        raise CourseInUse("このコースで提案書を作り始めた団体があるため、決め方、上限、割合、年数は変えられません。")


def _check_name(programme_id: int, name: str, *, but: int | None) -> None:
    others = [one for one in queries.programme(programme_id).courses if one.id != but]
    if any(one.name == name for one in others):
        raise CourseTaken("同じ名称のコースが、すでにあります。")
