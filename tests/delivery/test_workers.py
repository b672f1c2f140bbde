"""Several workers, killed workers, stopped workers: every message leaves, none because of us twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time as real_time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app

from app import create_app
from app.delivery import leases, queries
from app.delivery.mailer import mailer
from app.delivery.sending import send_due
from app.delivery.types import Outcome, State
from app.infra import clock
from app.infra.db import db
from tests.conftest import KEY, config_for
from tests.databases import make_tables
from tests.delivery.kinds import NOW, a_message, write_down
from tests.delivery.servers import SinkServer

ROOT = Path(__file__).parents[2]


@contextmanager
def worker(config, port):
    environment = os.environ | {
        "SECRET_KEY": KEY,
        "DATABASE_URL": config.database_url,
        "QUEUE_URL": config.queue_url,
        "INSTANCE_PATH": str(config.instance),
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(port),
    }
    command = [sys.executable, "-m", "tests.delivery.worker_process"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(true, seconds=90):
    end = real_time.monotonic() + seconds
    while not true():
        db.session.rollback()
        assert real_time.monotonic() < end, "waited too long"
        real_time.sleep(0.02)


def ready(process):
    assert process.stdout.readline() == b"ready\n"


def open_app(folder, database_url):
    app = create_app(config_for(folder, database_url=database_url))
    context = app.app_context()
    context.push()
    make_tables()
    return app, context


@pytest.fixture
def house(tmp_path, database_url):
    app, context = open_app(tmp_path, database_url)
    yield app.config["TSUDOI"]
    db.session.remove()
    db.engine.dispose()
    context.pop()


def test_two_workers_at_once_send_each_message_once_and_stop_when_asked(house):
    with SinkServer() as server, worker(house, server.port) as one, worker(house, server.port) as two:
        ready(one), ready(two)
        rows = [
            row for n in range(24) for row in write_down(*(a_message(n * 5 + k) for k in range(5)), now=clock.now())
        ]
        wait_until(lambda: queries.counts()[State.SENT] >= len(rows))

        one.send_signal(signal.SIGTERM)
        two.send_signal(signal.SIGINT)
        assert one.wait(10) == 0
        assert two.wait(10) == 0

    assert set(Counter(server.sink.ids).values()) == {1}
    assert all([a.outcome for a in queries.one(row)[1]] == [Outcome.SENT] for row in rows)


def test_a_killed_worker_loses_nothing_and_repeats_only_what_it_held(house):
    with SinkServer() as server:
        rows = write_down(*(a_message(n) for n in range(110)), now=clock.now())
        with worker(house, server.port) as doomed:
            ready(doomed)
            wait_until(lambda: len(server.sink.received) >= 20)
            doomed.send_signal(signal.SIGKILL)
            doomed.wait()
        assert queries.counts()[State.SENDING] > 0

        later = clock.now() + timedelta(minutes=2)
        point_mailer_at(server.port)
        send_due(lambda: later)

    seen = Counter(server.sink.ids)
    assert len(seen) == len(rows)
    assert sum(seen.values()) - len(rows) <= 1
    assert {queries.one(row)[0].state for row in rows} == {State.SENT}
    lost = [row for row in rows if Outcome.LOST in [a.outcome for a in queries.one(row)[1]]]
    assert 0 < len(lost) <= 50


def point_mailer_at(port):
    """The mailer of this process uses the sink too."""
    current_app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=port)
    mailer.init_app(current_app)


def test_a_lease_is_not_taken_while_it_lasts(app, time):
    write_down(a_message(1), a_message(2))
    mine = leases.claim("me", until=time.now + timedelta(minutes=1), limit=1, now=time.now)

    theirs = leases.claim("them", until=time.now + timedelta(minutes=1), limit=5, now=time.now)
    assert {row.id for row in mine}.isdisjoint(row.id for row in theirs)
    assert leases.claim("us", until=time.now + timedelta(minutes=1), limit=5, now=time.now) == []


def test_a_result_that_comes_after_the_lease_ended_changes_nothing(app, time):
    write_down(a_message())
    (row,) = leases.claim("me", until=time.now + timedelta(minutes=1), limit=1, now=time.now)
    time.pass_(minutes=2)
    leases.take_back_expired(now=time.now)

    assert not leases.keep("me", [row.id], until=time.now + timedelta(minutes=1))
    leases.record("me", row, leases.Result(Outcome.REJECTED, "late"), started_at=NOW, now=time.now)

    assert queries.one(row.id)[0].state is State.RETRY
    assert [a.outcome for a in queries.one(row.id)[1]] == [Outcome.LOST]
