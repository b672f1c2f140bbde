"""The task queue: it wakes workers and runs schedules. What must be done stands in the database, never here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey

from app.infra.db import after_commit

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


def _open(url: str) -> Huey:
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return SqliteHuey("tsudoi", filename=url.removeprefix("sqlite:///"), results=False)
    if scheme.startswith("redis"):
        return RedisHuey("tsudoi", url=url, results=False)
    return PostgresHuey("tsudoi", dsn=url, results=False)
