"""A database that tests use one after the other is fresh for each of them."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app import create_app
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import a_sitting, apply_for

pytestmark = pytest.mark.postgres


@pytest.fixture
def borrowed(shelf, tmp_path):
    """Takes a database, gives it its tables, and puts it back."""

    @contextmanager
    def borrow(name):
        address = shelf.take(name).render_as_string(hide_password=False)
        app = create_app(config_for(tmp_path, database_url=address))
        with app.app_context():
            make_tables()
            yield
            db.session.remove()
            db.engine.dispose()
        shelf.put_back(name)

    return borrow


def test_rows_and_numbers_begin_anew(borrowed):
    for name in ("first", "second"):
        with borrowed(name):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0
            sitting = a_sitting()
            assert sitting.id == 1
            apply_for(sitting)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE sitting ADD COLUMN more integer",
        "ALTER TABLE sitting ALTER COLUMN label DROP NOT NULL",
        "DROP INDEX ix_audit_entry_object_type_object_id_id",
        "ALTER TABLE sitting DISABLE TRIGGER ALL",
        "CREATE TABLE more (id integer)",
    ],
)
def test_changed_tables_are_handed_out_to_nobody(borrowed, shelf, change):
    with borrowed("changed"):
        db.session.execute(sa.text(change))
        db.session.commit()
        free = len(shelf.furnished)
    assert len(shelf.furnished) == free
    with borrowed("next"):
        apply_for(a_sitting())
