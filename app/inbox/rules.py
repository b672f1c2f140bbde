"""Whom an answer speaks for, and what it asks: pure decisions."""

from __future__ import annotations

import re

from app.delivery.headers import same_mailbox
from app.inbox.types import Attendee, Incoming, Scheduling
from app.registrations.types import Answer, Reply

# As app/registrations/invitation.py makes them: a registration has one place, for each meeting of a course one.
_UID = re.compile(r"([A-Za-z0-9_-]{8,24})-([1-9][0-9]?)@(.+)")
_ANSWERS = {"ACCEPTED": Answer.ACCEPTED, "TENTATIVE": Answer.TENTATIVE, "DECLINED": Answer.DECLINED}


def is_answer(scheduling: Scheduling | None) -> bool:
    """True for what attendees send to organizers."""
    return scheduling is not None and scheduling.method in {"REPLY", "COUNTER"}


def reply_of(mail: Incoming, scheduling: Scheduling, *, host: str) -> Reply | None:
    """The answer to one of our invitations that `mail` brings; None where it is none of ours, or says nothing.

    Raises LookupError where it speaks for somebody else than its sender: the From of a mail and the ATTENDEE of its
    object must be one (RFC 6047, 2.3), as far as the calendar names one.
    """
    uid = _UID.fullmatch(scheduling.uid)
    if uid is None or uid[3].casefold() != host.casefold():
        return None
    attendee = _speaking(mail.sender, scheduling)
    answer = _ANSWERS.get(attendee.partstat)
    delegates = attendee.delegates or attendee.partstat == "DELEGATED"
    unsupported = scheduling.method == "COUNTER" or delegates
    if answer is None and not unsupported:
        return None
    return Reply(
        public_id=uid[1],
        sender=mail.sender,
        answer=None if unsupported else answer,
        sequence=scheduling.sequence,
        stamp_at=scheduling.stamp_at,
        automatic=mail.automatic,
        meeting_no=int(uid[2]),
    )


def _speaking(sender: str, scheduling: Scheduling) -> Attendee:
    """The attendee that the sender is. A calendar that names nobody is believed about its one attendee."""
    attendees = scheduling.attendees
    if len(attendees) == 1 and attendees[0].address is None:
        return attendees[0]
    for one in attendees:
        if one.address is not None and same_mailbox(one.address, sender):
            return one
    raise LookupError("nobody whom the object speaks for sent it")
