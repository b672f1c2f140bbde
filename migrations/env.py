"""How migrations run: with the application's own configuration and tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context
from flask import current_app

target = current_app.extensions["migrate"].db


def run() -> None:
    """Bring the database to the wanted revision; each migration in a transaction of its own."""
    with target.engine.connect() as connection, _foreign_keys_at_rest(connection):
        context.configure(
            connection=connection,
            target_metadata=target.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _foreign_keys_at_rest(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a table by writing it anew: rows of others must not fall with the old one. All are checked after."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    # A table that is renamed for a moment must not take the references of others along.
    driver.execute("PRAGMA legacy_alter_table=ON")
    try:
        yield
        if broken := driver.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows that point nowhere: {broken[:5]}")
    finally:
        driver.execute("PRAGMA legacy_alter_table=OFF")
        driver.execute("PRAGMA foreign_keys=ON")


run()
