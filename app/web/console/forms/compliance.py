"""Forms about mandated training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from wtforms import RadioField, SelectField

from app.compliance.types import Audience, RequirementDraft, SubstituteRule
from app.events.types import EventRow
from app.web.parts.fields import JapaneseDateField, LineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan

AUDIENCES = (Audience.PROMOTERS, Audience.COORDINATORS, Audience.EVERYONE)


class RequirementForm(BaseForm):
    """Who must complete which training by when."""

    event_id = SelectField("研修", coerce=int, validators=[Chosen()])
    title = LineField("必修の名称", validators=[Needed(), NoLongerThan(120)])
    audience = RadioField(
        "受講する人",
        choices={one.value: one.word for one in AUDIENCES},
        default=Audience.PROMOTERS.value,
        validators=[Chosen()],
    )
    due_on = JapaneseDateField("期限", validators=[Needed()])
    substitutes = RadioField(
        "代理出席",
        choices={one.value: one.word for one in SubstituteRule},
        default=SubstituteRule.REFUSED.value,
        validators=[Chosen()],
    )

    @classmethod
    def offering(cls, events: Sequence[EventRow]) -> Self:
        """The form with the trainings that can be required."""
        form = cls()
        form.event_id.choices = {str(event.id): event.full_title for event in events}
        return form

    def to_draft(self, events: Sequence[EventRow]) -> RequirementDraft:
        """The parsed shape that goes inside. The code joins the same requirement of several years."""
        if self.due_on.data is None:
            raise ValueError("the form was not validated")
        event = next(one for one in events if one.id == self.event_id.data)
        audience = Audience(self.audience.data)
        return RequirementDraft(
            fiscal_year=event.fiscal_year,
            code=f"{event.series_slug}-{audience.value}"[:40],
            title=self.title.data or "",
            event_id=event.id,
            due_on=self.due_on.data,
            audience=audience,
            substitutes=SubstituteRule(self.substitutes.data),
        )
