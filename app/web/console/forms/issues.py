"""Forms about shared issues: what the organizer adds to a card, answers of residents, figures of earlier years."""

from __future__ import annotations

from typing import Self

from wtforms import SelectField

from app.shared_issues.types import AnswerRow, AnswerState, IssueRow, LinkKind, YearFigure
from app.web.parts.fields import JapaneseDateField, LineField, MultiLineField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Needed, NoLongerThan


class ReturnForm(BaseForm):
    """What the section is to put right."""

    remark = MultiLineField("直してほしいこと", [Needed(), NoLongerThan(1000)])


class LinkForm(BaseForm):
    """What the issue has become."""

    kind = SelectField("種類", choices={kind.value: kind.word for kind in LinkKind})
    title = LineField("名称", [Needed(), NoLongerThan(120)])
    url = LineField("アドレス", [Needed(), NoLongerThan(300)])


class PostedForm(BaseForm):
    """Where the issue stands besides, and since when; an empty address: nowhere."""

    posted_url = LineField("掲載先のアドレス", [NoLongerThan(300)])
    posted_on = JapaneseDateField("掲載した日")

    @classmethod
    def of(cls, issue: IssueRow) -> Self:
        """What is known."""
        return cls(formdata=None, data={"posted_url": issue.posted_url, "posted_on": issue.posted_on})


class DealForm(BaseForm):
    """How far one has come with an answer."""

    state = SelectField("対応の状態", choices={state.value: state.word for state in AnswerState})
    note = MultiLineField("メモ", [NoLongerThan(1000)])

    @classmethod
    def of(cls, answer: AnswerRow) -> Self:
        """What is known."""
        return cls(formdata=None, data={"state": answer.state.value, "note": answer.note})


class ShowForm(BaseForm):
    """The words that everybody may read."""

    text = MultiLineField("掲載する文章", [Needed(), NoLongerThan(1000)])

    @classmethod
    def of(cls, answer: AnswerRow) -> Self:
        """Begins with what was sent."""
        return cls(formdata=None, data={"text": answer.text[:1000]})


class FigureForm(BaseForm):
    """How many issues were published in a year before the cards stood here."""

    fiscal_year = NumberField("年度（西暦）", [Needed()], least=2000, most=2100)
    number = NumberField("公開した件数", [Needed()], least=0, most=9999, unit="件")
    source = LineField("出典", [Needed(), NoLongerThan(300)])

    def to_figure(self) -> YearFigure:
        """The parsed shape that goes inside."""
        if self.fiscal_year.data is None or self.number.data is None:
            raise ValueError("the form was not validated")
        return YearFigure(self.fiscal_year.data, self.number.data, self.source.data or "")
