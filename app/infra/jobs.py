"""The task queue: it wakes workers and runs schedules. What must be done stands in the database, never here."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from app.infra.db import after_commit


@contextmanager
def _out_of_sight(drivers: Mapping[str, str]) -> Iterator[None]:
    """Let the drivers of other queues than QUEUE_URL's look as if they were not installed.

    huey loads every driver it finds: 25 MB of each process for Redis, 10 MB for PostgreSQL.
    """
    queue = os.environ.get("QUEUE_URL", "")
    hidden = [name for name, scheme in drivers.items() if not queue.startswith(scheme) and name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None makes `import` fail
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _out_of_sight({"redis": "redis", "psycopg": "postgresql"}):
    from huey import Huey, PostgresHuey, RedisHuey
    from huey.storage import SqliteStorage

log = logging.getLogger("tsudoi.jobs")


class Jobs:
    """Names of jobs and the queue that carries them. One a process."""

    def __init__(self) -> None:
        self.queue: Huey | None = None
        self._jobs: dict[str, Callable[[], None]] = {}
        self._run: Callable[[str], Any] | None = None

    def init_app(self, app: Flask) -> None:
        """Open the queue that QUEUE_URL names."""
        self.queue = _open(app.config["TSUDOI"].queue_url)
        self._run = self.queue.task(name="run")(self.run)

    def hang_up(self) -> None:
        """Close the connection that opening the queue has made: it must not be carried over a fork."""
        if self.queue is not None:
            self.queue.storage.close()

    def register(self, name: str, job: Callable[[], None]) -> None:
        """The worker says what `name` does. Jobs are idempotent: they look for work in the database."""
        self._jobs[name] = job

    def run(self, name: str) -> None:
        """Do the job (in the worker)."""
        self._jobs[name]()

    def wake(self, name: str) -> None:
        """Ask a worker to look for work now.

        A queue that does not answer must not undo what is already committed: the worker's own schedule finds the
        work within a minute, so the failure is logged and the caller goes on.
        """
        if self._run is None:
            raise RuntimeError("the queue is not open")
        try:
            self._run(name)
        except Exception:
            log.exception("queue unreachable, the schedule will find the work", extra={"job": name})


jobs = Jobs()


def wake_after_commit(name: str) -> None:
    """Wake a worker for `name` once the present transaction is durable."""
    after_commit(_wakers.setdefault(name, lambda: jobs.wake(name)))


_wakers: dict[str, Callable[[], None]] = {}


class _SqliteQueue(SqliteStorage):
    """NORMAL in WAL mode: a power cut may forget the last wake-ups, it cannot damage the file. FULL would wait for the
    disk a second time at each application.
    """

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def _open(url: str) -> Huey:
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return Huey("tsudoi", storage_class=_SqliteQueue, filename=url.removeprefix("sqlite:///"), results=False)
    if scheme.startswith("redis"):
        return RedisHuey("tsudoi", url=url, results=False)
    return PostgresHuey("tsudoi", dsn=url, results=False)
