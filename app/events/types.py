"""Shapes that leave the events room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.events.audiences import AllotmentRow, Category
from app.events.choices import LargeParties, Naming, SittingsTaken, WaitingMode
from app.questions.types import Kind, Question


class EventStatus(StrEnum):
    """Where an event stands. draft → published → finished, or cancelled from either."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    FINISHED = "finished"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"draft": "下書き", "published": "公開", "cancelled": "中止", "finished": "終了"}[self.value]


class Audience(StrEnum):
    """Whom an event is for; also how attendance is counted."""

    RESIDENTS = "residents"
    STAFF = "staff"
    BOTH = "both"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"residents": "市民向け", "staff": "職員向け", "both": "市民・職員"}[self.value]


class Admission(StrEnum):
    """How places are given."""

    FIRST_COME = "first_come"
    APPROVAL = "approval"
    LOTTERY = "lottery"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"first_come": "先着順", "approval": "承認制", "lottery": "抽選"}[self.value]


class Phase(StrEnum):
    """What a visitor can do about an event now, worked out by rules.phase()."""

    SOON = "soon"
    OPEN = "open"
    FEW = "few"
    FULL = "full"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    FINISHED = "finished"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "soon": "受付前",
            "open": "受付中",
            "few": "残りわずか",
            "full": "キャンセル待ち受付中",
            "closed": "受付終了",
            "cancelled": "中止",
            "finished": "終了",
        }[self.value]

    @property
    def takes_applications(self) -> bool:
        """True while the form is open."""
        return self in {Phase.OPEN, Phase.FEW, Phase.FULL}


@dataclass(frozen=True, slots=True)
class VenueRow:
    """A place, as pages show it."""

    id: int
    name: str
    room: str
    address: str
    access: str
    parking: str
    barrier_free: str
    latitude: float | None
    longitude: float | None

    @property
    def full_name(self) -> str:
        """Name and room on one line."""
        return f"{self.name}　{self.room}" if self.room else self.name


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One dated meeting. `capacity` None: no limit was set; `seats_free` and `seats_left` then are None too.

    `by_arrival` is False where the organizer or a draw gives the places, so that nobody gets a seat by being early.
    `guest_places` of the seats may go to staff of other municipalities; `guests_taken` are asked for or given.
    `counts_as` is whom somebody counts as who is not asked. Of the seats `kept`, `held_back` are the organizer's, the
    others kept for audiences (`allotments`). What follows another meeting of a course (`lead_id`) shows its seats.
    """

    id: int
    label: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    seats_taken: int
    waiting: int
    sequence: int
    venue: VenueRow | None
    guest_places: int = 0
    guests_taken: int = 0
    by_arrival: bool = True
    counts_as: Category = Category.RESIDENT
    held_back: int = 0
    kept: int = 0
    allotments: tuple[AllotmentRow, ...] = ()
    lead_id: int | None = None
    meeting_no: int = 1

    @property
    def ledger_id(self) -> int:
        """The sitting whose registrations come to this one."""
        return self.lead_id or self.id

    @property
    def seats_free(self) -> int | None:
        """Seats that the organizer could give to a newcomer: see free_for()."""
        return self.free_for(self.counts_as)

    @property
    def seats_left(self) -> int | None:
        """Seats that a newcomer gets at once; None: no limit, or not given by arrival."""
        return self.left_for(self.counts_as)

    def free_for(self, category: Category) -> int | None:
        """Seats that a newcomer of an audience could be given: those kept for it, others only while nobody waits.

        None: no limit.
        """
        if self.capacity is None:
            return None
        own = sum(one.kept for one in self.allotments if one.category == category)
        return own if self.waiting else own + self.capacity - self.seats_taken - self.kept

    def left_for(self, category: Category) -> int | None:
        """Seats that a newcomer of an audience gets at once; None: no limit, or not given by arrival."""
        return self.free_for(category) if self.by_arrival else None

    @property
    def kept_now(self) -> tuple[AllotmentRow, ...]:
        """The audiences that seats are still kept for."""
        return tuple(one for one in self.allotments if one.released_at is None)

    @property
    def guests_left(self) -> int:
        """How many more staff of other municipalities may ask for a place."""
        return self.guest_places - self.guests_taken


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """Who speaks."""

    name: str
    affiliation: str
    title: str

    @property
    def text(self) -> str:
        """石原 達也（岡山NPOセンター 副代表理事）"""
        about = " ".join(part for part in (self.affiliation, self.title) if part)
        return f"{self.name}（{about}）" if about else self.name


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An entry of the programme with what stands below it."""

    kind: str
    title: str
    speakers: tuple[SpeakerRow, ...]
    items: tuple[AgendaRow, ...]


@dataclass(frozen=True, slots=True)
class HandoutRow:
    """A file that belongs to an event."""

    id: int
    title: str
    file_name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A question of an event. `retired`: no longer asked, but answered by some."""

    id: int
    question: Question
    retired: bool = False


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event with everything its page shows, read in a constant number of queries."""

    id: int
    slug: str
    series_slug: str
    series_title: str
    fiscal_year: int
    number: int | None
    title: str
    title_kana: str
    summary: str
    status: EventStatus
    audience: Audience
    audience_note: str
    admission: Admission
    section: str
    organizer: str
    contact_phone: str
    contact_fax: str
    contact_email: str
    opens_at: datetime | None
    closes_at: datetime | None
    fee: str
    bring: str
    purpose: str
    max_companions: int
    names_companions: Naming
    asks_district: bool
    asks_affiliation: bool
    asks_needs: bool
    asks_address: bool
    needs_by: datetime | None
    draw_waits: bool
    tickets_first_time: int
    tickets_in_city: int
    waiting_mode: WaitingMode
    large_parties: LargeParties
    declines_cancel: bool
    hands_on: bool
    announces: bool
    sittings_taken: SittingsTaken
    completed_after: int | None
    cancel_reason: str
    revision: int
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    sittings: tuple[SittingRow, ...]
    agenda: tuple[AgendaRow, ...]
    speakers: tuple[SpeakerRow, ...]
    handouts: tuple[HandoutRow, ...]
    asked: tuple[AskedRow, ...] = ()

    @property
    def offered(self) -> tuple[SittingRow, ...]:
        """The sittings that one applies for: of a course only the first, whose seats are those of all."""
        return tuple(sitting for sitting in self.sittings if sitting.lead_id is None)

    @property
    def is_course(self) -> bool:
        """Whether one application is for all sittings."""
        return self.sittings_taken is SittingsTaken.ALL

    def meetings_of(self, sitting_id: int) -> tuple[SittingRow, ...]:
        """The sittings that somebody comes to who has a place at this one, by date."""
        return tuple(sitting for sitting in self.sittings if sitting.ledger_id == sitting_id)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked beside name and contact, internal questions too."""
        return tuple(row.question for row in self.asked if not row.retired)

    @property
    def public_asked(self) -> tuple[AskedRow, ...]:
        """What applicants are or were asked themselves."""
        return tuple(row for row in self.asked if not row.question.internal)

    @property
    def takes_files(self) -> bool:
        """Whether a file is or was asked for."""
        return any(row.question.kind is Kind.FILE for row in self.asked)

    @property
    def full_title(self) -> str:
        """第1回 地域づくり研修会「地域の課題解決応援講座」; just the title where it names the series itself."""
        if self.title == self.series_title:
            return self.title
        number = f"第{self.number}回 " if self.number else ""
        return f"{number}{self.series_title}「{self.title}」"

    @property
    def shows_affiliation(self) -> bool:
        """Whether lists name where people come from: where it is asked, and where staff take part as such."""
        return self.asks_affiliation or self.audience is not Audience.RESIDENTS

    @property
    def asks_first_time(self) -> bool:
        """Whether applicants say if they take part for the first time: it gives them more tickets."""
        return self.admission is Admission.LOTTERY and self.tickets_first_time > 1

    @property
    def asks_in_city(self) -> bool:
        """Whether applicants say if they live, work or learn in the city: it gives them more tickets."""
        return self.admission is Admission.LOTTERY and self.tickets_in_city > 1

    @property
    def keeps_guest_places(self) -> bool:
        """Whether a sitting keeps places for staff of other municipalities; who has one keeps it, whatever changes."""
        return any(sitting.guest_places for sitting in self.sittings)

    @property
    def takes_guests(self) -> bool:
        """Whether staff of other municipalities ask for those places: not at an event for residents only."""
        return self.keeps_guest_places and self.audience is not Audience.RESIDENTS

    @property
    def starts_at(self) -> datetime | None:
        """Start of the first sitting."""
        return self.sittings[0].starts_at if self.sittings else None

    @property
    def ends_at(self) -> datetime | None:
        """End of the last sitting."""
        return max((s.ends_at for s in self.sittings), default=None)


class When(StrEnum):
    """Which part of the public list is shown."""

    UPCOMING = "upcoming"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What a visitor of the public list looks for. `month` reads 2026-06."""

    word: str = ""
    series: str = ""
    audience: Audience | None = None
    month: str = ""
    when: When = When.UPCOMING


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series, for filters and feeds."""

    id: int
    slug: str
    title: str
    description: str
    position: int = 0
