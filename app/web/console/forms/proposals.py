"""Forms about the programme of proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from wtforms import SelectField

from app.events.types import EventRow
from app.kernel.japanese_dates import fiscal_year_text
from app.proposals.queries import DAYS
from app.proposals.rules import DAYS as WORDS
from app.proposals.types import (
    CourseDetails,
    CourseFigure,
    CourseKind,
    CourseRow,
    ProgrammeDates,
    ProgrammeDetails,
    ProgrammeRow,
)
from app.web.parts.fields import JapaneseDateField, LineField, MultiLineField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of
from app.web.parts.validators import Chosen, Needed, NoLongerThan

KINDS = {kind.value: kind.word for kind in CourseKind}


class NewProgrammeForm(BaseForm):
    """Which year a new programme is for."""

    year = SelectField("年度（事業を実施する年度）", [Chosen()], coerce=int)

    @classmethod
    def offering(cls, this_year: int) -> Self:
        """The form with the present year and the two after it; the next one is chosen."""
        form = cls(data={"year": this_year + 1})
        form.year.choices = {str(year): fiscal_year_text(year) for year in range(this_year, this_year + 3)}
        return form


def _day(name: str) -> JapaneseDateField:
    return JapaneseDateField(WORDS[name], [Needed()])


class ProgrammeForm(BaseForm):
    """Words and days of a programme."""

    title = LineField("名称", [Needed(), NoLongerThan(120)])
    lead = MultiLineField("案内", [Needed(), NoLongerThan(2000)])
    eligible = MultiLineField("対象となる費用", [Needed(), NoLongerThan(2000)])
    contact = LineField("問合せ先", [Needed(), NoLongerThan(300)])
    briefing = SelectField("説明会")
    themes_due_on = _day("themes_due_on")
    opens_on = _day("opens_on")
    closes_on = _day("closes_on")
    correct_by = _day("correct_by")
    papers_on = _day("papers_on")
    presentation_on = _day("presentation_on")
    decide_on = _day("decide_on")
    interim_due_on = _day("interim_due_on")
    final_due_on = _day("final_due_on")

    @classmethod
    def of(cls, programme: ProgrammeRow, events: Sequence[EventRow]) -> Self:
        """What is stored, or what was sent of it. `events`: what can be the briefing."""
        words = {name: getattr(programme, name) for name in ("title", "lead", "eligible", "contact")}
        days = {name: getattr(programme.dates, name) for name in DAYS}
        form = cls(data={**words, **days, "briefing": str(programme.briefing_event_id or "")})
        form.briefing.choices = {"": "まだ決めていない", **{str(one.id): one.full_title for one in events}}
        return form

    def to_details(self) -> ProgrammeDetails:
        """The parsed shape that goes inside; call it on a valid form only."""
        return ProgrammeDetails(
            title=self.title.data or "",
            lead=self.lead.data or "",
            eligible=self.eligible.data or "",
            contact=self.contact.data or "",
            dates=ProgrammeDates(**{name: self[name].data for name in DAYS}),
            briefing_event_id=id_of(self.briefing.data or "") or None,
        )


class CourseForm(BaseForm):
    """A course with its bounds."""

    name = LineField("コースの名称", [Needed(), NoLongerThan(60)])
    kind = SelectField("テーマの決め方", [Chosen()], choices=KINDS)
    ceiling = NumberField("市の負担の上限", [Needed()], least=1, most=100_000_000, unit="円")
    rate = NumberField("負担の割合", [Needed()], least=1, most=100, unit="%")
    years = NumberField("続けられる年数", [Needed()], least=1, most=10, unit="年")
    who = LineField("応募できる団体", [NoLongerThan(300)])

    @classmethod
    def of(cls, course: CourseRow | None) -> Self:
        """What is stored, or what was sent of it."""
        if course is None:
            return cls()
        names = ("name", "ceiling", "rate", "years", "who")
        return cls(data={**{name: getattr(course, name) for name in names}, "kind": course.kind.value})

    def to_details(self) -> CourseDetails:
        """The parsed shape that goes inside; call it on a valid form only."""
        return CourseDetails(
            kind=CourseKind(self.kind.data),
            name=self.name.data or "",
            ceiling=self.ceiling.data or 0,
            rate=self.rate.data or 0,
            years=self.years.data or 0,
            who=self.who.data or "",
        )


class FigureForm(BaseForm):
    """How many applied in a year before this service, and where that is known from."""

    year = NumberField("年度（西暦）", [Needed()], least=1990, most=2100)
    course = LineField("コースの名称", [Needed(), NoLongerThan(60)])
    kind = SelectField("テーマの決め方", [Chosen()], choices=KINDS)
    applications = NumberField("応募の件数", [Needed()], least=0, most=9999, unit="件")
    adopted = NumberField("採択の件数", least=0, most=9999, unit="件")
    source = LineField("出典", [Needed(), NoLongerThan(200)])

    def to_figure(self) -> CourseFigure:
        """The parsed shape that goes inside; call it on a valid form only."""
        return CourseFigure(
            self.year.data or 0,
            self.course.data or "",
            CourseKind(self.kind.data),
            self.applications.data or 0,
            self.adopted.data,
            self.source.data or "",
        )


class RemarkForm(BaseForm):
    """Why something is given back."""

    remark = MultiLineField("直してほしいこと", [NoLongerThan(1000)])
