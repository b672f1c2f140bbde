"""How migrations run: with the application's own configuration and tables."""

from __future__ import annotations

from alembic import context
from flask import current_app

target = current_app.extensions["migrate"].db


def run() -> None:
    """Bring the database to the wanted revision; each migration in a transaction of its own."""
    with target.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
