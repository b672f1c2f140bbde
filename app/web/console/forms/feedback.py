"""Forms about the feedback of an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from wtforms import SelectField

from app.feedback.rules import breaks_down
from app.feedback.types import KINDS, FormRow
from app.questions.types import Question
from app.web.console.forms.questions import QuestionForm
from app.web.parts.fields import JapaneseDateField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed


class ArrangeForm(BaseForm):
    """Until when answers are taken, and how they are broken down."""

    last_day = JapaneseDateField("回答の期限", [Needed()])
    breakdown = SelectField("内訳に使う質問")

    @classmethod
    def of(cls, feedback: FormRow) -> Self:
        """What holds now, or what was sent."""
        form = cls(data={"last_day": feedback.last_day, "breakdown": feedback.breakdown})
        offered = {question.key: question.label for question in feedback.questions if breaks_down(question)}
        form.breakdown.choices = {"": "内訳を出さない", **offered}
        return form


class FeedbackQuestionForm(QuestionForm):
    """One question of a feedback form; none is for the organizer alone."""

    kind = SelectField("答え方", [Chosen()], choices={kind.value: kind.word for kind in KINDS})

    def to_question(self, was: Question | None) -> Question:
        """The question that was described. Raises BrokenDefinition."""
        return replace(super().to_question(was), internal=False)
