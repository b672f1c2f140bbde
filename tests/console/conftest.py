"""An event of the own section on the day it is held, and staff who are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import services as accounts
from app.accounts.permissions import Role
from app.infra import clock
from app.infra.db import db
from app.kernel.types import SYSTEM
from tests.conftest import config_for
from tests.console.desk import THE_DAY, Desk, browser_of
from tests.databases import make_tables
from tests.factories import NOW, a_sitting, an_event
from tests.staff import a_person


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """The application as it stands behind a server: no context open between requests; it is the day of the sitting."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
    with clock.fixed(THE_DAY):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def desk(site: Flask) -> Desk:
    """A published event with one sitting today."""
    with site.app_context():
        event = an_event(asks_affiliation=True, asks_district=True)
        return Desk(site, event.id, a_sitting(event, starts_at=NOW + timedelta(days=10), capacity=400).id)


@pytest.fixture
def organizer(site: Flask) -> FlaskClient:
    """The browser of an organizer of the event's section."""
    a_person(site, Role.ORGANIZER)
    return browser_of(site, "organizer@city.example.jp")


@pytest.fixture
def helper(site: Flask, desk: Desk) -> FlaskClient:
    """The browser of a reception helper of the event."""
    user_id = a_person(site, Role.HELPER)
    with site.app_context():
        accounts.bind_helper(user_id, desk.event_id, by=SYSTEM, now=clock.now())
    return browser_of(site, "helper@city.example.jp")
