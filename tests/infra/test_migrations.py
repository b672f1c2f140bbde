"""Migrations lead to the tables that the code describes, and carry the rows of a running installation along."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.infra.db import Base, db
from tests.conftest import config_for


@pytest.fixture
def site(database_url: str, tmp_path) -> Flask:
    """An installation without tables."""
    return create_app(config_for(tmp_path, database_url=database_url))


def rules(engine: sa.Engine) -> dict[str, Any]:
    """The names of everything that keeps wrong rows out, by table."""
    inspector = sa.inspect(engine)
    return {
        table: {
            "checks": sorted(check["name"] for check in inspector.get_check_constraints(table)),
            "unique": sorted(str(unique["name"]) for unique in inspector.get_unique_constraints(table)),
            "foreign": sorted(
                (tuple(foreign["constrained_columns"]), foreign["referred_table"])
                for foreign in inspector.get_foreign_keys(table)
            ),
            "indexes": sorted((str(index["name"]), bool(index["unique"])) for index in inspector.get_indexes(table)),
        }
        for table in Base.metadata.tables
    }  # fmt: skip


def test_every_rule_of_the_tables_is_in_a_migrated_database(site, tmp_path):
    with site.app_context():
        upgrade()
        migrated = rules(db.engine)
        with db.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        db.drop_all()
        db.create_all()
        assert migrated == rules(db.engine)
        db.engine.dispose()


def test_an_installation_of_the_first_version_keeps_its_people_and_places(site):
    people = "INSERT INTO staff_user (email, name, role, section, password_hash, active, created_at) VALUES"
    signed_in = "INSERT INTO staff_session (key_hash, user_id, created_at, seen_at) VALUES"
    with site.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            moment = "'2026-06-01 00:00:00'"
            connection.execute(sa.text(f"{people} ('a@example.jp', '倉敷　花子', 'admin', '', 'x', true, {moment})"))
            connection.execute(sa.text(f"{signed_in} ('key', 1, {moment}, {moment})"))
        upgrade()
        with db.engine.connect() as connection:
            kept = connection.execute(
                sa.text("SELECT u.name FROM staff_session s JOIN staff_user u ON u.id = s.user_id")
            )
            assert kept.scalar_one() == "倉敷　花子"
        nobody = f"{people} ('b@example.jp', '無名', 'member', '', 'x', true, {moment})"
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text(nobody))
        db.engine.dispose()
