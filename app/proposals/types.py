"""Shapes of the proposals room: programmes, courses, themes and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.questions.types import Answers, Definition, Problem


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


class ProposalState(StrEnum):
    """Where a group's proposal stands until it is decided."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "draft": "作成中",
            "submitted": "提出済",
            "returned": "補正の依頼",
            "checked": "書類確認済",
            "withdrawn": "取下げ",
        }[self.value]

    @property
    def handed_in(self) -> bool:
        """Whether it counts as an application; what is being put right still does."""
        return self in {ProposalState.SUBMITTED, ProposalState.RETURNED, ProposalState.CHECKED}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a group says of itself when it begins. `phone` is E.164, `postcode` seven digits, "" where not given.

    `support_year`: the how manieth year of this project it would be. Once forgotten, `contact_name` is "" as well.
    """

    course_id: int
    theme_id: int | None
    support_year: int
    group_name: str
    contact_name: str
    email: str
    phone: str
    postcode: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file beside a proposal. `size` in bytes."""

    id: int
    file_name: str
    media_type: str
    size: int
    added_at: datetime


def title_of(answers: Answers) -> str:
    """What a group calls its project."""
    plan = answers.get("plan")
    name = plan.get("name") if isinstance(plan, dict) else None
    return str(name) if name else "（名称未定）"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """A proposal with its programme. `remark`: what has to be put right; `theme`: where one of a section was chosen."""

    id: int
    public_id: str
    reference: str
    programme: ProgrammeRow
    course: CourseRow
    theme: ThemeRow | None
    applicant: Applicant
    state: ProposalState
    remark: str
    answers: Answers
    version: int
    updated_at: datetime
    submitted_at: datetime | None
    attachments: tuple[AttachmentRow, ...]

    @property
    def reference_text(self) -> str:
        """1234-5678, as read over the phone."""
        return f"{self.reference[:4]}-{self.reference[4:]}"

    @property
    def title(self) -> str:
        """What the group calls its project, or that it has no name yet."""
        return title_of(self.answers)


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A line of the organizer's list. `title`: the project's name."""

    id: int
    reference_text: str
    group_name: str
    title: str
    course: str
    state: ProposalState
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Budget:
    """The sums of a budget in whole yen. `most`: what the course would bear of the eligible costs."""

    income: int
    expenses: int
    eligible: int
    grant: int
    most: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What was kept, and what is still missing before it can be handed in."""

    version: int
    problems: tuple[Problem, ...]
