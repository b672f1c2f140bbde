"""The programme as rows of a form, and back: a row has a level instead of a parent. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.events.errors import WrongOutline
from app.events.types import AgendaRow, SpeakerRow

DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One row. Without kind and title it names one more speaker of the entry above; `level` counts from 0."""

    level: int = 0
    kind: str = ""
    title: str = ""
    name: str = ""
    affiliation: str = ""
    post: str = ""

    @property
    def is_entry(self) -> bool:
        """True for an entry of the programme."""
        return bool(self.kind or self.title)

    @property
    def is_empty(self) -> bool:
        """True when nothing was typed."""
        return not (self.is_entry or self.name or self.affiliation or self.post)

    @property
    def speaker(self) -> tuple[SpeakerRow, ...]:
        """The speaker named in this row, none or one."""
        return (SpeakerRow(self.name, self.affiliation, self.post),) if self.name else ()


def to_lines(items: Sequence[AgendaRow]) -> list[Line]:
    """The rows that show `items`."""
    return list(_flat(items, 0))


def to_items(lines: Sequence[Line]) -> tuple[AgendaRow, ...]:
    """The programme that the rows describe; empty rows are left out.

    Raises WrongOutline whose field is `rows-<index>-<column>`, index as in `lines`.
    """
    checked = _checked(lines)
    return _nested(checked, 0, 0, len(checked))


@dataclass(frozen=True, slots=True)
class _Entry:
    line: Line
    speakers: tuple[SpeakerRow, ...]


def _checked(lines: Sequence[Line]) -> list[_Entry]:
    entries: list[_Entry] = []
    for index, line in enumerate(lines):
        if line.is_empty:
            continue
        if not line.name and (line.affiliation or line.post):
            raise WrongOutline("講師の氏名を入力してください。", f"rows-{index}-name")
        if line.is_entry:
            _check_entry(index, line, entries)
            entries.append(_Entry(line, line.speaker))
        elif entries:
            entries[-1] = _Entry(entries[-1].line, entries[-1].speakers + line.speaker)
        else:
            raise WrongOutline("先頭の行には、次第の題名を入力してください。", f"rows-{index}-title")
    return entries


def _check_entry(index: int, line: Line, before: Sequence[_Entry]) -> None:
    if not line.title:
        raise WrongOutline("題名を入力してください。", f"rows-{index}-title")
    highest = min(before[-1].line.level + 1, DEEPEST) if before else 0
    if not 0 <= line.level <= highest:
        raise WrongOutline("一つ上の行より二段以上は下げられません。段を選び直してください。", f"rows-{index}-level")


def _nested(entries: Sequence[_Entry], level: int, start: int, stop: int) -> tuple[AgendaRow, ...]:
    found: list[AgendaRow] = []
    while start < stop:
        after = start + 1
        while after < stop and entries[after].line.level > level:
            after += 1
        line = entries[start].line
        below = _nested(entries, level + 1, start + 1, after)
        found.append(AgendaRow(line.kind, line.title, entries[start].speakers, below))
        start = after
    return tuple(found)


def _flat(items: Sequence[AgendaRow], level: int) -> Iterator[Line]:
    for item in items:
        first = item.speakers[0] if item.speakers else SpeakerRow("", "", "")
        yield Line(level, item.kind, item.title, first.name, first.affiliation, first.title)
        for more in item.speakers[1:]:
            yield Line(level, "", "", more.name, more.affiliation, more.title)
        yield from _flat(item.items, level + 1)
