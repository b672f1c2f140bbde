"""Whether the service can do its work now: database, queue, migrations."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from app.infra.db import db
from app.infra.jobs import jobs

log = logging.getLogger("tsudoi.readiness")


def checks(migrations: Path) -> dict[str, bool]:
    """Each part by name, True when it works. `migrations` is the folder whose head the database must have reached."""
    return {
        "database": _works("database", _database),
        "queue": _works("queue", _queue),
        "migrations": _works("migrations", lambda: _migrations(migrations)),
    }


def queue_length() -> int:
    """Jobs waiting for a worker."""
    if jobs.queue is None:
        raise RuntimeError("the queue is not open")
    return int(jobs.queue.pending_count())


def _works(part: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        # Whatever a driver raises means the same here: not ready. The log says which part and why.
        log.exception("not ready", extra={"part": part})
        return False


def _database() -> bool:
    return bool(db.session.scalar(sa.select(sa.literal(1))) == 1)


def _queue() -> bool:
    return queue_length() >= 0


def _migrations(folder: Path) -> bool:
    head = (folder / ".current-alembic-head").read_text(encoding="ascii").partition("_")[0]
    table = sa.table("alembic_version", sa.column("version_num"))
    return list(db.session.scalars(sa.select(table.c.version_num))) == [head]
