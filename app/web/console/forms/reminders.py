"""The form of a plan of reminders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Self

from wtforms.validators import ValidationError

from app.web.parts.fields import LineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import NoLongerThan

MOST_DAYS = 60
_BETWEEN = re.compile(r"[、,・\s]+")


class PlanForm(BaseForm):
    """On which working days before and after the due date reminders go."""

    before = LineField("期限の前（営業日）", [NoLongerThan(60)])
    after = LineField("期限のあと（営業日）", [NoLongerThan(60)])

    @classmethod
    def of(cls, days: Sequence[int]) -> Self:
        """The plan as it stands, or what was sent of it."""
        before = "、".join(str(-one) for one in sorted(days) if one <= 0)
        return cls(data={"before": before, "after": "、".join(str(one) for one in sorted(days) if one > 0)})

    def days(self) -> tuple[int, ...]:
        """Working days from the due date, negative before it."""
        return (*(-one for one in _numbers(self.before.data)), *_numbers(self.after.data))

    def validate_before(self, field: LineField) -> None:
        """Raises ValidationError for anything but numbers of days."""
        _check_days(field)

    def validate_after(self, field: LineField) -> None:
        """Raises ValidationError for anything but numbers of days."""
        _check_days(field)


def _check_days(field: LineField) -> None:
    plain = unicodedata.normalize("NFKC", field.data or "")
    parts = [part for part in _BETWEEN.split(plain) if part]
    if not all(part.isascii() and part.isdigit() and len(part) < 3 and int(part) <= MOST_DAYS for part in parts):
        raise ValidationError(
            f"「{field.label.text}」は、{MOST_DAYS}までの数字を「、」で区切ってください。例：14、7、1"
        )


def _numbers(typed: str | None) -> list[int]:
    return [int(part) for part in _BETWEEN.split(unicodedata.normalize("NFKC", typed or "")) if part]
