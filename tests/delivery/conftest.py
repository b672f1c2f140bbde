from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from app import create_app
from app.infra.db import db
from tests.conftest import config_for
from tests.databases import make_tables
from tests.delivery.kinds import NOW
from tests.delivery.servers import SinkServer


class Time:
    """A clock that stands still until told otherwise."""

    def __init__(self):
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **duration) -> datetime:
        self.now += timedelta(**duration)
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def office(tmp_path):
    """Opens the application with a mail server at a port: `with office(port): …`."""

    @contextmanager
    def open_(port: int | None, **changes):
        server = {"mail_server": "127.0.0.1", "mail_port": port} if port else {}
        settings = {
            "base_url": "https://tsudoi.example.jp",
            "mail_sender": "つどい <tsudoi@example.jp>",
            "mail_timeout": 1.0,
            **server,
            **changes,
        }
        app = create_app(config_for(tmp_path, **settings))
        with app.app_context():
            make_tables()
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()

    return open_


@pytest.fixture
def sink(office):
    """The application and a mail server that takes everything."""
    with SinkServer() as server, office(server.port):
        yield server.sink
