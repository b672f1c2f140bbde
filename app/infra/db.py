"""The database: names of constraints, UTC timestamps, and one transaction a verb."""

from __future__ import annotations

import fcntl
import functools
import math
import select
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

P = ParamSpec("P")
R = TypeVar("R")

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_writer = threading.Lock()
_RETURNED = "tsudoi.returned"
# Seconds after which a connection is asked whether it still leads anywhere.
LONG_REST = 30.0


class Base(DeclarativeBase):
    """All tables. Every constraint has a predictable name, so that a violated one can be told from another."""

    metadata = sa.MetaData(
        naming_convention={
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware datetimes, stored in UTC; a naive one is refused with ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To the database: UTC; without zone where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """From the database: aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum], name: str, length: int = 16) -> sa.Enum:
    """A column of the words of `kind`, stored as they read; a CHECK called after `name` refuses all others."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=length,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


def transaction(verb: Callable[P, R]) -> Callable[P, R]:
    """Commit when `verb` returns, roll back when it raises; callbacks of after_commit() run after the commit.

    Verbs do not call verbs: a nested one raises RuntimeError. What was read before the verb is forgotten, so a
    decision is never taken on an older snapshot.
    """

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _writing.get():
            raise RuntimeError(f"{verb.__name__} called inside another transaction")
        db.session.rollback()
        mark = _writing.set(True)
        try:
            with _turn_to_write(db.engine.url):
                result, callbacks = _carry_out(lambda: verb(*args, **kwargs))
        finally:
            _writing.reset(mark)
        for callback in callbacks:
            callback()
        return result

    return run


def _carry_out(verb: Callable[[], R]) -> tuple[R, list[Callable[[], None]]]:
    try:
        result = verb()
        callbacks = db.session.info.pop("after_commit", [])
        db.session.commit()
    except BaseException:
        db.session.info.pop("after_commit", None)
        db.session.rollback()
        raise
    return result, callbacks


@contextmanager
def _turn_to_write(url: sa.URL) -> Iterator[None]:
    """SQLite has one writer a file, and whoever finds it busy sleeps and tries again, up to a tenth of a second.

    Threads and processes rather queue at a lock of the kernel's, which wakes the next at once and outlives nobody.
    """
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    with _writer, open(f"{url.database}-turn", "ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@contextmanager
def in_one_go() -> Iterator[None]:
    """A long row of verbs whose result is loaded again if it is lost: SQLite waits for the disk once, at the end.

    A power cut in between may take the newest of them; the file stays sound.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    db.session.remove()
    _ask_sqlite("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        db.session.remove()
        # Connections made from now on wait for the disk again, the first of them for all that was written.
        db.engine.dispose()
        _ask_sqlite("PRAGMA wal_checkpoint(TRUNCATE)")


def _ask_sqlite(statement: str) -> None:
    """Outside a transaction, on the connection that the pool gives out next."""
    with db.engine.connect() as connection:
        cast("Any", connection.connection.driver_connection).execute(statement)


def run(statement: sa.Executable, values: Mapping[str, Any] | None = None) -> sa.CursorResult[Any]:
    """Run a statement about tables in the present transaction, past the session: a third of the cost, and no objects.

    What the session was told to add or change but has not written yet is not seen.
    """
    return db.session.connection().execute(statement, values)


def insert_into(table: type[Base]) -> Any:
    """An INSERT that knows ON CONFLICT; SQLAlchemy has one for each dialect, with the same methods."""
    return (sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert)(table)


def rows_changed(statement: sa.Update | sa.Delete) -> int:
    """Run `statement` in the present transaction and return how many rows it changed or deleted."""
    result = cast("sa.CursorResult[Any]", db.session.execute(statement))
    return result.rowcount


def read_row(sql: str, *values: object) -> tuple[Any, ...] | None:
    """One row straight from the driver, `?` for each value; sees what is committed, not the present transaction.

    For the one question that each public page asks: through the session it costs ten times as much.
    """
    connection = db.engine.raw_connection()
    try:
        with _without_transaction(connection.driver_connection):
            cursor = connection.cursor()
            cursor.execute(_native(sql), values)
            row: tuple[Any, ...] | None = cursor.fetchone()
    finally:
        connection.close()
    return row


@contextmanager
def _without_transaction(connection: Any) -> Iterator[None]:
    """PostgreSQL's driver would put BEGIN before and ROLLBACK after it: three journeys instead of one."""
    if db.engine.dialect.name == "sqlite":
        yield
        return
    connection.autocommit = True
    try:
        yield
    finally:
        connection.autocommit = False


def _native(sql: str) -> str:
    return sql if db.engine.dialect.paramstyle == "qmark" else sql.replace("?", "%s")


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once after the present transaction is durable; not at all when it is rolled back."""
    waiting = db.session.info.setdefault("after_commit", [])
    if callback not in waiting:
        waiting.append(callback)


def init_app(app: Flask) -> None:
    """Bind the database; SQLite gets WAL, durable commits, foreign keys and the writer's lock at BEGIN."""
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _prepare_sqlite)
            sa.event.listen(db.engine, "begin", _begin_sqlite)
        else:
            sa.event.listen(db.engine, "checkin", _note_return)
            sa.event.listen(db.engine, "checkout", _check_connection)


def hang_up(app: Flask) -> None:
    """Close all connections of `app`, so that none is carried over a fork."""
    if "sqlalchemy" in app.extensions:
        with app.app_context():
            db.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    # FULL: a sign-up that was acknowledged survives a power cut, not only a crash of the process.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A verb takes the writer's lock at once: a read that turns into a write would be refused half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN DEFERRED")


def _note_return(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_RETURNED] = time.monotonic()


def _check_connection(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Give a connection out only if the server is still there; the pool makes a new one otherwise.

    A server that hung up shows at the socket, without asking. Only after a long rest a question is worth its journey:
    a firewall on the way forgets connections and tells nobody.
    """
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    if socket.poll(0):
        raise sa.exc.InvalidatePoolError
    if time.monotonic() - record.info.get(_RETURNED, math.inf) > LONG_REST:
        try:
            db.engine.dialect.do_ping(connection)
        except connection.OperationalError as lost:
            raise sa.exc.InvalidatePoolError from lost
