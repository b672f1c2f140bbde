"""What a calendar answers to an invitation: steps of the verb that takes in mail. They lock; they never commit.

Only the person who was invited is heard, and only about the invitation as it stands (RFC 5546, 2.1.5 and 3.2.3).
"""

from __future__ import annotations

from datetime import datetime

from app.delivery.headers import same_mailbox
from app.events.choices import SittingsTaken
from app.events.models import Event, Sitting
from app.infra import audit
from app.infra.db import db
from app.kernel.types import RESIDENT
from app.registrations import messages, places, queries
from app.registrations.cancelling import give_back
from app.registrations.models import CalendarReply, Registration
from app.registrations.rules import is_outdated
from app.registrations.types import Answer, Heard, Reply

REASON = "カレンダーで辞退の返信があったため"


def hear(reply: Reply, *, now: datetime) -> tuple[Heard, int | None]:
    """Note what a calendar answered; a declined place is asked about, or given up where the organizer chose so.

    Returns what came of it, and the registration where there is one. Nothing changes for a stranger, for what is
    outdated or over. Raises ChangedMeanwhile.
    """
    registration_id = queries.by_public_id(reply.public_id)
    if registration_id is None:
        return Heard.UNKNOWN, None
    registration, sitting = places.locked(registration_id)
    return _heard(registration, sitting, reply, now), registration_id


def _heard(registration: Registration, sitting: Sitting, reply: Reply, now: datetime) -> Heard:
    if not registration.email or not same_mailbox(reply.sender, registration.email):
        return Heard.STRANGER
    if reply.meeting_no > 1:
        return _of_one_meeting(registration, reply, now)
    if registration.status.is_over or registration.attended or sitting.starts_at <= now:
        return Heard.TOO_LATE
    if reply.answer is None:
        return _explain(registration, reply, now)
    before = db.session.get(CalendarReply, registration.id)
    seen = (before.sequence, before.stamp_at) if before else None
    if is_outdated(reply.sequence, reply.stamp_at, invitation=registration.sequence, seen=seen):
        return Heard.OUTDATED
    new = before is None or (before.answer, before.sequence) != (reply.answer, registration.sequence)
    row = before or CalendarReply(registration_id=registration.id)
    # A calendar that counts or dates ahead must not make all its later answers look old.
    row.answer, row.sequence, row.stamp_at = reply.answer, registration.sequence, min(reply.stamp_at, now)
    row.received_at = now
    db.session.add(row)
    if not new:
        return Heard.AGAIN
    audit.record(f"registration.reply_{reply.answer.value}", "registration", registration.id, by=RESIDENT, at=now)
    if reply.answer is Answer.DECLINED:
        return _declined(registration, sitting, reply, now)
    return Heard(reply.answer.value)


def _of_one_meeting(registration: Registration, reply: Reply, now: datetime) -> Heard:
    """A later meeting of a course: the place in the course stays, whatever the calendar says of one evening."""
    if registration.status.is_over:
        return Heard.TOO_LATE
    if reply.answer is Answer.DECLINED:
        fields = [f"meeting={reply.meeting_no}"]
        audit.record("registration.reply_declined", "registration", registration.id, by=RESIDENT, at=now, fields=fields)
    return Heard.NOTED


def _declined(registration: Registration, sitting: Sitting, reply: Reply, now: datetime) -> Heard:
    if reply.automatic:
        return Heard.NOTED
    event = db.session.get_one(Event, registration.event_id)
    # Who cannot come to the first meeting of a course may still want the others.
    if event.declines_cancel and event.sittings_taken is not SittingsTaken.ALL:
        give_back(registration, sitting, REASON, by=RESIDENT, now=now)
        return Heard.CANCELLED
    messages.reply_declined(registration, now=now)
    return Heard.ASKED


def _explain(registration: Registration, reply: Reply, now: datetime) -> Heard:
    if reply.automatic:
        return Heard.UNEXPLAINED
    messages.reply_unsupported(registration, now=now)
    return Heard.EXPLAINED
