"""Shapes that enter and leave the registrations room."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.events.audiences import Category
from app.events.types import Admission
from app.questions.party import NOTHING_ASKED, Answered


class Status(StrEnum):
    """Where a registration stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "pending": "承認待ち",
            "confirmed": "確定",
            "waitlisted": "キャンセル待ち",
            "offered": "繰上げ案内中",
            "declined": "不承認",
            "cancelled": "取消",
        }[self.value]

    @property
    def is_over(self) -> bool:
        """True once nothing more can happen to the registration."""
        return self in {Status.DECLINED, Status.CANCELLED}


class Channel(StrEnum):
    """How the application arrived. `imported`: in a file of another service."""

    WEB = "web"
    PHONE = "phone"
    FAX = "fax"
    COUNTER = "counter"
    POSTCARD = "postcard"
    IMPORTED = "imported"
    BODY = "body"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "web": "ウェブ",
            "phone": "電話",
            "fax": "FAX",
            "counter": "窓口",
            "postcard": "はがき",
            "imported": "取込み",
            "body": "団体の枠",
        }[self.value]


# Why an entry of the audit log about an application has no message beside it.
TOLD_ELSEWHERE = "told_elsewhere"
TOLD_TOGETHER = "told_together"


class Lot(StrEnum):
    """What the draw brought an entry. `withdrawn`: given up between the closing time and the draw."""

    WON = "won"
    WAITING = "waiting"
    LOST = "lost"
    WITHDRAWN = "withdrawn"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"won": "当選", "waiting": "キャンセル待ち", "lost": "落選", "withdrawn": "取消"}[self.value]


class OfferState(StrEnum):
    """Where an offer to swap stands. `lapsed`: one of the two has moved or given up the place, or time ran out."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class SeatOfferState(StrEnum):
    """Where an offer of a seat stands. `withdrawn`: the registration was given up, moved or called off meanwhile."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class CallOutcome(StrEnum):
    """What came of a call to somebody who waits for a seat, or was offered one."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"accepted": "参加", "declined": "辞退", "no_answer": "つながらない"}[self.value]


class Answer(StrEnum):
    """What somebody's calendar said to an invitation (PARTSTAT; RFC 5545, 3.2.12)."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"accepted": "出席", "tentative": "仮の予定", "declined": "辞退"}[self.value]


class Heard(StrEnum):
    """What came of a calendar's answer. `asked`: by mail, whether the place is given up; `noted`: and nothing more."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    ASKED = "asked"
    CANCELLED = "cancelled"
    NOTED = "noted"
    AGAIN = "again"
    OUTDATED = "outdated"
    TOO_LATE = "too_late"
    STRANGER = "stranger"
    UNKNOWN = "unknown"
    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer out of somebody's calendar (RFC 5546, 3.2.3). `sender` is who wrote the mail.

    `answer` None: it asks for something that is not offered, such as another time or somebody else in their place.
    `automatic`: no person pressed anything, and nobody may be written to because of it (RFC 3834). `meeting_no` is the
    meeting of a course that it is about.
    """

    public_id: str
    sender: str
    answer: Answer | None
    sequence: int
    stamp_at: datetime
    automatic: bool = False
    meeting_no: int = 1


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """The last answer of a calendar to one registration's invitation."""

    answer: Answer
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Needs:
    """What somebody needs to take part; kept apart from the registration and shown to few."""

    sign_language: bool = False
    captioning: bool = False
    wheelchair: bool = False
    childcare: bool = False
    note: str = ""

    def __bool__(self) -> bool:
        return self.sign_language or self.captioning or self.wheelchair or self.childcare or bool(self.note)

    @property
    def words(self) -> tuple[str, ...]:
        """The words on the screen; never printed on a roster."""
        asked = (
            (self.sign_language, "手話通訳"),
            (self.captioning, "要約筆記"),
            (self.wheelchair, "車いす席"),
            (self.childcare, "託児"),
            (bool(self.note), self.note),
        )
        return tuple(word for wanted, word in asked if wanted)


@dataclass(frozen=True, slots=True)
class Member:
    """A named person of a party, already cleaned; reading and note may be empty."""

    name: str
    kana: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What a person says of themselves, already cleaned. `phone` is E.164; e-mail or phone is present.

    Who has no e-mail address may give a postal one: `address` of one or two lines, `postcode` of seven digits or none.
    `first_time` and `in_city` give more tickets where an event draws its places and says so. `answered` are answers to
    the event's own questions on their way in; answering reads them. `party` names those who come along; None: nothing
    was said of them, and they stay as they are.
    """

    name: str
    kana: str
    email: str | None
    phone: str | None
    companions: int = 0
    district: str = ""
    affiliation: str = ""
    category: Category = Category.RESIDENT
    needs: Needs = field(default_factory=Needs)
    postcode: str = ""
    address: str = ""
    first_time: bool = False
    in_city: bool = False
    answered: Answered = NOTHING_ASKED
    party: tuple[Member, ...] | None = None

    @property
    def seats(self) -> int:
        """Seats asked for: the applicant and the companions."""
        return 1 + self.companions


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody asks for. `submission_id` is the one-time key of the form that was sent.

    `municipality` is set for staff of another municipality, who ask for one of the places kept for guests; `approved`
    where the organizer who enters it for them gives the seat at once. `from_held_back`: on a seat that the organizer
    kept in hand, past the queue. `told_elsewhere`: the service where they applied has answered them, and nothing is
    sent about the application itself. `sign_up` ties it to those for other sittings that are made with it; they are
    answered together.
    """

    sitting_id: int
    details: Details
    submission_id: str
    channel: Channel = Channel.WEB
    municipality: str = ""
    approved: bool = False
    from_held_back: bool = False
    told_elsewhere: bool = False
    sign_up: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What the applicant got. `position` is the place in the waiting line (1 is next), None when confirmed."""

    reference: str
    status: Status
    token: str
    position: int | None


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One registration as its owner or the organizer sees it. `position` counts from 1 among those who wait.

    `municipality` is set for staff of other municipalities only, who ask for one of the places kept for them.
    `substitute` is the name of the colleague who comes instead, empty where nobody does. `cancel_reason` also says why
    it was declined. `sign_up` ties it to those for other sittings that were made with it.
    """

    id: int
    public_id: str
    event_id: int
    event_slug: str
    event_title: str
    sitting_id: int
    sitting_label: str
    starts_at: datetime
    ends_at: datetime
    reference: str
    status: Status
    channel: Channel
    details: Details
    position: int | None
    possible_duplicate: bool
    applied_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str
    note: str
    sequence: int
    updated_at: datetime
    version: int
    municipality: str = ""
    substitute_id: int | None = None
    substitute: str = ""
    admission: Admission = Admission.FIRST_COME
    sign_up: str | None = None

    @property
    def drawn(self) -> bool:
        """True where a draw decides about it; guests are answered by the organizer everywhere."""
        return self.admission is Admission.LOTTERY and not self.municipality

    @property
    def word(self) -> str:
        """Where it stands, on the screen."""
        drawn = {Status.PENDING: "抽選待ち", Status.DECLINED: "落選"} if self.drawn else {}
        return drawn.get(self.status, self.status.word)

    @property
    def reference_text(self) -> str:
        """1234-5678, as read over the phone."""
        return f"{self.reference[:4]}-{self.reference[4:]}"


@dataclass(frozen=True, slots=True)
class SwapSide:
    """One of the two who may swap, and the sitting they have."""

    registration_id: int
    name: str
    affiliation: str
    sitting_id: int
    sitting_label: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SwapRow:
    """An offer that can still be answered: `giver` proposed it, `taker` is asked."""

    id: int
    event_slug: str
    giver: SwapSide
    taker: SwapSide
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Filters:
    """What the organizer's list shows. `by_contacts`: the word is looked for in addresses and numbers, too."""

    event_id: int
    sitting_id: int | None = None
    status: Status | None = None
    word: str = ""
    duplicates_only: bool = False
    by_contacts: bool = True
