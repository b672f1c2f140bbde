"""How the mail server does. While it cannot be used, one worker at a time knocks, and no message is to blame."""

from __future__ import annotations

import random
from datetime import datetime

import sqlalchemy as sa

from app.delivery.errors import NotDelivered
from app.delivery.models import MailRelay
from app.delivery.rules import relay_pause
from app.infra.db import db, insert_into, rows_changed, transaction


def may_connect(now: datetime) -> bool:
    """True when nothing is known against the server, or when it is time to knock again and this worker is first."""
    next_try_at = db.session.scalar(sa.select(MailRelay.next_try_at))
    db.session.rollback()
    if next_try_at is None:
        return True
    return next_try_at <= now and _take_turn(now)


@transaction
def went_down(reason: NotDelivered, *, patient: bool = False, now: datetime) -> None:
    """A connection led nowhere: nobody tries again for a while."""
    failures = (db.session.scalar(sa.select(MailRelay.failures)) or 0) + 1
    pause = relay_pause(failures, random.random(), patient=patient)  # noqa: S311 jitter, not a secret
    fresh = {"next_try_at": now + pause, "failures": failures, "error": reason.detail[:200]}
    row = insert_into(MailRelay).values(id=1, down_since=now, **fresh)
    db.session.execute(row.on_conflict_do_update(index_elements=["id"], set_=fresh))


def came_back() -> None:
    """A message was taken: the trouble is over."""
    known = db.session.scalar(sa.select(MailRelay.id))
    db.session.rollback()
    if known is not None:
        _forget_trouble()


@transaction
def _forget_trouble() -> None:
    db.session.execute(sa.delete(MailRelay))


@transaction
def _take_turn(now: datetime) -> bool:
    pause = relay_pause(1, random.random(), patient=False)  # noqa: S311 jitter, not a secret
    return rows_changed(sa.update(MailRelay).where(MailRelay.next_try_at <= now).values(next_try_at=now + pause)) == 1
