"""Reading programmes, their courses and themes, and the figures of a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields

import sqlalchemy as sa

from app.events.models import Event
from app.events.types import EventStatus
from app.infra.db import db
from app.kernel.errors import NotFound
from app.org import queries as org
from app.proposals.models import (
    Proposal,
    ProposalCourse,
    ProposalDecision,
    ProposalFigure,
    ProposalProgramme,
    ProposalTheme,
)
from app.proposals.screening_types import Outcome
from app.proposals.types import (
    CourseFigure,
    CourseRow,
    ProgrammeDates,
    ProgrammeRow,
    ProposalState,
    ThemeDraft,
    ThemeRow,
    ThemeState,
)
from app.questions import codec

DAYS = tuple(field.name for field in fields(ProgrammeDates))


def programme(programme_id: int) -> ProgrammeRow:
    """One programme. Raises NotFound."""
    return _only(_programmes(ProposalProgramme.id == programme_id))


def published(fiscal_year: int) -> ProgrammeRow:
    """The programme of that year as residents see it. Raises NotFound, also before it is published."""
    which = sa.and_(ProposalProgramme.fiscal_year == fiscal_year, ProposalProgramme.published_at.is_not(None))
    return _only(_programmes(which))


def all_published() -> list[ProgrammeRow]:
    """What residents can look at, the newest first."""
    return _programmes(ProposalProgramme.published_at.is_not(None))


def programmes(section: str) -> list[ProgrammeRow]:
    """The programmes of a section, the newest first."""
    return _programmes(ProposalProgramme.section == section)


def calling_themes() -> list[ProgrammeRow]:
    """The programmes whose themes are not published yet, the newest first."""
    return _programmes(ProposalProgramme.themes_published_at.is_(None))


def briefing_slug(row: ProgrammeRow) -> str | None:
    """The address of the briefing's event; None where there is none that residents see."""
    return db.session.scalar(
        sa.select(Event.slug).where(Event.id == row.briefing_event_id, Event.status != EventStatus.DRAFT)
    )


def theme(theme_id: int) -> ThemeRow:
    """One theme. Raises NotFound."""
    found = _themes(ProposalTheme.id == theme_id)
    if not found:
        raise NotFound
    return found[0]


def themes(programme_id: int) -> list[ThemeRow]:
    """All themes of a programme, in the order in which they came."""
    return _themes(ProposalTheme.programme_id == programme_id)


def accepted_themes(programme_id: int) -> list[ThemeRow]:
    """Those that groups can choose."""
    return _themes(sa.and_(ProposalTheme.programme_id == programme_id, ProposalTheme.state == ThemeState.ACCEPTED))


def themes_of_unit(unit_id: int) -> list[ThemeRow]:
    """What a section of the city hall has written, the newest last."""
    return _themes(ProposalTheme.unit_id == unit_id)


def figures(fiscal_year: int) -> list[CourseFigure]:
    """Applications for projects of that year by course: counted here, or as typed for years before this service."""
    return [one for one in all_figures() if one.fiscal_year == fiscal_year]


def all_figures() -> list[CourseFigure]:
    """The figures of every year, the newest first. A year with a programme is counted, whatever was typed for it."""
    handed_in, adopted, told = _handed_in(), _told(ProposalDecision.outcome != Outcome.DECLINED), _told(sa.true())
    counted = [
        CourseFigure(
            row.fiscal_year,
            course.name,
            course.kind,
            handed_in.get(course.id, 0),
            adopted.get(course.id, 0) if any(one.id in told for one in row.courses) else None,
        )
        for row in _programmes(sa.true())
        for course in row.courses
    ]
    years = {one.fiscal_year for one in counted}
    typed = db.session.scalars(sa.select(ProposalFigure).order_by(ProposalFigure.id))
    earlier = [
        CourseFigure(one.fiscal_year, one.course, one.kind, one.applications, one.adopted, one.source)
        for one in typed
        if one.fiscal_year not in years
    ]
    return sorted([*counted, *earlier], key=lambda one: -one.fiscal_year)


def _handed_in() -> dict[int, int]:
    """How many proposals were handed in and not withdrawn, by course."""
    states = [state for state in ProposalState if state.handed_in]
    counted = sa.select(Proposal.course_id, sa.func.count().label("number")).where(Proposal.state.in_(states))
    return {row.course_id: row.number for row in db.session.execute(counted.group_by(Proposal.course_id))}


def _told(which: sa.ColumnElement[bool]) -> dict[int, int]:
    """How many proposals are decided so and their groups told, by course."""
    counted = (
        sa.select(Proposal.course_id, sa.func.count().label("number"))
        .join(ProposalDecision, ProposalDecision.proposal_id == Proposal.id)
        .where(ProposalDecision.told_at.is_not(None), Proposal.state == ProposalState.CHECKED, which)
    )
    return {row.course_id: row.number for row in db.session.execute(counted.group_by(Proposal.course_id))}


def _only(found: list[ProgrammeRow]) -> ProgrammeRow:
    if not found:
        raise NotFound
    return found[0]


def _programmes(which: sa.ColumnElement[bool]) -> list[ProgrammeRow]:
    chosen = sa.select(ProposalProgramme).where(which).order_by(ProposalProgramme.fiscal_year.desc())
    found = db.session.scalars(chosen.execution_options(populate_existing=True)).all()
    courses = _courses(row.id for row in found)
    return [_programme(row, courses[row.id]) for row in found]


def _programme(row: ProposalProgramme, courses: Iterable[CourseRow]) -> ProgrammeRow:
    return ProgrammeRow(
        id=row.id,
        fiscal_year=row.fiscal_year,
        section=row.section,
        title=row.title,
        lead=row.lead,
        eligible=row.eligible,
        contact=row.contact,
        dates=ProgrammeDates(**{name: getattr(row, name) for name in DAYS}),
        briefing_event_id=row.briefing_event_id,
        definition=codec.from_json(row.definition),
        published_at=row.published_at,
        themes_published_at=row.themes_published_at,
        courses=tuple(courses),
    )


def _courses(programme_ids: Iterable[int]) -> dict[int, list[CourseRow]]:
    found: dict[int, list[CourseRow]] = defaultdict(list)
    chosen = sa.select(ProposalCourse).where(ProposalCourse.programme_id.in_(list(programme_ids)))
    for one in db.session.scalars(chosen.order_by(ProposalCourse.id)):
        row = CourseRow(
            id=one.id,
            kind=one.kind,
            name=one.name,
            ceiling=one.ceiling,
            rate=one.rate,
            years=one.years,
            who=one.who,
        )
        found[one.programme_id].append(row)
    return found


def _themes(which: sa.ColumnElement[bool]) -> list[ThemeRow]:
    found = db.session.scalars(sa.select(ProposalTheme).where(which).order_by(ProposalTheme.id)).all()
    units = org.last_known({row.unit_id for row in found})
    return [
        ThemeRow(
            row.id,
            row.programme_id,
            row.unit_id,
            units[row.unit_id].name,
            ThemeDraft(row.title, row.background, row.wish, row.offer),
            row.state,
            row.remark,
            row.updated_at,
            row.updated_by,
        )
        for row in found
    ]
