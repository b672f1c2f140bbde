"""People give their places up while others apply for them."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.events.models import Sitting
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations.models import Registration
from app.registrations.types import Status
from tests.factories import apply_for
from tests.live import an_open_sitting
from tests.races.crowd import all_at_once
from tests.races.story import faults
from tests.races.test_last_seats import an_applicant
from tests.visitor import Visitor

HOLDERS = 50
NEWCOMERS = 50
# Between two looks, so that those who look leave the processor to those who act: still hundreds of looks.
REST = 0.002

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


def a_quitter(port, token):
    """Opens the page that asks, then waits for the others before pressing the button."""

    def act(start):
        with Visitor(port) as visitor:
            path = f"/r/{token}/cancel/"
            fields = visitor.get(path).hidden
            visitor.hang_up()
            start()
            return visitor.post(path, fields).status, None

    return act


class Watcher(threading.Thread):
    """Looks at a sitting's seats again and again, from a connection of its own."""

    def __init__(self, url, sitting_id):
        super().__init__(daemon=True)
        self.engine = sa.create_engine(url)
        self.sitting_id = sitting_id
        self.seen = Counter()
        self.done = threading.Event()

    def run(self):
        held = (
            sa.select(sa.func.coalesce(sa.func.sum(1 + Registration.companions), 0))
            .where(Registration.sitting_id == self.sitting_id, Registration.status == Status.CONFIRMED)
            .scalar_subquery()
        )
        look = sa.select(Sitting.seats_taken, held).where(Sitting.id == self.sitting_id)
        with self.engine.connect() as connection:
            while not self.done.wait(REST):
                self.seen[tuple(connection.execute(look).one())] += 1
                connection.rollback()
        self.engine.dispose()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc):
        self.done.set()
        self.join(30)


def test_fifty_give_up_while_fifty_apply(installation):
    with installation.inside():
        event, sitting = an_open_sitting(capacity=HOLDERS)
        slug, sitting_id = event.slug, sitting.id
        holders = [apply_for(sitting_id, now=clock.now()).token for _ in range(HOLDERS)]
        for _ in range(10):
            apply_for(sitting_id, now=clock.now())
    acts = [a_quitter(installation.port, token) for token in holders]
    acts += [an_applicant(installation.port, slug, 1000 + n) for n in range(NEWCOMERS)]
    with Watcher(installation.database_url, sitting_id) as watcher:
        answers = all_at_once(acts)
    assert Counter(status for status, _receipt in answers) == {303: HOLDERS + NEWCOMERS}
    assert max(taken for taken, _held in watcher.seen) == HOLDERS
    assert {taken == held for taken, held in watcher.seen} == {True}
    with installation.inside():
        assert faults(sitting_id) == []
        told = sa.select(OutboundMessage.thread, OutboundMessage.kind, sa.func.count()).group_by(
            OutboundMessage.thread, OutboundMessage.kind
        )
        assert {n for _thread, _kind, n in db.session.execute(told)} == {1}


def test_giving_up_fifty_times_at_once_is_giving_up_once(installation):
    with installation.inside():
        sitting_id = an_open_sitting(capacity=1)[1].id
        token = apply_for(sitting_id, now=clock.now()).token
        registration = db.session.scalar(sa.select(Registration.id).filter_by(sitting_id=sitting_id))
        apply_for(sitting_id, now=clock.now())
        apply_for(sitting_id, now=clock.now())
    answers = all_at_once([a_quitter(installation.port, token)] * 50)
    assert Counter(status for status, _receipt in answers) == {303: 50}
    with installation.inside():
        assert faults(sitting_id) == []
        cancelled = sa.select(AuditEntry.id).filter_by(action="registration.cancelled", object_id=str(registration))
        assert len(db.session.scalars(cancelled).all()) == 1
        mails = sa.select(OutboundMessage.kind).filter_by(thread=f"registration:{registration}")
        assert Counter(db.session.scalars(mails)) == {"registration.confirmed": 1, "registration.cancelled": 1}
        statuses = sa.select(Registration.status).filter_by(sitting_id=sitting_id).order_by(Registration.id)
        assert list(db.session.scalars(statuses)) == [Status.CANCELLED, Status.CONFIRMED, Status.WAITLISTED]
