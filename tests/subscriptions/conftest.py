from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.infra.db import db
from app.subscriptions import services
from app.subscriptions.types import Choice
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW
from tests.staff import at

EVERY = Choice(every=True)
BEFORE = NOW - timedelta(days=30)


@dataclass(frozen=True)
class Mail:
    """A message of the outbox as it would read now; `text` empty where it would not be sent."""

    kind: str
    to: str
    text: str
    html: str = ""

    @property
    def path(self) -> str:
        """The first of our own addresses under /announcements/ in it."""
        return re.search(r"https?://[^/\s]+(/announcements/\S+)", self.text)[1]


def outbox() -> list[Mail]:
    """Everything that was written down, oldest first."""
    db.session.rollback()
    return [_read(row) for row in db.session.scalars(sa.select(OutboundMessage).order_by(OutboundMessage.id))]


def _read(row: OutboundMessage) -> Mail:
    if not rendering.is_wanted(row.kind, row.payload):
        return Mail(row.kind, row.to_email, "")
    mail = rendering.render(row.kind, row.payload)
    return Mail(row.kind, row.to_email, mail.text, mail.html)


def a_subscriber(email: str = "hanako@example.jp", choice: Choice = EVERY, *, now=BEFORE) -> str:
    """Somebody who asked and confirmed; the token of their secret link."""
    services.ask(email, choice, now=now)
    link = db.session.scalars(sa.select(OutboundMessage).order_by(OutboundMessage.id.desc())).first()
    with at(now):
        found = rendering.render(link.kind, link.payload).text
    return services.confirm(re.search(r"/confirm/([\w-]+)/", found)[1], now=now)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """The application as it stands behind a server: no context open between requests, rate limits on."""
    app = create_app(config_for(tmp_path, ratelimit=True))
    with app.app_context():
        make_tables()
    yield app
    with app.app_context():
        db.engine.dispose()
