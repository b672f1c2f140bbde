"""Shapes that enter and leave the compliance room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.attendance.types import Presence
from app.org.types import DutyKind
from app.questions.states import State
from app.registrations.types import Status


class Audience(StrEnum):
    """Whom a requirement binds."""

    PROMOTERS = "promoters"
    COORDINATORS = "coordinators"
    SECTIONS = "sections"
    LIST = "list"
    EVERYONE = "everyone"

    @property
    def word(self) -> str:
        """The words on the screen."""
        return {
            "promoters": "協働推進員",
            "coordinators": "協働調整員",
            "sections": "選んだ部・課の職員",
            "list": "名簿で指定した職員",
            "everyone": "全職員",
        }[self.value]

    @property
    def duty(self) -> DutyKind | None:
        """The duty whose holders are bound; None where it is not a duty that binds."""
        return {"promoters": DutyKind.PROMOTER, "coordinators": DutyKind.COORDINATOR}.get(self.value)


class SubstituteRule(StrEnum):
    """What a colleague who comes instead (代理出席) is worth."""

    REFUSED = "refused"
    SECTION_ONLY = "section_only"
    COUNTS = "counts"

    @property
    def word(self) -> str:
        """The words on the screen."""
        return {
            "refused": "認めない",
            "section_only": "課の出席とする（本人の受講は残る）",
            "counts": "本人の受講とみなす",
        }[self.value]


class EvidenceKind(StrEnum):
    """How somebody met a requirement without coming themselves."""

    ELSEWHERE = "elsewhere"
    SUBSTITUTE = "substitute"


class Standing(StrEnum):
    """Where one person stands in one requirement, from nothing done to done."""

    NOT_REGISTERED = "not_registered"
    NOT_COMPLETED = "not_completed"
    WAITING = "waiting"
    REGISTERED = "registered"
    ABSENT = "absent"
    SUBSTITUTED = "substituted"
    EXEMPT = "exempt"
    ELSEWHERE = "elsewhere"
    COURSE = "course"
    ATTENDED = "attended"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "not_registered": "未申込",
            "not_completed": "未修了",
            "waiting": "キャンセル待ち",
            "registered": "申込済",
            "absent": "欠席",
            "substituted": "代理出席",
            "exempt": "免除",
            "elsewhere": "他の研修を受講",
            "course": "Eラーニングを修了",
            "attended": "受講済",
        }[self.value]


class SheetStanding(StrEnum):
    """How far the worksheet has come that a requirement demands as well."""

    NOT_BEGUN = "not_begun"
    DRAFT = "draft"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"

    @property
    def word(self) -> str:
        """The word on the screen, the same as on the worksheet's own pages."""
        return "未着手" if self is SheetStanding.NOT_BEGUN else State(self.value).word

    @property
    def handed_in(self) -> bool:
        """Whether the section has nothing to do for the moment."""
        return self in {SheetStanding.SUBMITTED, SheetStanding.ACCEPTED}


@dataclass(frozen=True, slots=True)
class RequirementDraft:
    """What the organizer says of a requirement. `code` joins the same requirement of several years.

    `event_id` with `course_id`: the training, or the e-learning course instead (a make-up); one alone: only that.
    `template_id`: the worksheet of the same year that is handed in too; only for Audience.PROMOTERS. `steps` are
    the reminders in working days from the due date: negative before it. `units` is for Audience.SECTIONS, each with all
    that stands below it in the chart; `members` is for Audience.LIST.
    """

    fiscal_year: int
    code: str
    title: str
    event_id: int | None
    due_on: date
    audience: Audience = Audience.PROMOTERS
    substitutes: SubstituteRule = SubstituteRule.REFUSED
    steps: tuple[int, ...] = (-14, -7, -1, 5, 10)
    units: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    template_id: int | None = None
    course_id: int | None = None


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A requirement as it stands. `ended_at`: it is over, nobody is reminded any more.

    It is met by the training `event_id` or by the e-learning course `course_id`; None: not by that.
    """

    id: int
    fiscal_year: int
    code: str
    title: str
    event_id: int | None
    due_on: date
    audience: Audience
    substitutes: SubstituteRule
    ended_at: datetime | None
    template_id: int | None = None
    course_id: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one person and one requirement. `by_course_alone`: there is no sitting to go to."""

    status: Status | None = None
    presence: Presence | None = None
    exempt: bool = False
    elsewhere: bool = False
    course: bool = False
    by_course_alone: bool = False
    substituted: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the board."""

    id: int
    number: str
    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A duty or a place on a list: who is bound, at which unit, in which days."""

    member_id: int
    unit_id: int | None
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Former:
    """Somebody who held the duty earlier or later in the year and does not owe; shown beside who does."""

    person: Person
    standing: Standing


@dataclass(frozen=True, slots=True)
class Line:
    """One person who owes, with the section and department they owe for. `done`: nothing is owed any more.

    `sheet`: the section's worksheet; None where the requirement demands none.
    """

    person: Person
    unit_id: int | None
    section: str
    department: str
    standing: Standing
    done: bool
    others: tuple[Former, ...] = ()
    sheet: SheetStanding | None = None

    def standing_of(self, member_id: int) -> Standing | None:
        """Where somebody stands who is on this line, owing or not; None for anybody else."""
        if self.person.id == member_id:
            return self.standing
        return next((one.standing for one in self.others if one.person.id == member_id), None)

    @property
    def words(self) -> str:
        """The standing in words, with the worksheet's."""
        return self.standing.word if self.sheet is None else f"{self.standing.word}・シート{self.sheet.word}"


@dataclass(frozen=True, slots=True)
class Board:
    """A requirement with everybody it binds, in the order of the organisation chart. `vacant`: nobody is named."""

    requirement: RequirementRow
    lines: tuple[Line, ...]
    vacant: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Standing, int]:
        """How many people stand where."""
        return Counter(line.standing for line in self.lines)

    @property
    def done(self) -> int:
        """How many owe nothing any more."""
        return sum(line.done for line in self.lines)

    @property
    def open(self) -> tuple[Line, ...]:
        """未受講者: who still owes."""
        return tuple(line for line in self.lines if not line.done)

    @property
    def departments(self) -> Mapping[str, tuple[int, int]]:
        """Done and all, by department in the order of the chart."""
        found: dict[str, tuple[int, int]] = {}
        for line in self.lines:
            done, every = found.get(line.department, (0, 0))
            found[line.department] = (done + line.done, every + 1)
        return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the people of a requirement have come: how many owe nothing any more, and how many there are."""

    requirement: RequirementRow
    done: int
    every: int


@dataclass(frozen=True, slots=True)
class Case:
    """What was decided about one person in one requirement, and when they were reminded as (step, when)."""

    exempt_reason: str = ""
    exempted_at: datetime | None = None
    elsewhere_on: date | None = None
    elsewhere_note: str = ""
    reminded: tuple[tuple[int, datetime], ...] = ()
