"""Answers over time: taken along into a newer form, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Protocol, TypeVar

from app.kernel.types import JSON
from app.questions.kinds import words_of
from app.questions.types import Answers, Definition, Difference, Question, Section, free_key
from app.questions.validate import check

Row = Mapping[str, JSON]


class Told(Protocol):
    """Answers as they were at one step of a story, and the form that they answer."""

    @property
    def definition(self) -> Definition:
        """What was asked then."""

    @property
    def answers(self) -> dict[str, JSON]:
        """What was answered then."""


T = TypeVar("T", bound=Told)


def carry(answers: Answers, new: Definition) -> dict[str, JSON]:
    """What of `answers` the form `new` still asks for, by key: rows keep their ids, options that went are left out."""
    return check(new, answers, complete=False).answers


def differences(definition: Definition, before: Answers, after: Answers) -> list[Difference]:
    """What changed between two sets of answers, in the order of the form; rows are recognised by their id."""
    return [found for section in definition.sections for found in _changed(section, before, after)]


def with_changes(steps: Sequence[T]) -> list[tuple[T, list[Difference]]]:
    """Each step of a story, the newest first, with what changed since the one before."""
    return [
        (step, differences(step.definition, earlier.answers if earlier else {}, step.answers))
        for step, earlier in zip_longest(steps, steps[1:])
    ]


def text_of(question: Question, answers: Row) -> str:
    """The answer to `question` as people read it, with the lines beside its options; "" for none."""
    words = words_of(question, answers.get(question.key))
    lines = [answers.get(free_key(question, option)) for option in question.options if option.free]
    typed = "、".join(str(line) for line in lines if line)
    return f"{words}（{typed}）" if typed and words else words or typed


def rows_of(section: Section, answers: Answers) -> list[Row]:
    """The rows of a section that repeats."""
    found = answers.get(section.key)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def single_of(section: Section, answers: Answers) -> Row:
    """The answers of a section that does not repeat."""
    found = answers.get(section.key)
    return found if isinstance(found, dict) else {}


def _changed(section: Section, before: Answers, after: Answers) -> Iterator[Difference]:
    if not section.repeats:
        yield from _in_row(section, None, single_of(section, before), single_of(section, after))
        return
    old = {str(row["row"]): row for row in rows_of(section, before)}
    new = {str(row["row"]): row for row in rows_of(section, after)}
    for key in [*new, *(key for key in old if key not in new)]:
        if key in old and key in new:
            yield from _in_row(section, key, old[key], new[key])
        else:
            yield Difference(section.key, key, None, _whole(section, old.get(key)), _whole(section, new.get(key)))


def _in_row(section: Section, row: str | None, before: Row, after: Row) -> Iterator[Difference]:
    for question in section.questions:
        was, now = text_of(question, before), text_of(question, after)
        if was != now:
            yield Difference(section.key, row, question.key, was, now)


def _whole(section: Section, row: Row | None) -> str:
    """What a row is called: its first answer."""
    if row is None:
        return ""
    return next((text for question in section.questions if (text := text_of(question, row))), "（空欄）")
