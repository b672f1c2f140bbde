"""An installation as it stands behind a server: no context open between requests, the clock at NOW."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.infra import clock
from app.infra.db import db
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, a_sitting, an_event


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes an application of its own: called twice, two processes of one installation."""
    with ExitStack() as made, clock.fixed(NOW):

        def make(**changes: Any) -> Flask:
            app = create_app(config_for(tmp_path, **changes))
            with app.app_context():
                make_tables()
                made.callback(db.engine.dispose)
            return app

        yield make


@pytest.fixture
def site(make_site: Callable[..., Flask]) -> Flask:
    return make_site()


@pytest.fixture(scope="module")
def quiet_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One installation for all tests of a module that store nothing."""
    app = create_app(config_for(tmp_path_factory.mktemp("quiet")))
    with app.app_context():
        make_tables()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def quiet_form(quiet_site: Flask) -> str:
    """The address of the form of its one event, 講座."""
    return form_of(quiet_site, title="講座")


@pytest.fixture
def quiet_visitor(quiet_site: Flask, quiet_form: str) -> Iterator[FlaskClient]:
    """A browser at NOW that looks and is refused."""
    with clock.fixed(NOW):
        yield quiet_site.test_client()


@pytest.fixture
def any_site(make_site: Callable[..., Flask], database_url: str) -> Flask:
    """Both databases, one after the other."""
    return make_site(database_url=database_url)


@pytest.fixture
def visitor(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def form(site: Flask) -> str:
    """The address of the form of an event with ten seats."""
    return form_of(site)


def form_of(site: Flask, *, capacity: int | None = 10, **changes: Any) -> str:
    """An event with one sitting; the address of its form."""
    with site.app_context():
        event = an_event(asks_affiliation=True, asks_district=True, **changes)
        a_sitting(event, capacity=capacity)
        return f"/events/{event.slug}/apply/"
