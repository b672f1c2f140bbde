"""Shapes that enter and leave the surveys room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.kernel.types import JSON
from app.org.types import MemberRow, UnitRow
from app.questions.states import State, Step
from app.questions.types import Definition, Problem, Question, Section

# Days after the due date, before it where negative, on which who is silent is told.
REMINDER_DAYS = (-7, 1, 7)


@dataclass(frozen=True, slots=True)
class SurveyDraft:
    """What the organizer says of a new survey. `section` of the city hall owns it."""

    fiscal_year: int
    title: str
    section: str
    due_on: date
    definition: Definition


@dataclass(frozen=True, slots=True)
class SurveyDetails:
    """What can be changed of a survey besides its questions. `reminders`: days after the due date."""

    title: str
    due_on: date
    reminders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """The survey of a fiscal year. `published_at`: everybody sees its totals."""

    id: int
    fiscal_year: int
    title: str
    section: str
    due_on: date
    opened_at: datetime | None
    closed_at: datetime | None
    published_at: datetime | None
    definition: Definition

    @property
    def writable(self) -> bool:
        """Open to the sections: shown to them and not closed."""
        return self.opened_at is not None and self.closed_at is None


@dataclass(frozen=True, slots=True)
class HandedRow:
    """A part, or one question of it (`question` not ""), that a colleague fills in. `done_at`: they say they have."""

    id: int
    section: str
    row: str
    question: str
    member: MemberRow
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartView:
    """What one page asks: a section of the form (`row` ""), or one row of a section that repeats.

    `id` 0: nobody has written there yet.
    """

    id: int
    section: Section
    row: str
    answers: dict[str, JSON]
    updated_by: str = ""
    updated_at: datetime | None = None
    problems: tuple[Problem, ...] = ()
    handed: tuple[HandedRow, ...] = ()

    @property
    def name(self) -> str:
        """What the part is called: the section's title, or the row's first answer."""
        if not self.row:
            return self.section.title
        return str(self.answers.get(self.section.questions[0].key, "")) or "（名称なし）"


@dataclass(frozen=True, slots=True)
class StoryRow:
    """An answer at one moment of its story; `remark`: what was to put right."""

    number: int
    step: Step
    by: str
    at: datetime
    definition: Definition
    answers: dict[str, JSON]
    remark: str
    nothing: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One section's answer. `id` None: nobody has begun. `nothing`: 該当なし, no project to tell of."""

    id: int | None
    survey: SurveyRow
    unit_id: int
    state: State
    nothing: bool
    version: int
    parts: tuple[PartView, ...]
    updated_at: datetime | None = None
    updated_by: str = ""
    submitted_at: datetime | None = None
    submitted_by: str = ""
    approved_at: datetime | None = None
    approved_by: str = ""
    accepted_at: datetime | None = None
    remark: str = ""

    @property
    def editable(self) -> bool:
        """Whether the section may write into it now."""
        return self.state.editable and self.survey.writable

    @property
    def awaits_approval(self) -> bool:
        """Handed in, and the section's head has not confirmed it."""
        return self.state is State.SUBMITTED and self.approved_at is None

    @property
    def rows(self) -> list[PartView]:
        """The projects."""
        return [part for part in self.parts if part.row]

    @property
    def problems(self) -> list[Problem]:
        """What is still wrong with the parts."""
        return [problem for part in self.parts for problem in part.problems]

    def part(self, section: str, row: str) -> PartView:
        """One part. Raises LookupError."""
        for part in self.parts:
            if (part.section.key, part.row) == (section, row):
                return part
        raise LookupError(row or section)

    @property
    def answers(self) -> dict[str, JSON]:
        """All of it, as the question engine keeps answers."""
        found: dict[str, JSON] = {}
        for section in self.survey.definition.sections:
            parts = [part for part in self.parts if part.section.key == section.key]
            if section.repeats:
                found[section.key] = [{"row": part.row, **part.answers} for part in parts]
            elif parts:
                found[section.key] = dict(parts[0].answers)
        return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that could be taken into the answer: where it was found, its row's id, and what is known of it."""

    source: str
    section: str
    row: str
    name: str
    answers: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A row of another form (業務の棚卸シート) that works with citizens from the planning on, as its room keeps it."""

    row: str
    answers: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """How far one section has come. `state` None: nobody has begun. `handed`: parts that colleagues still have."""

    unit: UnitRow
    promoters: tuple[MemberRow, ...]
    state: State | None
    answer_id: int | None = None
    awaits_approval: bool = False
    nothing: bool = False
    rows: int = 0
    handed: int = 0
    submitted_at: datetime | None = None
    reminded_at: datetime | None = None

    @property
    def department(self) -> str:
        """The unit above, as the organisation chart names it."""
        return self.unit.path[-2] if len(self.unit.path) > 1 else self.unit.name

    @property
    def owes(self) -> bool:
        """Whether the section has still to hand something in."""
        return self.state is None or self.state.editable

    @property
    def place(self) -> str:
        """The word in an address for where it is."""
        return "none" if self.state is None else self.state.value


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A survey that concerns somebody. `whole`: they answer for all of it; `handed`: parts still to fill in."""

    survey: SurveyRow
    unit: UnitRow
    state: State | None
    awaits_approval: bool
    whole: bool
    handed: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may do with a section's answer. `whole`: all of it; otherwise only the `handed` parts.

    `handed`: (section, row, question), question "" for the whole part. `leads`: they are the section's head.
    """

    whole: bool
    leads: bool
    handed: frozenset[tuple[str, str, str]]

    def asked(self, part: PartView) -> tuple[Question, ...]:
        """The questions of a part that they see and answer; none where the part is none of theirs."""
        given = {question for section, row, question in self.handed if (section, row) == (part.section.key, part.row)}
        if self.whole or "" in given:
            return part.section.questions
        shown = [asked for asked in part.section.questions if asked.key in given]
        # Whoever is asked one question alone is asked it whatever the others were answered with.
        return tuple(
            asked if asked.condition is None or asked.condition.question in given else replace(asked, condition=None)
            for asked in shown
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of which section's answer. `row` "": the section of the form itself."""

    survey_id: int
    unit_id: int
    section: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a page knows after saving: `marks` of what it shows, and how many problems the whole answer still has."""

    marks: str
    problems: int
    theirs: bool
