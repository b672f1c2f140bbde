"""Shapes of the proposals room: programmes, courses, themes and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.questions.types import Definition


class CourseKind(StrEnum):
    """Who sets the theme of a course."""

    CITY_THEME = "city_theme"
    CITIZEN_THEME = "citizen_theme"
    OTHER = "other"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"city_theme": "行政提案", "citizen_theme": "市民提案", "other": "その他"}[self.value]


class ThemeState(StrEnum):
    """Where a section's theme stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"submitted": "提出済", "returned": "差戻し", "accepted": "採用", "withdrawn": "取下げ"}[self.value]

    @property
    def editable(self) -> bool:
        """Whether the section may still change it."""
        return self in {ThemeState.SUBMITTED, ThemeState.RETURNED}


class Phase(StrEnum):
    """Whether groups can apply."""

    SOON = "soon"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"soon": "受付前", "open": "受付中", "closed": "受付終了"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDetails:
    """A course as the organizer sets it. `ceiling` in yen, `rate` in percent of what is eligible, `years` at most."""

    kind: CourseKind
    name: str
    ceiling: int
    rate: int
    years: int
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow(CourseDetails):
    """A course that is there."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDates:
    """The days of a programme's phases, in their order; each of them still counts."""

    themes_due_on: date
    opens_on: date
    closes_on: date
    correct_by: date
    papers_on: date
    presentation_on: date
    decide_on: date
    interim_due_on: date
    final_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDetails:
    """A programme as the organizer sets it. `eligible`: which costs count; `contact`: whom to ask."""

    title: str
    lead: str
    eligible: str
    contact: str
    dates: ProgrammeDates
    briefing_event_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRow(ProgrammeDetails):
    """A programme that is there. `fiscal_year` is the year in which the projects are carried out.

    `published_at`: residents see it; `themes_published_at`: they see the accepted themes, too.
    """

    id: int
    fiscal_year: int
    section: str
    definition: Definition
    published_at: datetime | None
    themes_published_at: datetime | None
    courses: tuple[CourseRow, ...]

    def course(self, course_id: int) -> CourseRow | None:
        """The course of that id, None where the programme has none."""
        return next((one for one in self.courses if one.id == course_id), None)


@dataclass(frozen=True, slots=True)
class ThemeDraft:
    """A theme as a section writes it. `background`: why; `wish`: what it hopes for; `offer`: what the section does."""

    title: str
    background: str
    wish: str
    offer: str


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme that a section handed in. `remark`: why it was given back."""

    id: int
    programme_id: int
    unit_id: int
    unit_name: str
    draft: ThemeDraft
    state: ThemeState
    remark: str
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class CourseFigure:
    """Applications of one course for one fiscal year. `adopted` None: not decided, or not known.

    `source` says where a figure of a year before this service comes from; "" where it was counted here.
    """

    fiscal_year: int
    course: str
    kind: CourseKind
    applications: int
    adopted: int | None
    source: str = ""
