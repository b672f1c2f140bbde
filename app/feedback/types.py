"""Shapes that leave the feedback room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.questions.types import Definition, Kind, Question

# What may be asked: a day, a number or a file can point at one person.
KINDS = (Kind.SINGLE, Kind.MULTIPLE, Kind.YES_NO, Kind.TEXT)
SECTION = "asked"


class State(StrEnum):
    """Whether answers are taken. Results are seen once it is closed, and a closed form stays closed."""

    SOON = "soon"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"soon": "回答期間の前", "open": "回答受付中", "closed": "回答受付終了"}[self.value]


@dataclass(frozen=True, slots=True)
class FormRow:
    """The feedback form of an event. `opens_at`: when its first sitting ends; None: it has no sitting.

    `breakdown`: key of the question by whose answers the others are broken down, or "". `answers`: how many came in.
    """

    event_id: int
    code: str
    definition: Definition
    breakdown: str
    opens_at: datetime | None
    last_day: date
    state: State
    answers: int

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked, in order."""
        return self.definition.section(SECTION).questions


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Answers to one question by the answers to another.

    `rows`: an option, how many in each group chose it; None where that is withheld.
    """

    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """One question: how many answered, how often each option was chosen, what was written.

    `answers` None: fewer than five answered, which is all that is said. `breakdown` None: there is none to show.
    """

    question: Question
    answers: int | None
    choices: tuple[tuple[str, int], ...] = ()
    texts: tuple[str, ...] = ()
    breakdown: Breakdown | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What came of a form. `answers` None: fewer than five, and nothing is shown. `by`: the breaking-down question."""

    answers: int | None
    tallies: tuple[Tally, ...] = ()
    by: Question | None = None
