"""Forms about the worksheets of a year."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Self

from wtforms import BooleanField, RadioField

from app.questions.types import Definition, Kind, Question, Section
from app.web.parts.fields import JapaneseDateField, LineField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan
from app.worksheets import shipped
from app.worksheets.types import TemplateDetails, TemplateDraft, TemplateRow

SHIPPED, EMPTY = "shipped", "empty"


class TemplateForm(BaseForm):
    """What is said of a worksheet besides its questions."""

    title = LineField("様式の名称", [Needed(), NoLongerThan(120)])
    due_on = JapaneseDateField("提出期限", [Needed()])
    needs_approval = BooleanField("提出されたら、所属長の確認を求める", default=True)
    most_attachments = NumberField("添付できるファイルの数", least=0, most=20, default=0)

    @classmethod
    def of(cls, template: TemplateRow) -> Self:
        """What is stored, or what was sent of it."""
        return cls(obj=template)

    def to_details(self) -> TemplateDetails:
        """The parsed shape that goes inside."""
        return TemplateDetails(
            title=self.title.data or "",
            due_on=self.due_day,
            needs_approval=bool(self.needs_approval.data),
            most_attachments=self.most_attachments.data or 0,
        )

    @property
    def due_day(self) -> date:
        """The due date of a form that was validated."""
        if self.due_on.data is None:
            raise ValueError("the form was not validated")
        return self.due_on.data


class NewTemplateForm(TemplateForm):
    """A new worksheet: which questions it begins with."""

    source = RadioField("もとにする設問", [Chosen()], default=SHIPPED)

    @classmethod
    def offering(cls, earlier: Sequence[TemplateRow]) -> Self:
        """The form with the worksheets of the year before that can be taken over."""
        form = cls()
        form.source.choices = [
            (SHIPPED, shipped.definition("tasks").title + "（標準の様式）"),
            *((str(one.id), f"{one.title}（{one.fiscal_year}年度の設問）") for one in earlier),
            (EMPTY, "空の様式から作る"),
        ]
        return form

    def to_draft(self, year: int, section: str, earlier: Sequence[TemplateRow]) -> TemplateDraft:
        """The parsed shape that goes inside; the same worksheet of another year shares its code."""
        code, definition = self._begun_with(earlier)
        return TemplateDraft(
            fiscal_year=year,
            code=code,
            title=self.title.data or "",
            section=section,
            due_on=self.due_day,
            definition=definition,
            needs_approval=bool(self.needs_approval.data),
            most_attachments=self.most_attachments.data or 0,
        )

    def _begun_with(self, earlier: Sequence[TemplateRow]) -> tuple[str, Definition]:
        if self.source.data == SHIPPED:
            return "tasks", shipped.definition("tasks")
        if self.source.data == EMPTY:
            question = Question("q1", Kind.TEXT, "内容")
            section = Section("s1", "記入欄", (question,))
            return f"sheet_{secrets.token_hex(4)}", Definition(self.title.data or "", (section,))
        taken = next(one for one in earlier if str(one.id) == self.source.data)
        return taken.code, taken.definition
