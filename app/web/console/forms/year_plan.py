"""The form of an entry of the year's plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from wtforms import SelectField

from app.web.parts.fields import JapaneseDateField, LineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Needed, NoLongerThan
from app.year_plan.types import EntryDraft, EntryRow


class EntryForm(BaseForm):
    """What is to be done and when. Without a last day it is done on the first."""

    title = LineField("すること", [Needed(), NoLongerThan(120)])
    starts_on = JapaneseDateField("始めの日", [Needed()])
    ends_on = JapaneseDateField("終わりの日")
    note = LineField("補足", [NoLongerThan(400)])
    watch = SelectField("状態の決め方")
    page = LineField("画面のアドレス", [NoLongerThan(200)])

    @classmethod
    def offering(cls, watchable: Mapping[str, str], entry: EntryRow | None = None) -> Self:
        """The form, with an entry's text where there is one. A kind of watching that is unknown by now stays."""
        form = cls(obj=entry)
        known = dict(watchable)
        if entry is not None and entry.watch not in known:
            known[entry.watch] = watchable[""]
        form.watch.choices = list(known.items())
        return form

    def to_draft(self) -> EntryDraft:
        """The parsed shape that goes inside."""
        if self.starts_on.data is None:
            raise ValueError("the form was not validated")
        return EntryDraft(
            title=self.title.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data or self.starts_on.data,
            note=self.note.data or "",
            watch=self.watch.data or "",
            page=self.page.data or "",
        )
