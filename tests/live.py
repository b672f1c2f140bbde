"""A real installation for tests: its database, web processes behind granian, mail worker, started as in production."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.events.models import Event, Sitting
from app.infra import clock
from app.infra.db import db
from app.supervisor import web_command
from tests import factories
from tests.conftest import KEY, config_for
from tests.visitor import Visitor

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
# A shared machine under load needs long to import the application three times.
READY_WITHIN = 90.0
WORKER = [sys.executable, "-m", "app.worker"]


class Installation:
    """One installation in `folder`: web(), worker() or everything() start its parts, leaving the block ends them."""

    def __init__(self, folder: Path, database_url: str, *, mail_port: int | None = None, processes: int = 2) -> None:
        self.folder = folder
        self.database_url = database_url
        self.processes = processes
        self.port = free_port()
        self.base_url = f"http://{HOST}:{self.port}"
        self.environ = {
            "SECRET_KEY": KEY,
            "DATABASE_URL": database_url,
            "INSTANCE_PATH": str(folder),
            "BASE_URL": self.base_url,
            "RATELIMIT_ENABLED": "0",
            "MAIL_TIMEOUT": "2",
            "HOST": HOST,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(processes),
            **({"MAIL_SERVER": HOST, "MAIL_PORT": str(mail_port)} if mail_port else {}),
        }
        self.parts: list[subprocess.Popen[bytes]] = []
        folder.mkdir(parents=True, exist_ok=True)
        self.log = (folder / "processes.log").open("ab")
        # An application of our own, to arrange things and to look at the outcome.
        self.app = create_app(config_for(folder, database_url=database_url, base_url=self.base_url))

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        with self.app.app_context():
            db.engine.dispose()
        self.log.close()

    def migrate(self) -> None:
        """Give the empty database its tables, as `flask db upgrade` does."""
        with self.app.app_context():
            upgrade()

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """Look into the database, or use the rooms, in a fresh session."""
        with self.app.app_context():
            try:
                yield self.app
            finally:
                db.session.remove()

    def web(self, target: str = "wsgi:app") -> subprocess.Popen[bytes]:
        """The web server as in production; returns once it answers."""
        part = self._start([*web_command(HOST, self.port, self.processes), target])
        self.wait_ready()
        return part

    def worker(self) -> subprocess.Popen[bytes]:
        """The process that sends."""
        return self._start(WORKER)

    def everything(self) -> subprocess.Popen[bytes]:
        """The supervisor with all it looks after; returns once the web answers."""
        part = self._start([sys.executable, "-m", "app.supervisor"])
        self.wait_ready()
        return part

    def stop(self) -> None:
        """End every part politely, then whatever is left of its process group."""
        for part in self.parts:
            part.terminate()
        for part in self.parts:
            try:
                part.wait(40)
            finally:
                end_group(part.pid)
        self.parts.clear()

    def wait_ready(self) -> None:
        """Wait until the web answers. Raises AssertionError with the processes' own words."""
        eventually(lambda: self._answers() or self._died(), READY_WITHIN, every=0.1)
        assert self._answers(), self.said()

    def said(self) -> str:
        """The last words of all processes."""
        return (self.folder / "processes.log").read_text(encoding="utf-8", errors="replace")[-4000:]

    def _died(self) -> bool:
        return any(part.poll() is not None for part in self.parts)

    def _answers(self) -> bool:
        try:
            with Visitor(self.port) as visitor:
                return visitor.get("/healthz").status == 200
        except OSError:
            return False

    def settings(self) -> dict[str, str]:
        """The environment that a process of this installation starts with."""
        return {**_without_settings(), **self.environ}

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        part = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.settings(),
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.parts.append(part)
        return part


@contextmanager
def a_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """An empty database of the kind that `request.param` names, for as long as the block."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'tsudoi.db'}"
        return
    server = request.getfixturevalue("postgres")
    name = "live_" + "".join(c for c in folder.name if c.isalnum())
    root = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with root.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with root.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    root.dispose()


def an_open_sitting(**changes: Any) -> tuple[Event, Sitting]:
    """An event whose window is open by the real clock, with one sitting in ten days. Give `event` for its columns."""
    now = clock.now()
    window = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=5)}
    event = factories.an_event(**{**window, **changes.pop("event", {})})
    return event, factories.a_sitting(event, starts_at=now + timedelta(days=10), **changes)


def eventually(what: Callable[[], bool], within: float, *, every: float = 0.2) -> bool:
    """True as soon as `what()` is, False when that takes longer than `within` seconds."""
    until = time.monotonic() + within
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


def end_group(leader: int) -> None:
    """Kill what is left of a process group."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def free_port() -> int:
    """A TCP port nobody listens on."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def _without_settings() -> dict[str, str]:
    """Our own environment without what would configure the application."""
    ours = ("DATABASE_URL", "QUEUE_URL", "STORAGE_URL", "DEMO", "MAIL_", "METRICS", "PROXY_HOPS", "SECRET_KEY")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
