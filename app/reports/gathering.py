"""What the other rooms know of a fiscal year, read once however many figures ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import sqlalchemy as sa

from app.attendance import queries as attendance
from app.attendance.types import Totals
from app.compliance import queries as compliance
from app.compliance.types import Board
from app.elearning import progress
from app.elearning import queries as elearning
from app.elearning.types import CourseRow, VersionRow
from app.events import queries as events
from app.events.models import Event, Sitting
from app.events.types import Audience, EventRow, EventStatus, SittingRow
from app.infra.db import db
from app.kernel.fiscal_year import bounds
from app.kernel.japanese_dates import local_date
from app.model_projects import queries as model_projects
from app.model_projects.models import ModelProject
from app.model_projects.types import ThemeRow
from app.org import queries as org
from app.org.rules import first_day, last_day
from app.org.types import DutyKind, DutyRow
from app.proposals import queries as proposals
from app.proposals import reviews
from app.proposals.screening_types import AdoptedRow
from app.proposals.types import CourseFigure, ProgrammeRow
from app.reports.types import Events
from app.shared_issues import queries as shared_issues
from app.shared_issues.models import SharedIssue
from app.shared_issues.types import Stage, YearFigure
from app.surveys import queries as surveys
from app.surveys.project_types import Project, TrendRow
from app.worksheets import queries as worksheets
from app.worksheets.types import BoardRow, TemplateRow


@dataclass(frozen=True)
class Year:
    """A fiscal year as a section of the city hall would report on it at `now`: only what is over by then counts."""

    fiscal_year: int
    section: str
    now: datetime

    @property
    def day(self) -> date:
        """The last day that counts: the year's last, or today."""
        return min(max(local_date(self.now), first_day(self.fiscal_year)), last_day(self.fiscal_year))

    @cached_property
    def events(self) -> list[EventRow]:
        """The section's events of the year that were held, each with the sittings that are over, by their dates."""
        held = sa.select(Event.id).where(
            Event.fiscal_year == self.fiscal_year,
            Event.section == self.section,
            Event.status.in_((EventStatus.PUBLISHED, EventStatus.FINISHED)),
            sa.exists().where(Sitting.event_id == Event.id, Sitting.ends_at <= self.now),
        )
        first = sa.select(sa.func.min(Sitting.starts_at)).where(Sitting.event_id == Event.id).scalar_subquery()
        return events.assemble(db.session.scalars(held.order_by(first, Event.id)).all(), programme=True)

    @cached_property
    def model_projects(self) -> frozenset[int]:
        """Which of the events are model projects."""
        own = sa.select(ModelProject.event_id).where(ModelProject.event_id.in_([event.id for event in self.events]))
        return frozenset(db.session.scalars(own))

    @cached_property
    def themes(self) -> Mapping[int, Sequence[ThemeRow]]:
        """What was talked about at the model projects that are finished."""
        return {one.event_id: one.themes for one in model_projects.held(self.fiscal_year)}

    def of(self, which: Events) -> list[EventRow]:
        """The events of a kind."""
        return [event for event in self.events if self._kind(event) is which]

    def sittings(self, which: Events) -> list[tuple[EventRow, SittingRow]]:
        """Their sittings that are over."""
        found = self.of(which)
        return [(event, sitting) for event in found for sitting in event.sittings if sitting.ends_at <= self.now]

    def _kind(self, event: EventRow) -> Events:
        if event.id in self.model_projects:
            return Events.MODEL
        return Events.STAFF if event.audience is Audience.STAFF else Events.OPEN

    @cached_property
    def attended(self) -> Mapping[int, Totals]:
        """Who came, by sitting; only sittings of which something was recorded."""
        over = [sitting.id for event in self.events for sitting in event.sittings if sitting.ends_at <= self.now]
        found = attendance.totals_of(over) if over else {}
        return {number: one for number, one in found.items() if one.people or one.absent or one.excused}

    @cached_property
    def boards(self) -> list[Board]:
        """The requirements of the section's trainings."""
        return compliance.boards_of_year(self.fiscal_year, today=self.day, section=self.section)

    @cached_property
    def worksheets(self) -> list[tuple[TemplateRow, list[BoardRow]]]:
        """The section's worksheets with how far each section of the city hall has come."""
        kept = worksheets.templates(self.fiscal_year, section=self.section)
        return [(one, worksheets.board(one.id, today=self.day)) for one in kept]

    @cached_property
    def courses(self) -> list[tuple[CourseRow, VersionRow]]:
        """The section's e-learning of the year, as it was published last."""
        own = {course.id: course for course in elearning.of_year(self.fiscal_year, section=self.section)}
        shown = elearning.published_of(own) if own else {}
        return [(course, shown[number]) for number, course in own.items() if number in shown]

    @cached_property
    def completed(self) -> Mapping[int, int]:
        """How many have completed each of these courses."""
        found = progress.completions([course.id for course, _version in self.courses]) if self.courses else []
        return Counter(one.course_id for one in found)

    @cached_property
    def issues_typed(self) -> YearFigure:
        """How many issues were shared, and where that was read, if it was typed."""
        return shared_issues.published_in(self.fiscal_year)

    @cached_property
    def issues(self) -> list[tuple[int, str, datetime]]:
        """The cards that were published in the year and are public: (id, title, when), in that order."""
        first, after = bounds(self.fiscal_year)
        own = (SharedIssue.id, SharedIssue.title, SharedIssue.published_at)
        within = (SharedIssue.published_at >= first, SharedIssue.published_at < after)
        chosen = sa.select(*own).where(SharedIssue.stage == Stage.PUBLISHED, *within)
        rows = db.session.execute(chosen.order_by(SharedIssue.published_at, SharedIssue.id))
        return [(number, title, day) for number, title, day in rows if day is not None]

    @cached_property
    def programmes(self) -> Mapping[int, ProgrammeRow]:
        """The section's programmes that residents see, by the year in which the projects are carried out."""
        return {one.fiscal_year: one for one in proposals.programmes(self.section) if one.published_at}

    @cached_property
    def adopted(self) -> list[tuple[ProgrammeRow, list[AdoptedRow]]]:
        """The adopted projects of this year, then those of the year after, for which this year called."""
        shown = [self.programmes[year] for year in (self.fiscal_year, self.fiscal_year + 1) if year in self.programmes]
        return [(one, reviews.adopted(one.id)) for one in shown]

    @cached_property
    def applications(self) -> list[tuple[CourseFigure, int | None]]:
        """Applications by course for the projects of the year after, each with the programme that called for them.

        What is still open is not counted. None: the figure was typed.
        """
        called = self.programmes.get(self.fiscal_year + 1)
        found = proposals.figures(self.fiscal_year + 1)
        if called is None:
            return [(one, None) for one in found if one.source]
        return [(one, called.id) for one in found] if called.dates.closes_on < self.day else []

    @cached_property
    def projects(self) -> list[Project]:
        """What the sections told in the survey of the year that counts, once the survey is over."""
        survey = surveys.of_year(self.fiscal_year)
        if survey is None or (survey.closed_at is None and survey.published_at is None):
            return []
        return [one for one in surveys.collaborations(self.fiscal_year).projects if one.counted]

    @cached_property
    def projects_typed(self) -> TrendRow | None:
        """The figure of a year before the surveys."""
        return next((row for row in surveys.figures() if row.fiscal_year == self.fiscal_year), None)

    def duties(self, kind: DutyKind) -> list[DutyRow]:
        """Who holds a duty on that day."""
        return org.duties(self.fiscal_year, kind=kind, on=self.day)
