"""Forms about the yearly survey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from wtforms import RadioField

from app.kernel.japanese_dates import fiscal_year_text
from app.surveys import shipped
from app.surveys.types import SurveyDetails, SurveyDraft, SurveyRow
from app.web.console.forms.reminders import PlanForm
from app.web.parts.fields import JapaneseDateField, LineField, MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan

SHIPPED = "shipped"
LONGEST_PASTED = 20_000


class NewSurveyForm(BaseForm):
    """A new survey: which questions it begins with."""

    title = LineField("調査の名称", [Needed(), NoLongerThan(120)])
    due_on = JapaneseDateField("回答期限", [Needed()])
    source = RadioField("もとにする設問", [Chosen()], default=SHIPPED)

    @classmethod
    def offering(cls, earlier: Sequence[SurveyRow]) -> Self:
        """The form with the surveys of other years whose questions can be taken over."""
        form = cls()
        form.source.choices = [
            (SHIPPED, shipped.definition().title + "（標準の設問）"),
            *((str(one.id), f"{one.title}（{fiscal_year_text(one.fiscal_year)}の設問）") for one in earlier),
        ]
        return form

    def to_draft(self, year: int, section: str, earlier: Sequence[SurveyRow]) -> SurveyDraft:
        """The parsed shape that goes inside, of a form that was validated."""
        taken = next((one.definition for one in earlier if str(one.id) == self.source.data), shipped.definition())
        due_on = self.due_on.data
        if due_on is None:
            raise ValueError("the form was not validated")
        return SurveyDraft(year, self.title.data or "", section, due_on, taken)


class SurveyForm(PlanForm):
    """What can be changed of a survey besides its questions."""

    title = LineField("調査の名称", [Needed(), NoLongerThan(120)])
    due_on = JapaneseDateField("回答期限", [Needed()])

    @classmethod
    def about(cls, survey: SurveyRow, days: Sequence[int]) -> Self:
        """What is stored, or what was sent of it."""
        form = cls.of(days)
        if not form.is_submitted():
            form.title.data, form.due_on.data = survey.title, survey.due_on
        return form

    def to_details(self) -> SurveyDetails:
        """The parsed shape that goes inside, of a form that was validated."""
        if self.due_on.data is None:
            raise ValueError("the form was not validated")
        return SurveyDetails(self.title.data or "", self.due_on.data, self.days())


class RemarkForm(BaseForm):
    """Why an answer is given back."""

    remark = MultiLineField("直してほしいこと", [NoLongerThan(1000)])


class PastedField(MultiLineField):
    """Cells of a table: what lies between them in the clipboard becomes a comma, before it is cleaned away."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text."""
        super().process_formdata([value.replace("\t", ",") for value in valuelist])


class FiguresForm(BaseForm):
    """Figures of years before Tsudoi, pasted."""

    pasted = PastedField("年度ごとの件数", [Needed(), NoLongerThan(LONGEST_PASTED)])
