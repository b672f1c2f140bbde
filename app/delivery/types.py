"""Shapes that enter and leave the delivery room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.kernel.types import JSON


class State(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    LETTER = "letter"
    POSTED = "posted"
    CALL = "call"
    CALLED = "called"
    WITHDRAWN = "withdrawn"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "pending": "待機",
            "sending": "送信中",
            "sent": "送信済",
            "retry": "再送待ち",
            "failed": "失敗",
            "letter": "郵送待ち",
            "posted": "投函済",
            "call": "要電話連絡",
            "called": "電話連絡済",
            "withdrawn": "取りやめ",
        }[self.value]


WAITING = (State.PENDING, State.SENDING, State.RETRY)


class Outcome(StrEnum):
    """How one attempt ended. `lost`: the worker died meanwhile, so nobody knows whether the message left.

    The last three are of telephone calls: the person was told, nobody answered, somebody else took it down.
    """

    SENT = "sent"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    LOST = "lost"
    REACHED = "reached"
    ABSENT = "absent"
    LEFT_WORD = "left_word"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "sent": "送信済",
            "deferred": "一時的な失敗",
            "rejected": "宛先の拒否",
            "lost": "中断",
            "reached": "連絡済み",
            "absent": "不在",
            "left_word": "伝言",
        }[self.value]


# How a telephone call can end.
CALL_OUTCOMES = (Outcome.REACHED, Outcome.ABSENT, Outcome.LEFT_WORD)


class ReportKind(StrEnum):
    """What a mail server wrote back about a message after it had taken it (RFC 3464)."""

    RETURNED = "returned"
    DELAYED = "delayed"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"returned": "届かずに戻りました", "delayed": "配達が遅れています"}[self.value]


@dataclass(frozen=True, slots=True)
class Report:
    """A mail server's report. `status` as in RFC 3463, such as 5.1.1, or empty; `detail` without addresses."""

    kind: ReportKind
    status: str
    detail: str


class Method(StrEnum):
    """What a calendar object asks of the calendar that receives it (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one person.

    `kind` names its renderer; messages of one `thread` go out in the order they were written and answer one another.
    `payload` is all the renderer gets: JSON, without secret links. No e-mail address: it is printed and posted where
    `by_post` says that this can be, else somebody has to be called.
    A second message with the same `once` is not written. Nothing is sent before `due_at`.
    """

    kind: str
    thread: str
    to_name: str
    to_email: str | None
    payload: Mapping[str, JSON]
    once: str | None = None
    due_at: datetime | None = None
    by_post: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One VEVENT. Times are aware; `status` is CONFIRMED or CANCELLED; `partstat` as in RFC 5545, 3.2.12.

    `stamp_at` is the time of this revision (DTSTAMP), `geo` latitude and longitude. Without `organizer_email` the
    address from which mail is sent stands in.
    """

    uid: str
    sequence: int
    method: Method
    status: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    url: str
    organizer_name: str
    organizer_email: str | None
    attendee_name: str | None = None
    attendee_email: str | None = None
    partstat: str | None = None
    rsvp: bool = False
    created_at: datetime
    modified_at: datetime
    stamp_at: datetime
    geo: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class MailingList:
    """What a mail program needs to offer "unsubscribe". `name` begins the List-Id, below our host (RFC 2919).

    A POST to `url` ends the subscription (RFC 8058), and so does a mail with `subject` to our mailbox (RFC 2369).
    """

    name: str
    url: str
    subject: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along with a mail; it was looked at when it was uploaded (documents/sniffing.py)."""

    file_name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """How a message reads. `reply_to` is where an answer goes, `from_name` who writes (default: the installation).

    `mailing_list` is set for what people subscribe to, never for what concerns their registration.
    """

    subject: str
    text: str
    html: str
    calendar: CalendarEntry | None = None
    reply_to: str | None = None
    from_name: str | None = None
    mailing_list: MailingList | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt to send, or a telephone call. `code` is the SMTP reply, where there was one; `by` is who called."""

    number: int
    at: datetime
    outcome: Outcome
    code: int | None
    detail: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report of a mail server about one message."""

    at: datetime
    kind: ReportKind
    status: str
    detail: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as the organizer sees it; `title` says what it is about."""

    id: int
    kind: str
    title: str
    thread: str
    to_name: str
    to_email: str | None
    state: State
    attempts: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A message to somebody without e-mail, to be printed or read out: all that its renderer needs."""

    id: int
    kind: str
    title: str
    thread: str
    to_name: str
    payload: Mapping[str, JSON]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BatchRow:
    """Letters that are printed and posted together. Not posted yet: `posted_at` is None."""

    id: int
    topic: str
    letters: int
    made_at: datetime
    made_by: str
    posted_at: datetime | None
    posted_by: str


@dataclass(frozen=True, slots=True)
class MessageFilters:
    """Which messages are listed: those whose thread begins with `thread`, in one state."""

    thread: str = ""
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How delivery goes. `relay_down_since` is set while the mail server cannot be used, `relay_error` says why."""

    waiting: int
    oldest_waiting_at: datetime | None
    failed: int
    to_call: int
    last_sent_at: datetime | None
    relay_down_since: datetime | None
    relay_error: str
