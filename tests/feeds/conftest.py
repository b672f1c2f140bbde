"""Feeds are asked as programs ask them: no cookie, the clock at NOW, the address from the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.infra import clock
from app.infra.db import db
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW

BASE = "https://tsudoi.example.jp"


class Program(FlaskClient):
    """A calendar program or feed reader."""

    def open(self, *args, **more):
        return super().open(*args, **{"base_url": BASE, "buffered": True, **more})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(config_for(tmp_path, base_url=BASE))
    with app.app_context():
        make_tables()
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def program(site: Flask) -> Program:
    return Program(site, site.response_class)
