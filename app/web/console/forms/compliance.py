"""Forms about mandated training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from wtforms import RadioField, SelectField, SelectMultipleField

from app.compliance import naming
from app.compliance.types import Audience, RequirementDraft, RequirementRow, SubstituteRule
from app.elearning.types import CourseRow
from app.events.types import EventRow
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import fiscal_year_text
from app.org.rules import departments
from app.org.types import UnitRow
from app.web.parts.fields import JapaneseDateField, LineField, MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan
from app.worksheets.types import TemplateRow


@dataclass(frozen=True, slots=True)
class Offered:
    """What a requirement can be about: trainings and courses, worksheets to demand besides, units, top down."""

    events: Sequence[EventRow]
    templates: Sequence[TemplateRow]
    units: Sequence[UnitRow]
    courses: Sequence[CourseRow] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A department with what stands below it, to be ticked. `ticked`: how many are; `of` holds (unit, name, ticked)."""

    name: str
    ticked: int
    of: tuple[tuple[int, str, bool], ...]


class NumbersField(MultiLineField):
    """Staff numbers, typed or pasted out of a sheet, where cells of one row stand a tab apart."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed; a tab is space between numbers, not to be dropped."""
        super().process_formdata([typed.replace("\t", " ") for typed in valuelist])


class RequirementForm(BaseForm):
    """Who must complete which training by when."""

    event_id = SelectField("研修", coerce=int)
    course_id = SelectField("Eラーニングの講座", coerce=int, default=0)
    title = LineField("必修の名称", validators=[Needed(), NoLongerThan(120)])
    audience = RadioField(
        "受講する人",
        choices={one.value: one.word for one in Audience},
        default=Audience.PROMOTERS.value,
        validators=[Chosen()],
    )
    units = SelectMultipleField("受講する部・課", coerce=int, choices=())
    numbers = NumbersField("受講する人の職員番号", validators=[NoLongerThan(60_000)])
    due_on = JapaneseDateField("期限", validators=[Needed()])
    substitutes = RadioField(
        "代理出席",
        choices={one.value: one.word for one in SubstituteRule},
        default=SubstituteRule.REFUSED.value,
        validators=[Chosen()],
    )
    template_id = SelectField("棚卸シート", coerce=int, default=0)

    @classmethod
    def offering(cls, offered: Offered) -> Self:
        """The form of a new requirement."""
        return cls()._choosing(offered)

    @classmethod
    def of(cls, row: RequirementRow, offered: Offered, *, units: Sequence[int], numbers: str) -> Self:
        """The requirement as it stands with the units and people it names, or what was sent of it."""
        stands = {
            "event_id": row.event_id or 0,
            "course_id": row.course_id or 0,
            "title": row.title,
            "due_on": row.due_on,
            "audience": row.audience.value,
            "units": units,
            "numbers": numbers,
            "substitutes": row.substitutes.value,
            "template_id": row.template_id or 0,
        }
        return cls(data=stands)._choosing(offered)

    def _choosing(self, offered: Offered) -> Self:
        self._offered = offered
        trainings = {str(event.id): event.full_title for event in offered.events}
        self.event_id.choices = {**trainings, "0": "研修なし（Eラーニングだけで受講）"}
        courses = {str(one.id): f"{one.title}（{fiscal_year_text(one.fiscal_year)}）" for one in offered.courses}
        self.course_id.choices = {"0": "使わない", **courses}
        sheets = {str(one.id): f"{one.title}（{fiscal_year_text(one.fiscal_year)}）" for one in offered.templates}
        self.template_id.choices = {"0": "求めない", **sheets}
        self.units.choices = [(unit.id, unit.full_name) for unit in offered.units]
        return self

    @property
    def teaches(self) -> bool:
        """Whether there is anything that could be required."""
        return bool(self._offered.events or self._offered.courses)

    @property
    def groups(self) -> list[Group]:
        """The units to tick, by department."""
        department_of, ticked = departments(self._offered.units), set(self.units.data or ())
        found: dict[int, list[UnitRow]] = {}
        for unit in self._offered.units:
            found.setdefault(department_of[unit.id], []).append(unit)
        return [
            Group(
                some[0].full_name,
                sum(unit.id in ticked for unit in some),
                tuple((unit.id, _whole(unit, self._offered.units), unit.id in ticked) for unit in some),
            )
            for some in found.values()
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all of it can be taken; of the list, each number that cannot is named with its line."""
        valid = super().validate(extra_validators)
        return self._names_people() and valid

    def _names_people(self) -> bool:
        self.named: tuple[int, ...] = ()
        if self.audience.data != Audience.LIST or self.due_on.data is None:
            return True
        found = naming.read(self.numbers.data or "", on=self.due_on.data)
        self.named = found.members
        self.numbers.errors = found.problems
        return not found.problems

    def to_draft(self) -> RequirementDraft:
        """The parsed shape that goes inside. The code joins the same requirement of several years."""
        if self.due_on.data is None:
            raise ValueError("the form was not validated")
        event = next((one for one in self._offered.events if one.id == self.event_id.data), None)
        course = next((one for one in self._offered.courses if one.id == self.course_id.data), None)
        audience = Audience(self.audience.data)
        series = event.series_slug if event else course.code if course else ""
        return RequirementDraft(
            fiscal_year=event.fiscal_year if event else course.fiscal_year if course else fiscal_year(self.due_on.data),
            code=f"{series}-{audience.value}"[:40],
            title=self.title.data or "",
            event_id=event.id if event else None,
            course_id=course.id if course else None,
            due_on=self.due_on.data,
            audience=audience,
            substitutes=SubstituteRule(self.substitutes.data),
            units=tuple(self.units.data or ()),
            members=self.named,
            template_id=self.template_id.data or None,
        )


def _whole(unit: UnitRow, chart: Sequence[UnitRow]) -> str:
    return f"{unit.name}のすべて" if any(one.parent_id == unit.id for one in chart) else unit.name


class ExemptionForm(BaseForm):
    """Why somebody need not take part."""

    reason = MultiLineField("免除の理由", [Needed(), NoLongerThan(400)])


class ElsewhereForm(BaseForm):
    """Which other training somebody took."""

    day = JapaneseDateField("受講した日", [Needed()])
    note = MultiLineField("受講した研修と確認した書類", [Needed(), NoLongerThan(400)])

    @property
    def taken_on(self) -> date:
        """The day of a form that was validated."""
        if self.day.data is None:
            raise ValueError("the form was not validated")
        return self.day.data
