"""The application as it stands behind a server, for tests that come through the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.infra import clock
from app.infra.db import db
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()
