"""Forms of the screening."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from app.proposals.screening_types import DecisionDraft, DecisionRow, Outcome, ReviewerDraft, ReviewerRow
from app.proposals.types import ProposalLine
from app.web.parts.fields import EmailField, LineField, MultiLineField, NameField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan


class CriterionForm(BaseForm):
    """What points are given for."""

    label = LineField("項目", [Needed(), NoLongerThan(60)])
    note = LineField("見るところ", [NoLongerThan(200)])
    weight = NumberField("重み", [Needed()], least=1, most=10, default=1, unit="倍")


class ReviewerForm(BaseForm):
    """Whom to invite."""

    name = NameField("氏名", [Needed(), NoLongerThan(60)])
    affiliation = LineField("所属", [NoLongerThan(80)])
    email = EmailField("メールアドレス", [Needed(), NoLongerThan(254)])

    def to_draft(self) -> ReviewerDraft:
        """The parsed shape that goes inside."""
        return ReviewerDraft(self.name.data or "", self.affiliation.data or "", self.email.data or "")


class ConflictForm(BaseForm):
    """Who keeps out of which proposal."""

    reviewer = SelectField("審査委員", [Chosen()], coerce=int)
    proposal = SelectField("提案", [Chosen()], coerce=int)
    reason = LineField("関係の内容", [Needed(), NoLongerThan(200)])

    @classmethod
    def offering(cls, reviewers: Iterable[ReviewerRow], lines: Iterable[ProposalLine], *, sent: bool = False) -> Self:
        """The form with the reviewers and proposals of the programme."""
        form = cls() if sent else cls(formdata=None)
        form.reviewer.choices = {str(one.id): one.name for one in reviewers}
        form.proposal.choices = {str(one.id): f"{one.title}（{one.group_name}）" for one in lines}
        return form


class RoundForm(BaseForm):
    """Which proposals take part in a round."""

    proposals = SelectMultipleField("審査する提案書", coerce=int)

    @classmethod
    def offering(cls, lines: Sequence[ProposalLine], *, sent: bool = False) -> Self:
        """The form with the proposals that can take part, all of them ticked."""
        form = cls() if sent else cls(formdata=None, data={"proposals": [one.id for one in lines]})
        form.proposals.choices = {str(one.id): f"{one.title}（{one.group_name}、{one.course}）" for one in lines}
        return form


class CloseForm(BaseForm):
    """Closing a round although points are missing."""

    anyway = BooleanField("そろっていない採点があっても締め切る")


class DecisionForm(BaseForm):
    """What is decided."""

    outcome = RadioField("採否", [Chosen()], choices={one.value: one.word for one in Outcome})
    amount = NumberField("市の負担", least=0, most=100_000_000, unit="円")
    conditions = MultiLineField("条件", [NoLongerThan(1000)])
    reasons = MultiLineField("理由", [Needed(), NoLongerThan(1000)])

    @classmethod
    def of(cls, known: DecisionRow | None, asked: int) -> Self:
        """What was decided before, or what the group asks for."""
        if known is None:
            return cls(data={"amount": asked})
        draft = known.draft
        values = {"amount": draft.amount, "conditions": draft.conditions, "reasons": draft.reasons}
        return cls(data={**values, "outcome": draft.outcome.value})

    def to_draft(self) -> DecisionDraft:
        """The parsed shape that goes inside; call it on a valid form only."""
        outcome = Outcome(self.outcome.data)
        return DecisionDraft(outcome, self.amount.data or 0, self.conditions.data or "", self.reasons.data or "")
