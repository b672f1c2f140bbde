"""What went wrong below: whether an error means "try again in a moment" rather than a mistake of ours."""

from __future__ import annotations

import errno
import sqlite3

import sqlalchemy.exc

# PostgreSQL: lock or statement timeout, deadlock, too many connections, shutdown, read-only standby, disk full.
_STATES = {"55P03", "57014", "40001", "40P01", "53100", "53200", "53300", "57P01", "57P02", "57P03", "25006"}
_SQLITE = {"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY"}


def is_passing(error: BaseException) -> bool:
    """True when the database is busy, full or unreachable, or the disk full: the same request may succeed later."""
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return True
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        return error.connection_invalidated or (error.orig is not None and is_passing(error.orig))
    if isinstance(error, sqlite3.OperationalError):
        name = getattr(error, "sqlite_errorname", "")
        return any(name.startswith(known) for known in _SQLITE)
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return _postgresql(error)


def _postgresql(error: BaseException) -> bool:
    state = getattr(error, "sqlstate", None)
    # A connection that cannot be opened has no SQLSTATE: psycopg.OperationalError says it by its class alone.
    unreachable = type(error).__name__ == "OperationalError" and state is None
    return unreachable or state in _STATES or (state or "").startswith("08")
