"""The mail server is in trouble, the office works on: nobody waits for it, and everything goes out afterwards."""

from __future__ import annotations

import time
from statistics import median

import pytest
import sqlalchemy as sa

from app.delivery import queries as outbox
from app.delivery import relay
from app.delivery.models import OutboundMessage
from app.delivery.types import WAITING, MessageFilters, State
from app.infra.db import db
from tests.live import Installation, a_database, an_open_sitting, eventually
from tests.mail_sink import MailSink, Mood
from tests.visitor import Applicant, a_person

PEOPLE = 15
# What a sign-up may take while the mail server is in trouble, measured by what it took just before. Waiting for the
# server even once, the least that MAIL_TIMEOUT allows, would be a hundred times as long.
SLOWER_AT_MOST = 5
# The server is left alone for half a minute at most, and messages that were deferred wait longer each time.
SENT_WITHIN = 150.0

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request, tmp_path_factory):
    """Web, worker and the mail server they use."""
    folder = tmp_path_factory.mktemp("smtp")
    with (
        a_database(request, folder) as url,
        MailSink(folder / "letters.jsonl") as sink,
        Installation(folder, url, mail_port=sink.port) as installation,
    ):
        installation.migrate()
        with installation.inside():
            slug = an_open_sitting(capacity=1000)[0].slug
        installation.web()
        installation.worker()
        yield installation, sink, slug


def sign_ups(installation, slug, first):
    """Apply for `PEOPLE` one after the other; returns the median of seconds a complete sign-up."""
    seconds = []
    for number in range(first, first + PEOPLE):
        start = time.monotonic()
        with Applicant(installation.port) as applicant:
            applicant.apply(slug, a_person(number))
        seconds.append(time.monotonic() - start)
    return median(seconds)


def everything_sent(installation):
    with installation.inside():
        counts = outbox.counts()
        return sum(counts[state] for state in WAITING) == 0


def in_trouble(installation, sink, mood):
    """The worker has met this trouble."""
    with installation.inside():
        return bool(sink.visits[mood]) or outbox.health().relay_down_since is not None


def forget_trouble(installation):
    """Let the worker knock at once, instead of leaving the server alone for a while."""
    with installation.inside():
        relay.came_back()


def test_trouble_with_the_mail_server_slows_no_sign_up_and_loses_no_mail(office, record_property):
    installation, sink, slug = office
    sign_ups(installation, slug, 0)
    slower = {}
    for turn, mood in enumerate([Mood.REFUSING, Mood.TAR_PIT, Mood.BUSY, Mood.FORGETFUL], start=1):
        sink.feel(Mood.WELL)
        forget_trouble(installation)
        before = sign_ups(installation, slug, turn * 1000)
        sink.feel(mood)
        sign_ups(installation, slug, turn * 1000 + 300)
        assert eventually(lambda mood=mood: in_trouble(installation, sink, mood), 30)
        slower[mood.name] = round(sign_ups(installation, slug, turn * 1000 + 600) / before, 2)
    record_property("a sign-up's median, as a ratio to that before the trouble", slower)
    sink.feel(Mood.WELL)
    back = time.monotonic()
    sent = eventually(lambda: everything_sent(installation), SENT_WITHIN, every=0.5)
    record_property("everything sent after the server's return, seconds", round(time.monotonic() - back, 1))
    assert max(slower.values()) < SLOWER_AT_MOST
    with installation.inside():
        rows = db.session.execute(sa.select(OutboundMessage.message_id, OutboundMessage.state)).all()
        assert sent, outbox.health()
        assert {row.state for row in rows} == {State.SENT}
        assert {letter.message_id for letter in sink.letters} == {row.message_id for row in rows}
        assert outbox.health().relay_down_since is None


def test_an_address_that_is_refused_for_good_is_shown_and_holds_up_nobody(office):
    installation, sink, slug = office
    sink.feel(Mood.REJECTING)
    with Applicant(installation.port) as applicant:
        applicant.apply(slug, a_person(9001))
    with installation.inside():
        assert eventually(lambda: outbox.counts()[State.FAILED] == 1 or db.session.rollback(), 60)
    sink.feel(Mood.WELL)
    with Applicant(installation.port) as applicant:
        applicant.apply(slug, a_person(9002))
    assert eventually(lambda: "p9002@example.jp" in {letter.recipient for letter in sink.letters}, 60)
    with installation.inside():
        shown = outbox.listing(MessageFilters(state=State.FAILED)).rows
        assert [(row.to_email, "550" in row.last_error) for row in shown] == [("p9001@example.jp", True)]
        assert outbox.health().failed == 1
