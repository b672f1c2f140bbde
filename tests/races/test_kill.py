"""Processes are killed at random under load. What was acknowledged stays, and everybody is told exactly once."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.delivery import queries as outbox
from app.delivery.models import OutboundMessage
from app.delivery.types import WAITING
from app.infra import tokens
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations.models import Registration
from app.registrations.types import Status
from tests.live import Installation, a_database, an_open_sitting, eventually
from tests.mail_sink import MailSink
from tests.processes import below
from tests.races.story import faults
from tests.visitor import Applicant, a_person, token_of

SECONDS = float(os.environ.get("KILL_SECONDS", "8"))
SEED = int(os.environ.get("KILL_SEED", "1"))
CLIENTS = 8
EVENTS = 4
SEATS = 15
# After the last kill: everybody gets an answer, and a dead worker's lease ends.
ANSWER_WITHIN = 90.0
DRAINED_WITHIN = 180.0

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def besieged(request, tmp_path_factory):
    """Everything under its supervisor, and the mail server it sends through."""
    folder = tmp_path_factory.mktemp("kill")
    with (
        a_database(request, folder) as url,
        MailSink(folder / "letters.jsonl") as sink,
        Installation(folder, url, mail_port=sink.port) as installation,
    ):
        installation.migrate()
        installation.everything()
        yield installation, sink


class Killer(threading.Thread):
    """Kills a web process, the web master or the mail worker, again and again."""

    def __init__(self, supervisor):
        super().__init__(daemon=True)
        self.supervisor = supervisor
        self.chance = random.Random(SEED)
        self.killed = Counter()
        self.done = threading.Event()

    def run(self):
        while not self.done.wait(self.chance.uniform(0.3, 1.5)):
            kind = self.chance.choice(["web process"] * 2 + ["web master"] + ["mail worker"] * 3)
            victims = self._victims()[kind]
            if victims:
                os.kill(self.chance.choice(victims), signal.SIGKILL)
                self.killed[kind] += 1

    def _victims(self):
        found = {"web process": [], "web master": [], "mail worker": []}
        for process in below(self.supervisor):
            if process.runs("app.worker"):
                found["mail worker"].append(process.pid)
            elif process.runs("app.server"):
                found["web master" if process.parent == self.supervisor else "web process"].append(process.pid)
        return found

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc):
        self.done.set()
        self.join(10)


class Client(threading.Thread):
    """Applies again and again; sends the same form until it is acknowledged. Every third place is given up again."""

    def __init__(self, port, slugs, number):
        super().__init__(daemon=True)
        self.port, self.slugs, self.number = port, slugs, number
        self.acknowledged, self.given_up, self.unanswered = [], [], []
        self.retries = 0
        self.done = threading.Event()
        self.until = float("inf")

    def run(self):
        turn = 0
        while not self.done.is_set():
            turn += 1
            self._one_person(self.number * 100_000 + turn, self.slugs[turn % len(self.slugs)], turn % 3 == 0)

    def finish(self):
        self.until = time.monotonic() + ANSWER_WITHIN
        self.done.set()

    def _one_person(self, number, slug, gives_up):
        with Applicant(self.port, timeout=20) as applicant:
            fields = self._insist(lambda: applicant.prepare(slug, a_person(number)))
            answer = fields and self._insist(lambda: self._answered(applicant.send(slug, fields)))
            if answer is None:
                self.unanswered.append(number)
                return
            token = token_of(answer.location)
            self.acknowledged.append((number, token))
            if gives_up:
                page = self._insist(lambda: applicant.get(f"/r/{token}/cancel/").hidden or None)
                if page and self._insist(lambda: self._answered(applicant.post(f"/r/{token}/cancel/", page))):
                    self.given_up.append(token)
                else:
                    self.unanswered.append(number)

    def _insist(self, act):
        """Do it until it works; None when that takes too long after the end."""
        while time.monotonic() < self.until:
            try:
                result = act()
            except (OSError, AssertionError):
                result = None
            if result is not None:
                return result
            self.retries += 1
            time.sleep(0.1)
        return None

    @staticmethod
    def _answered(answer):
        return answer if answer.status == 303 else None


@contextmanager
def clients_at_work(port, slugs):
    clients = [Client(port, slugs, n) for n in range(1, CLIENTS + 1)]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        for client in clients:
            client.finish()
        for client in clients:
            client.join(ANSWER_WITHIN + 60)


def test_what_was_acknowledged_survives_and_everybody_is_told_once(besieged, record_property):
    installation, sink = besieged
    with installation.inside():
        sittings = [an_open_sitting(capacity=SEATS) for _ in range(EVENTS)]
        slugs, ids = [event.slug for event, _ in sittings], [sitting.id for _, sitting in sittings]
    with clients_at_work(installation.port, slugs) as clients:
        with Killer(installation.parts[0].pid) as killer:
            time.sleep(SECONDS)
        started = time.monotonic()
        installation.wait_ready()
        record_property("answers again after the last kill, seconds", round(time.monotonic() - started, 1))
    drained = eventually(lambda: _waiting(installation) == 0, DRAINED_WITHIN, every=0.5)
    acknowledged = [one for client in clients for one in client.acknowledged]
    record_property("killed", dict(killer.killed))
    record_property("acknowledged, given up, retries", _figures(clients))
    record_property("letters, raw repeats among them", (len(sink.letters), _repeats(sink)))
    assert drained, (below(installation.parts[0].pid), installation.said())
    assert [number for client in clients for number in client.unanswered] == []
    assert len(acknowledged) >= CLIENTS
    assert min(killer.killed[kind] for kind in ("web process", "mail worker")) >= 1
    with installation.inside():
        assert _lost(acknowledged) == []
        assert _not_given_up([token for client in clients for token in client.given_up]) == []
        assert [fault for sitting_id in ids for fault in faults(sitting_id)] == []
        _everybody_was_told_once(sink)


def _waiting(installation):
    with installation.inside():
        counts = outbox.counts()
        return sum(counts[state] for state in WAITING)


def _figures(clients):
    return (
        sum(len(c.acknowledged) for c in clients),
        sum(len(c.given_up) for c in clients),
        sum(c.retries for c in clients),
    )


def _repeats(sink):
    return len(sink.letters) - len({letter.message_id for letter in sink.letters})


def _lost(acknowledged):
    """Who has an answer but no registration, or a registration under another address."""
    kept = dict(db.session.execute(sa.select(Registration.link_hash, Registration.email)).all())
    return [n for n, token in acknowledged if kept.get(tokens.fingerprint(token)) != f"p{n}@example.jp"]


def _not_given_up(given_up):
    statuses = dict(db.session.execute(sa.select(Registration.link_hash, Registration.status)).all())
    return [token for token in given_up if statuses[tokens.fingerprint(token)] is not Status.CANCELLED]


def _everybody_was_told_once(sink):
    """Each transition of the audit log has one message; each message's id, and no other, reached the mail server."""
    kinds = ("confirmed", "waitlisted", "promoted", "cancelled")
    acts = sa.select(AuditEntry.action, AuditEntry.object_id).where(AuditEntry.object_type == "registration")
    transitions = Counter(
        (action, f"registration:{who}")
        for action, who in db.session.execute(acts)
        if action.removeprefix("registration.") in kinds
    )
    rows = db.session.execute(
        sa.select(OutboundMessage.kind, OutboundMessage.thread, OutboundMessage.to_email, OutboundMessage.message_id)
    ).all()
    assert Counter((row.kind, row.thread) for row in rows) == transitions
    assert set(transitions.values()) == {1}
    assert {letter.message_id for letter in sink.letters} == {row.message_id for row in rows}
    # Seen from the mailbox: nobody has two different letters of one subject.
    of_subject = {(letter.recipient, letter.subject, letter.message_id) for letter in sink.letters}
    assert len(of_subject) == len(rows)
    assert max(Counter((to, subject) for to, subject, _id in of_subject).values()) == 1
