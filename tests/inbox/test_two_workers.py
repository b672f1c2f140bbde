"""Two workers look into the same mailbox at the same moment, on each database."""

from __future__ import annotations

import threading

import pytest

from app.inbox import queries
from app.inbox.looking import look
from app.inbox.types import Outcome
from app.infra.db import db
from tests.inbox.conftest import clock
from tests.inbox.letters import google, letter


@pytest.fixture
def app(any_app):
    """Both databases, in all tests of this file."""
    return any_app


def test_two_workers_take_each_mail_once(imap, app, guest):
    said = guest.said
    stamps = [f"20260602T0000{n:02}Z" for n in range(20)]
    imap.deliver(*(google(said.but(stamp=stamp, partstat="TENTATIVE")) for stamp in stamps), letter())
    together = threading.Barrier(2)

    def work():
        with app.app_context():
            together.wait(10)
            look(clock)
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    db.session.rollback()  # what the others wrote is looked at afresh
    assert sum(queries.counts().values()) == 21
    assert queries.counts()[Outcome.TENTATIVE] == 1
    assert imap.flags("INBOX") == [{r"\Flagged"}]
