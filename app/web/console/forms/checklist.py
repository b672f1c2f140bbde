"""The form of a step of one's own."""

from __future__ import annotations

from wtforms import RadioField, SelectField

from app.events.checklist import Counting, StepDraft
from app.web.parts.fields import LineField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan

BEFORE, AFTER = "before", "after"


class StepForm(BaseForm):
    """What is to be done, and how long before or after the event. No days at all: on the day itself."""

    title = LineField("すること", [Needed(), NoLongerThan(120)])
    note = LineField("補足", [NoLongerThan(400)])
    side = RadioField("いつ", [Chosen()], choices={BEFORE: "最初の回の前", AFTER: "最後の回の後"}, default=BEFORE)
    days = NumberField("日数", [Needed()], least=0, most=365)
    counting = SelectField(
        "数え方", [Chosen()], choices={one.value: one.word for one in Counting}, default=Counting.DAYS.value
    )

    def to_draft(self) -> StepDraft:
        """The parsed shape that goes inside."""
        days = self.days.data or 0
        return StepDraft(
            title=self.title.data or "",
            note=self.note.data or "",
            days=-days if self.side.data == BEFORE else days,
            counting=Counting(self.counting.data),
        )
