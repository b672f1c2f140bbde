"""`flask mail receive`: one message from a mail server's pipe, and an exit status that it understands."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from app.inbox import queries, services
from app.inbox.types import MOST_BYTES, Outcome
from app.infra.db import db
from tests.conftest import KEY
from tests.delivery.servers import free_port
from tests.factories import NOW
from tests.inbox.letters import INVITED, REPLIES, letter, outlook

ROOT = Path(__file__).parents[2]


class Pipe:
    """What a mail server does with a pipe transport: run the command for each message, and answer by its status."""

    def __init__(self, config):
        self.environment = os.environ | {
            "SECRET_KEY": KEY,
            "DATABASE_URL": config.database_url,
            "INSTANCE_PATH": str(config.instance),
        }

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 aiosmtpd's name
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "receive"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, input=envelope.content, capture_output=True)
        return {0: "250 OK", os.EX_TEMPFAIL: "451 later"}.get(done.returncode, "554 never")


def test_a_mail_servers_pipe_takes_in_what_arrives_by_smtp(guest, app):
    said = guest.said.but(partstat="TENTATIVE", stamp="20260601T000000Z")
    controller = Controller(
        Pipe(app.config["TSUDOI"]), hostname="127.0.0.1", port=free_port(), data_size_limit=2 * MOST_BYTES
    )
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", controller.port, timeout=120) as server:
            server.sendmail(INVITED, [REPLIES], outlook(said))
    finally:
        controller.stop()
    db.session.rollback()  # what another process wrote is looked at afresh
    # The command runs by the real clock, for which the sitting of the tests is over or still ahead.
    assert sum(queries.counts().values()) == 1
    assert {*queries.counts()} <= {Outcome.TENTATIVE, Outcome.TOO_LATE}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (letter(), os.EX_OK),
        (b"\x00\xff", os.EX_OK),
        (b"", os.EX_DATAERR),
        (letter("x" * MOST_BYTES), os.EX_DATAERR),
    ],
)
def test_the_exit_status_says_what_became_of_the_message(app, content, status):
    assert app.test_cli_runner().invoke(args=["mail", "receive"], input=content).exit_code == status


def test_a_message_that_cannot_be_taken_in_now_comes_again(app, monkeypatch):
    monkeypatch.setattr(services, "take", lambda raw, now: 1 / 0)
    assert app.test_cli_runner().invoke(args=["mail", "receive"], input=letter()).exit_code == os.EX_TEMPFAIL
    assert queries.counts() == {}


def test_the_operator_sees_what_arrived(app):
    services.take(letter(), now=NOW)
    shown = app.test_cli_runner().invoke(args=["mail", "status"]).output
    assert "受信 letter\t1" in shown
    assert "REPLY_ADDRESS" in shown
