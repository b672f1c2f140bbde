"""The form of programme and speakers: rows that can be added, moved and removed without JavaScript."""

from __future__ import annotations

from dataclasses import asdict
from typing import Self

from wtforms import FieldList, FormField, SelectField

from app.events.outline import Line, to_items, to_lines
from app.events.types import AgendaRow, EventRow, SpeakerRow
from app.web.console.forms.revision import RevisionForm
from app.web.console.forms.rows import edited, with_spares
from app.web.parts.fields import LineField, NameField
from app.web.parts.forms import InnerForm
from app.web.parts.validators import NoLongerThan, Printable

LEVELS = {"0": "大項目", "1": "中項目", "2": "小項目"}
SPARE_ROWS = 2
MOST_ROWS = 40


class RowForm(InnerForm):
    """One row of the programme."""

    level = SelectField("段", coerce=int, choices=LEVELS, default=0)
    kind = LineField("種別", validators=[NoLongerThan(40), Printable()])
    title = LineField("題名", validators=[NoLongerThan(200), Printable()])
    name = NameField("講師の氏名", validators=[NoLongerThan(60), Printable()])
    affiliation = LineField("講師の所属", validators=[NoLongerThan(120), Printable()])
    post = LineField("講師の肩書", validators=[NoLongerThan(60), Printable()])


class SpeakerForm(InnerForm):
    """Somebody who speaks to the whole event."""

    name = NameField("氏名", validators=[NoLongerThan(60), Printable()])
    affiliation = LineField("所属", validators=[NoLongerThan(120), Printable()])
    post = LineField("肩書", validators=[NoLongerThan(60), Printable()])


class ProgrammeForm(RevisionForm):
    """Programme and speakers of an event."""

    rows = FieldList(FormField(RowForm), max_entries=MOST_ROWS)
    speakers = FieldList(FormField(SpeakerForm), max_entries=MOST_ROWS)

    @classmethod
    def of(cls, event: EventRow) -> Self:
        """The stored programme with a few empty rows below, or what was sent of it."""
        rows = [asdict(line) for line in to_lines(event.agenda)]
        speakers = [{"name": s.name, "affiliation": s.affiliation, "post": s.title} for s in event.speakers]
        data = {
            "revision": event.revision,
            "rows": with_spares(rows, SPARE_ROWS, most=MOST_ROWS),
            "speakers": with_spares(speakers, 1, most=MOST_ROWS),
        }
        return cls(data=data)

    @classmethod
    def reordered(cls, sent: Self, button: str) -> Self:
        """What was sent, after the row button `button` (`rows-add`, `rows-up-3`, `speakers-remove-0`, …)."""
        lists = {"rows": [row.data for row in sent.rows], "speakers": [row.data for row in sent.speakers]}
        name, _dash, what = button.partition("-")
        if name in lists:
            lists[name] = edited(lists[name], what, spares=SPARE_ROWS, most=MOST_ROWS, inherited=["level"])
        return cls(formdata=None, data={"revision": sent.revision.data, **lists})

    def to_programme(self) -> tuple[tuple[AgendaRow, ...], tuple[SpeakerRow, ...]]:
        """The parsed shapes that go inside. Raises WrongOutline at the row concerned."""
        lines = [Line(**row.data) for row in self.rows]
        named = [SpeakerRow(s["name"], s["affiliation"], s["post"]) for s in (row.data for row in self.speakers)]
        return to_items(lines), tuple(speaker for speaker in named if speaker.name)
