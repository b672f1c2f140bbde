"""The web server: `python -m app.server HOST PORT PROCESSES [MODULE:NAME]`, by default of `wsgi:app`.

granian, with the application loaded once before its processes part. They share that memory, and a process that dies is
replaced at once; loading the application in each of them would take seconds in which a signal to stop is not heard.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.infra import db
from app.infra.jobs import jobs

DEFAULT = "wsgi:app"
# Views block on the database: a few threads a process, so that a slow one does not hold up the others.
THREADS = 4
BACKLOG = 2048
# Less than the supervisor's patience; a page takes at most the database's 30 s, and mostly milliseconds.
STOP_WITHIN = 20


def load(target: str) -> Flask:
    """The application `module:name`, ready to be carried over a fork."""
    module, _colon, name = target.partition(":")
    app: Flask = getattr(import_module(module), name)
    db.hang_up(app)
    jobs.hang_up()
    # What is loaded stays: the collector must not touch, and so copy, the pages that the processes share.
    gc.collect()
    gc.freeze()
    return app


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; requests that are being answered are finished."""
    host, port, processes, *target = sys.argv[1:]
    app = load(*target or [DEFAULT])
    server = Granian(
        target[0] if target else DEFAULT,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(processes),
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=lambda: app, wrap_loader=False)


if __name__ == "__main__":
    main()
