"""Shapes that enter and leave the e-learning room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.questions.types import Answers, Definition, Question


class UnitKind(StrEnum):
    """What a unit (単元) is made of."""

    PAGE = "page"
    PDF = "pdf"
    SLIDES = "slides"
    VIDEO = "video"
    LINK = "link"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"page": "文章", "pdf": "PDF", "slides": "スライド", "video": "動画", "link": "リンク"}[self.value]

    @property
    def has_file(self) -> bool:
        """Whether it is a file of its own."""
        return self in {UnitKind.PDF, UnitKind.SLIDES, UnitKind.VIDEO}


class Standing(StrEnum):
    """How far somebody has come in a course."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    DONE = "done"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"not_begun": "未着手", "begun": "受講中", "done": "修了"}[self.value]


@dataclass(frozen=True, slots=True)
class CourseDetails:
    """What the organizer says of a course besides its contents."""

    title: str
    about: str
    due_on: date


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A unit as it was typed and sent. `body`: the page, the transcript of a video, or a remark beside a file.

    `file`, `captions`: bytes that were sent; None: none was, what is there stays. `drop_captions`: take them away.
    """

    kind: UnitKind
    title: str
    body: str = ""
    url: str = ""
    file_name: str = ""
    file: bytes | None = None
    captions: bytes | None = None
    drop_captions: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the storage."""

    key: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of one version. `unit_key` is the same in all versions, `digest` while nothing of it changed."""

    id: int
    unit_key: str
    kind: UnitKind
    title: str
    body: str
    url: str
    file: Kept | None
    captions_key: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class Solution:
    """What is right: the keys of all options to choose, and the words that are shown with it afterwards."""

    right: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The questions at the end of a course. `pass_percent` of them must be right; `most_tries` None: any number."""

    definition: Definition | None = None
    solutions: Mapping[str, Solution] = field(default_factory=dict)
    pass_percent: int = 100
    most_tries: int | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked; nothing where the course has no check."""
        return self.definition.sections[0].questions if self.definition else ()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """The contents of a course at one time; frozen from `published_at` on."""

    id: int
    course_id: int
    number: int
    published_at: datetime | None
    check: Check
    units: tuple[UnitRow, ...]


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course of a fiscal year. `code` joins the years; `published`: the number of the latest published version."""

    id: int
    fiscal_year: int
    code: str
    title: str
    about: str
    section: str
    due_on: date
    published: int | None
    has_draft: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One go at the check. `right`: the keys of the questions that were answered rightly."""

    number: int
    answers: Answers
    right: frozenset[str]
    asked: int
    passed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Completion:
    """Somebody completed a course: what their certificate says. `number`: of the version they completed."""

    course_id: int
    member_id: int
    number: int
    name: str
    title: str
    section: str
    code: str
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """One person in one course. `read` holds the ids of units; `tries` are those that count against the limit."""

    course: CourseRow
    version: VersionRow
    read: frozenset[int]
    tries: int
    last: Attempt | None
    completion: Completion | None

    @property
    def standing(self) -> Standing:
        """How far they have come."""
        if self.completion is not None:
            return Standing.DONE
        return Standing.BEGUN if self.read or self.last else Standing.NOT_BEGUN

    @property
    def all_read(self) -> bool:
        """Whether nothing is left to read."""
        return all(unit.id in self.read for unit in self.version.units)

    @property
    def tries_left(self) -> int | None:
        """How often the check can still be taken; None: any number of times."""
        most = self.version.check.most_tries
        return None if most is None else max(most - self.tries, 0)

    @property
    def next_unit(self) -> UnitRow | None:
        """The first unit that was not read."""
        return next((unit for unit in self.version.units if unit.id not in self.read), None)


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody on the board, with the unit and department they work at. `stuck`: no try at the check is left."""

    id: int
    number: str
    name: str
    email: str | None
    unit_id: int | None
    section: str
    department: str
    standing: Standing
    completed_at: datetime | None
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class SectionLine:
    """How many of a unit's staff have completed."""

    unit_id: int | None
    section: str
    department: str
    done: int
    every: int


@dataclass(frozen=True, slots=True)
class Board:
    """A course with all staff, in the order of the organisation chart."""

    course: CourseRow
    people: tuple[Learner, ...]

    @property
    def done(self) -> int:
        """How many have completed."""
        return sum(one.standing is Standing.DONE for one in self.people)

    @property
    def begun(self) -> int:
        """How many are on their way."""
        return sum(one.standing is Standing.BEGUN for one in self.people)

    @property
    def sections(self) -> tuple[SectionLine, ...]:
        """Every unit somebody works at, with its figures."""
        found: dict[int | None, list[Learner]] = {}
        for one in self.people:
            found.setdefault(one.unit_id, []).append(one)
        return tuple(
            SectionLine(
                unit_id, of[0].section, of[0].department, sum(one.standing is Standing.DONE for one in of), len(of)
            )
            for unit_id, of in found.items()
        )
