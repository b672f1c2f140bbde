"""The form in which one ticks what goes on into the new year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from wtforms import SelectMultipleField
from wtforms.validators import ValidationError

from app.web.console.year_steps import MoveRow
from app.web.parts.forms import BaseForm


class MoveForm(BaseForm):
    """What goes on."""

    chosen = SelectMultipleField("引き継ぐもの", coerce=int, choices=(), validate_choice=False)

    @classmethod
    def offering(cls, rows: Sequence[MoveRow]) -> Self:
        """The form with everything ticked; ticks that were sent stay as they were."""
        form = cls(data={"chosen": [row.id for row in rows]})
        form.chosen.choices = [(row.id, row.title) for row in rows]
        return form

    @property
    def ids(self) -> frozenset[int]:
        """What was ticked."""
        return frozenset(self.chosen.data or ())

    def validate_chosen(self, field: Any) -> None:
        """Raises ValidationError where nothing is ticked."""
        if not field.data:
            raise ValidationError("引き継ぐものを選んでください。")
