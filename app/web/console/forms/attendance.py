"""Forms of the attendance pages. The sheet itself is too long for a form of fields: its lines are read one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Self

from werkzeug.exceptions import BadRequest
from wtforms import BooleanField, HiddenField, RadioField

from app.attendance.rules import LARGEST_WALK_IN
from app.attendance.types import Mark, Presence, Sheet, WalkIn
from app.events.audiences import Category
from app.infra import tokens
from app.kernel.errors import Refusal
from app.web.parts.fields import KanaField, LineField, NameField, NumberField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Needed, NoLongerThan, Printable

UNMARKED = "none"
# What the reception desk says of people who stand before it.
ARRIVALS = (Presence.PRESENT, Presence.LATE)
LARGEST_SHEET = 2000


class PartOfPage(BaseForm):
    """One of several forms on a page, told apart by a prefix."""

    reason = LineField("変更の理由", validators=[NoLongerThan(200)])

    part = "part-"

    def __init__(self, **data: Any) -> None:
        super().__init__(prefix=self.part, **data)

    @classmethod
    def blank(cls, **known: Any) -> Self:
        """The form as it stands on a page that was not sent, with what is known."""
        return cls(formdata=None, **known)

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal at the field that has its name behind the prefix."""
        field = f"{self.part}{refusal.field}" if refusal.field else None
        super().refuse(Refusal(refusal.message, field))

    @property
    def why(self) -> str | None:
        """The reason given."""
        return self.reason.data or None


class SheetForm(PartOfPage):
    """The reason for changes after closing; the marks themselves are read by posted_marks()."""

    part = "sheet-"


class WalkInForm(PartOfPage):
    """Somebody who came without registration."""

    part = "walk-in-"
    name = NameField("お名前", validators=[Needed(), NoLongerThan(60), Printable()])
    kana = KanaField("フリガナ", validators=[NoLongerThan(60), Printable()])
    category = RadioField("区分", choices={c.value: c.word for c in Category}, default=Category.RESIDENT.value)
    people = NumberField("人数", least=1, most=LARGEST_WALK_IN, unit="人", default=1, validators=[Needed()])
    entry_key = HiddenField()

    @classmethod
    def blank(cls, **known: Any) -> Self:
        """The form with a one-time key of its own."""
        return super().blank(entry_key=tokens.random_id(), **known)

    def to_walk_in(self) -> WalkIn:
        """The parsed shape."""
        return WalkIn(
            name=self.name.data or "",
            kana=self.kana.data or "",
            category=Category(self.category.data),
            people=self.people.data or 0,
            entry_key=str(self.entry_key.data or ""),
        )


class CountForm(PartOfPage):
    """The count of the paper sheet, and closing."""

    part = "count-"
    sheet_count = NumberField("名簿で数えた来場人数", unit="人")
    rest_absent = BooleanField("未入力の方を、すべて欠席にする")


class HeadcountForm(PartOfPage):
    """How many people came, where no names were taken."""

    part = "headcount-"
    resident = NumberField(Category.RESIDENT.word, unit="人")
    staff = NumberField(Category.STAFF.word, unit="人")
    neighbour = NumberField(Category.NEIGHBOUR.word, unit="人")

    @classmethod
    def of(cls, sheet: Sheet) -> HeadcountForm:
        """The form with what is known."""
        return cls.blank(**{c.value: sheet.headcount.get(c) for c in Category})

    def numbers(self) -> dict[Category, int]:
        """People by category."""
        return {category: self[category.value].data or 0 for category in Category}


def posted_marks(fields: Mapping[str, str], *, allowed: Collection[Presence], may_correct: bool) -> list[Mark]:
    """The lines of a sheet that were changed on the screen: `mark-7` is what was chosen, `was-7` what stood there.

    Who may not correct only adds marks to empty lines. Raises BadRequest for what no page of ours sends.
    """
    marks = []
    try:
        for name, was in fields.items():
            if not name.startswith("was-"):
                continue
            line = name.removeprefix("was-")
            mark = _mark(int(line), fields.get(f"mark-{line}", UNMARKED), fields.get(f"people-{line}"), was)
            if mark is not None:
                marks.append(mark)
    except ValueError as error:
        raise BadRequest from error
    if any(mark.presence is not None and mark.presence not in allowed for mark in marks):
        raise BadRequest
    if not may_correct and any(mark.presence is None or mark.seen for mark in marks):
        raise BadRequest
    return marks


def _mark(registration_id: int, chosen: str, typed: str | None, was: str) -> Mark | None:
    version, presence_before, people_before = was.split(":")
    presence = None if chosen == UNMARKED else Presence(chosen)
    people = int(typed) if typed and presence is not None and presence.came else None
    if chosen == presence_before and people in {None, int(people_before)}:
        return None
    return Mark(registration_id, presence, people, seen=int(version))
