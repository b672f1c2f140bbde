"""What a form made of data consists of. A definition is plain: it goes into JSON and comes back the same.

Answers are JSON too: `{section key: {question key: value}}`, and for a section that repeats
`{section key: [{"row": row id, question key: value}, …]}`. What was not answered is absent, never None. The words
beside an option with a line of one's own stand under `free_key(question, option)`. In a draft a line may stand where a
number or a date belongs: what was typed is never thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.types import JSON

Answers = Mapping[str, JSON]


class Kind(StrEnum):
    """What an answer is. JSON beside it: what it is stored as."""

    LINE = "line"  # str
    TEXT = "text"  # str with line breaks
    NUMBER = "number"  # str, a decimal number as `0.5`: floats would round
    SINGLE = "single"  # str, the key of an option
    MULTIPLE = "multiple"  # list[str] of option keys in the order of the options
    YES_NO = "yes_no"  # bool
    DATE = "date"  # str, YYYY-MM-DD
    CONSENT = "consent"  # True; whoever does not agree has not answered
    FILE = "file"  # {"key": what the file is kept under, "name": what it is called}

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "line": "1行の文字",
            "text": "文章",
            "number": "数",
            "single": "一つ選ぶ",
            "multiple": "いくつでも選ぶ",
            "yes_no": "はい・いいえ",
            "date": "日付",
            "consent": "同意",
            "file": "ファイル",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen. `key` stays when the words are put otherwise; `free`: with a line of one's own.

    `past`: no longer offered, but there are answers that name it.
    """

    key: str
    label: str
    free: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only where `question` of the same section (or row) was answered with one of `answers` (option keys)."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key`: ASCII, stays from year to year, so that years can be compared.

    `most`, `least`: characters of a text, bounds of a number; `step` of a number: `1`, `0.1`; `unit` stands behind it.
    `internal`: asked and seen by the organizer only. `per_person`: where several come together, each of them answers.
    """

    key: str
    kind: Kind
    label: str
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    condition: Condition | None = None
    least: str | None = None
    most: str | None = None
    step: str = "1"
    unit: str = ""
    internal: bool = False
    per_person: bool = False

    @property
    def offered(self) -> tuple[Option, ...]:
        """What can be chosen from now on."""
        return tuple(option for option in self.options if not option.past)

    def option(self, key: str) -> Option:
        """The option `key`. Raises LookupError."""
        for option in self.options:
            if option.key == key:
                return option
        raise LookupError(key)


def free_key(question: Question, option: Option) -> str:
    """Where the line beside an option is kept; no question can have this key."""
    return f"{question.key}/{option.key}"


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together; one that repeats is a table with a row for each thing, a question a column."""

    key: str
    title: str
    questions: tuple[Question, ...]
    hint: str = ""
    repeats: bool = False
    least_rows: int = 0
    most_rows: int = 200
    row_word: str = "行"

    def question(self, key: str) -> Question:
        """The question `key`. Raises LookupError."""
        for question in self.questions:
            if question.key == key:
                return question
        raise LookupError(key)


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole form."""

    title: str
    sections: tuple[Section, ...]
    hint: str = ""

    def section(self, key: str) -> Section:
        """The section `key`. Raises LookupError."""
        for section in self.sections:
            if section.key == key:
                return section
        raise LookupError(key)

    def __iter__(self) -> Iterator[tuple[Section, Question]]:
        """Every question with its section, in the order of the form."""
        for section in self.sections:
            for question in section.questions:
                yield section, question


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer. `row` is the row's id in a section that repeats; `question` None: the section."""

    section: str
    row: str | None
    question: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers in order, and what is wrong with them."""

    answers: dict[str, JSON]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that changed, as people read it; "" where there was or is none. `question` None: the whole row."""

    section: str
    row: str | None
    question: str | None
    before: str
    after: str
