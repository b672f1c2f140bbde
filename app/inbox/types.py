"""Shapes of the inbox room: a mail as far as the program understands it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.delivery.types import Report

# A calendar's answer is a few kilobytes, a returned message with its original below 100 kB.
MOST_BYTES = 10 * 1024 * 1024


class Outcome(StrEnum):
    """What came of one mail. The first twelve are registrations' own words (Heard)."""

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
    RETURNED = "returned"
    DELAYED = "delayed"
    UNKNOWN_RETURN = "unknown_return"
    AUTOMATIC = "automatic"
    LETTER = "letter"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    REPEATED = "repeated"
    UNSUBSCRIBED = "unsubscribed"

    @property
    def for_people(self) -> bool:
        """True when the program could make nothing of the mail: somebody should look at it."""
        return self in {
            Outcome.STRANGER,
            Outcome.UNKNOWN,
            Outcome.UNKNOWN_RETURN,
            Outcome.LETTER,
            Outcome.UNREADABLE,
            Outcome.TOO_LARGE,
        }


@dataclass(frozen=True, slots=True)
class Attendee:
    """Whom a calendar object speaks for. `address` None: the calendar did not say (Apple's `invalid:nomail`)."""

    address: str | None
    partstat: str
    delegates: bool


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What of a calendar object matters here (RFC 5546). `method` and each `partstat` are in capitals."""

    method: str
    uid: str
    sequence: int
    stamp_at: datetime
    attendees: tuple[Attendee, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail server's report about something that was sent. `report` None: it is neither late nor lost."""

    message_ids: tuple[str, ...]
    report: Report | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail, read. `key` is the same whenever the same mail comes, `sender` the one address it is from, or empty.

    `automatic`: nobody may be written to because of it (RFC 3834, 2). `trouble` is set where nothing could be read.
    `unsubscribe` is the token of the subscription that the mail ends, or empty.
    """

    key: str
    size: int
    sender: str = ""
    automatic: bool = False
    scheduling: Scheduling | None = None
    returned: Returned | None = None
    unsubscribe: str = ""
    trouble: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a mail, and what it was about. `first`: what came of it before, where it is repeated."""

    outcome: Outcome
    registration_id: int | None = None
    message_id: int | None = None
    first: Outcome | None = None

    @property
    def for_people(self) -> bool:
        """True when somebody should look at the mail, however often it comes."""
        return (self.first or self.outcome).for_people


@dataclass(frozen=True, slots=True)
class MailboxHealth:
    """How looking into the mailbox goes. `failing_since` is set while it cannot be opened, `error` says why."""

    looked_at: datetime | None
    failing_since: datetime | None
    error: str
