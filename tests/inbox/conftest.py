from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.inbox import mailbox
from app.infra.links import links
from app.registrations import queries
from config import Config
from tests.conftest import KEY
from tests.factories import NOW, a_sitting, an_event, apply_for
from tests.inbox.imap_server import CERTIFICATE, ImapServer, Store
from tests.inbox.letters import INVITED, Said


class Guest:
    """Somebody with a place whose calendar got an invitation."""

    def __init__(self, sitting=None, **details):
        self.sitting = sitting or a_sitting(capacity=1)
        self.token = apply_for(self.sitting, **{"email": INVITED, "phone": "+81864263107", **details}).token

    @property
    def row(self):
        return queries.by_token(self.token, now=NOW)

    @property
    def said(self) -> Said:
        return Said(f"{self.row.public_id}-1@{links.host}")

    @property
    def answer(self):
        reply = queries.reply_of(self.row.id)
        return reply and reply.answer


@pytest.fixture
def guest(app) -> Guest:
    return Guest()


@pytest.fixture
def hasty_guest(app) -> Guest:
    """As guest, at an event that takes a declined invitation for a cancellation."""
    return Guest(a_sitting(an_event(declines_cancel=True), capacity=1))


SOON = NOW + timedelta(days=2)


def clock() -> datetime:
    return SOON


def point_at(port: int, tmp_path) -> None:
    mailbox.mailbox.configure(
        Config(
            secret_keys=(KEY,),
            instance=tmp_path,
            mail_timeout=5,
            reply_address="henshin@example.jp",
            reply_imap_host="localhost",
            reply_imap_port=port,
            reply_imap_username="tsudoi",
            reply_imap_password="secret",
        )
    )


@pytest.fixture
def imap(app, tmp_path, monkeypatch):
    """A mailbox that the program looks into, on a server whose certificate it trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    store = Store()
    with ImapServer(store) as server:
        point_at(server.port, tmp_path)
        yield store
    mailbox.mailbox.host = None
