"""Taking in one mail: the verb behind the mailbox and the pipe. A mail is taken once, however often it comes."""

from __future__ import annotations

import logging
from datetime import datetime

import sqlalchemy as sa

from app.delivery import returns
from app.delivery.types import ReportKind
from app.inbox import reading
from app.inbox.models import TakenMail
from app.inbox.rules import is_answer, reply_of
from app.inbox.types import Incoming, Outcome, Returned, Scheduling, Taken
from app.infra.db import db, insert_into, transaction
from app.infra.links import links
from app.registrations import replies, unreached
from app.subscriptions import steps as subscriptions

log = logging.getLogger("tsudoi.inbox")


def take(raw: bytes, *, now: datetime) -> Taken:
    """Take in the mail of these bytes and log one line, without whatever stands in it.

    Raises ChangedMeanwhile where the place was just being moved, and what the database raises: nothing was taken then.
    """
    return _logged(reading.read(raw), now)


def take_headers(raw: bytes, size: int, *, now: datetime) -> Taken:
    """The same for a mail of `size` bytes that is too large to be read: `raw` is its beginning, with the headers."""
    return _logged(reading.read_headers(raw, size), now)


def _logged(mail: Incoming, now: datetime) -> Taken:
    taken = _take(mail, now)
    about = {"registration": taken.registration_id, "row": taken.message_id}
    log.info("mail taken in", extra={"outcome": taken.outcome.value, "size": mail.size, **about})
    return taken


@transaction
def _take(mail: Incoming, now: datetime) -> Taken:
    # The key is written first: of two workers with the same mail, one waits here and then finds it taken.
    fresh = {"key": mail.key, "outcome": Outcome.LETTER, "size": mail.size, "taken_at": now}
    row = insert_into(TakenMail).values(**fresh).on_conflict_do_nothing(index_elements=["key"])
    number = db.session.execute(row.returning(TakenMail.id)).scalar_one_or_none()
    if number is None:
        first = db.session.scalar(sa.select(TakenMail.outcome).where(TakenMail.key == mail.key))
        return Taken(Outcome.REPEATED, first=first)
    taken = _made_of(mail, now)
    db.session.execute(sa.update(TakenMail).where(TakenMail.id == number).values(outcome=taken.outcome))
    return taken


def _made_of(mail: Incoming, now: datetime) -> Taken:
    if mail.trouble is not None:
        return Taken(mail.trouble)
    if mail.returned is not None:
        return _returned(mail.returned, now)
    if mail.unsubscribe:
        subscriptions.end(mail.unsubscribe, now=now)
        return Taken(Outcome.UNSUBSCRIBED)
    if mail.scheduling is not None and is_answer(mail.scheduling):
        return _answer(mail, mail.scheduling, now)
    return Taken(Outcome.AUTOMATIC if mail.automatic else Outcome.LETTER)


def _answer(mail: Incoming, scheduling: Scheduling, now: datetime) -> Taken:
    try:
        reply = reply_of(mail, scheduling, host=links.host)
    except LookupError:
        return Taken(Outcome.STRANGER)
    if reply is None:
        return Taken(Outcome.UNKNOWN)
    heard, registration_id = replies.hear(reply, now=now)
    return Taken(Outcome(heard.value), registration_id)


def _returned(returned: Returned, now: datetime) -> Taken:
    if returned.report is None:
        return Taken(Outcome.AUTOMATIC)
    noted = returns.note(returned.message_ids, returned.report, now=now)
    if noted is None:
        return Taken(Outcome.UNKNOWN_RETURN)
    if noted.failed and unreached.can_be_called(noted.thread, noted.to_email, now=now):
        returns.put_on_call_list(noted.id)
    outcome = Outcome.RETURNED if returned.report.kind is ReportKind.RETURNED else Outcome.DELAYED
    if outcome is Outcome.RETURNED:
        subscriptions.rest(noted.thread, returned.report.status, now=now)
    return Taken(outcome, message_id=noted.id)
