"""Looking into the mailbox, once a minute, by whichever worker gets the turn; two at once do no harm."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.inbox import services
from app.inbox.errors import MailboxUnavailable
from app.inbox.mailbox import Visit, Waiting, mailbox
from app.inbox.models import ReplyMailbox
from app.inbox.types import MOST_BYTES, Taken
from app.infra.db import db, insert_into, transaction
from app.kernel.errors import Refusal

log = logging.getLogger("tsudoi.inbox")

BATCH = 200
# Between two looks after a refused password; other troubles are looked at again the next minute.
PATIENT_WAIT = timedelta(minutes=5)

Clock = Callable[[], datetime]


def look(clock: Clock) -> int:
    """Take in what lies in the mailbox and return how many mails were dealt with; 0 where none is configured."""
    if mailbox.host is None or not _may_look(clock()):
        return 0
    done = 0
    try:
        with mailbox.open() as visit:
            for mail in visit.waiting(BATCH):
                done += _deal_with(visit, mail, clock())
    except MailboxUnavailable as trouble:
        log.warning("mailbox cannot be used: %s", trouble.detail)
        _went_wrong(trouble, clock())
    else:
        _went_well(clock())
    return done


def _deal_with(visit: Visit, mail: Waiting, now: datetime) -> bool:
    """True when the mail is out of the way. One that cannot be taken in now must not hold up the others."""
    content = visit.content(mail)
    if content is None:
        return False
    try:
        taken = _taken(content, mail.size, now)
    except Refusal as later:
        log.info("mail is left for the next look", extra={"code": later.code})
        return False
    except sa.exc.OperationalError:
        raise  # the database is away for every mail alike; the next look finds them all again
    except Exception:
        log.exception("mail cannot be taken in", extra={"size": mail.size})
        return False
    if taken.for_people:
        visit.leave(mail)
    else:
        visit.put_away(mail)
    return True


def _taken(content: bytes, size: int, now: datetime) -> Taken:
    if size > MOST_BYTES:
        return services.take_headers(content, size, now=now)
    return services.take(content, now=now)


def _may_look(now: datetime) -> bool:
    next_look_at = db.session.scalar(sa.select(ReplyMailbox.next_look_at))
    db.session.rollback()
    return next_look_at is None or next_look_at <= now


@transaction
def _went_well(now: datetime) -> None:
    _write(looked_at=now, failing_since=None, error="", next_look_at=now)


@transaction
def _went_wrong(trouble: MailboxUnavailable, now: datetime) -> None:
    since = db.session.scalar(sa.select(ReplyMailbox.failing_since)) or now
    wait = PATIENT_WAIT if trouble.patient else timedelta(0)
    _write(failing_since=since, error=trouble.detail[:200], next_look_at=now + wait)


def _write(**values: object) -> None:
    row = insert_into(ReplyMailbox).values(id=1, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
