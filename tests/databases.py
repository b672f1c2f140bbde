"""Databases with all tables for tests: made once in a process, then handed out again and again.

Making the tables would take longer than most tests. What a test gets is empty all the same, and nobody else's.
"""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from app.infra.db import db
from tests.warm import settle

LEFT_WITHIN = 10.0
FIRST_OID = 16384  # of what users make
OF_USERS = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_proc": "oid",
    "pg_trigger": "oid",
}
# How many things of each kind there are, and which transaction was the last to make or change one.
_SHAPE = " UNION ALL ".join(
    f"SELECT '{catalog}', count(*), max(xmin::text::bigint) FROM {catalog} WHERE {oid} >= {FIRST_OID}"
    for catalog, oid in OF_USERS.items()
)
# As a replica: foreign keys do not stand in the way.
_CLEAR = f"""
    DO $$ DECLARE one regclass; used boolean; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND oid >= {FIRST_OID} LOOP
            EXECUTE 'SELECT EXISTS (SELECT FROM ' || one || ')' INTO used;
            IF used THEN EXECUTE 'DELETE FROM ' || one; END IF;
        END LOOP;
        PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S' AND oid >= {FIRST_OID};
    END $$
"""

Shape = list[tuple[str, int, int | None]]
# The SQLite file with all tables, once one was made; PostgreSQL databases in use, by name, and where they came from.
_file: list[bytes] = []
_lent: dict[str, Shelf] = {}


def make_tables() -> None:
    """Do what `db.create_all()` does in the present application; but for the first time, by a copy."""
    settle()
    url = db.engine.url
    if url.database in _lent:
        _lent[url.database].furnish(url.database)
    elif url.get_backend_name() != "sqlite" or not url.database or Path(url.database).exists():
        db.create_all()
    elif _file:
        Path(url.database).write_bytes(_file[0])
    else:
        db.create_all()
        _file.append(content())


def content() -> bytes:
    """The SQLite database of the present application as it would lie in one file."""
    connection = db.engine.raw_connection()
    try:
        return connection.driver_connection.serialize()
    finally:
        connection.close()


class Shelf:
    """The databases of a PostgreSQL server, bare or furnished with empty tables. Handing one out is a rename."""

    def __init__(self, server: str) -> None:
        self._server = sa.make_url(server)
        self._root = self._engine(self._server)
        self._bare: list[str] = []
        self.furnished: list[str] = []
        # Of those that were given their tables here, free or in use.
        self._shapes: dict[str, Shape] = {}
        self._stored = 0

    def take(self, name: str) -> sa.URL:
        """A database of that name without tables; its address."""
        self._run(self._root, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if self._bare:
            self._rename(self._bare.pop(), name)
        else:
            self._run(self._root, f'CREATE DATABASE "{name}"')
        _lent[name] = self
        return self._server.set(database=name)

    def furnish(self, name: str) -> None:
        """Give the database of that name its tables; `db` leads to it."""
        if name in self._shapes:
            return
        if self.furnished:
            self._store(name, self._bare)
            self._rename(self.furnished.pop(), name)
        else:
            db.create_all()
            self._shapes[name] = self._shape(name)

    def put_back(self, name: str) -> None:
        """Free the database of that name for others; it goes where the test changed more than rows."""
        del _lent[name]
        shape = self._shape(name)
        if shape == self._shapes.get(name):
            self._run(self._engine(self._server.set(database=name)), _CLEAR)
            self._store(name, self.furnished)
        elif not any(number for _kind, number, _last in shape):
            self._store(name, self._bare)
        else:
            self._shapes.pop(name, None)
            self._run(self._root, f'DROP DATABASE "{name}" WITH (FORCE)')

    def _shape(self, name: str) -> Shape:
        with self._engine(self._server.set(database=name)).connect() as connection:
            return [(kind, number, last) for kind, number, last in connection.execute(sa.text(_SHAPE))]

    def _store(self, name: str, shelf: list[str]) -> None:
        self._stored += 1
        free = f"free_{self._stored}"
        self._rename(name, free)
        shelf.append(free)

    def _rename(self, name: str, to: str) -> None:
        """Waits until nobody is connected: PostgreSQL itself would look again only after a tenth of a second."""
        here = f"FROM pg_stat_activity WHERE datname = '{name}'"
        with self._root.connect() as connection:
            connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) {here}"))
            until = time.monotonic() + LEFT_WITHIN
            while connection.scalar(sa.text(f"SELECT count(*) {here}")) and time.monotonic() < until:
                time.sleep(0.001)
            connection.execute(sa.text(f'ALTER DATABASE "{name}" RENAME TO "{to}"'))
        if name in self._shapes:
            self._shapes[to] = self._shapes.pop(name)

    @staticmethod
    def _run(engine: sa.Engine, statement: str) -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    @staticmethod
    def _engine(url: sa.URL) -> sa.Engine:
        return sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
