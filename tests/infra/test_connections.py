"""A database that hung up on us is called again, and writers of one SQLite file take turns."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.infra import db as infra
from app.infra.db import db, in_one_go, read_row, transaction
from tests.conftest import config_for
from tests.factories import a_sitting
from tests.fresh import processes

PROCESSES, TURNS = 3, 25


@pytest.fixture
def on_postgres(postgres_url, tmp_path):
    site = create_app(config_for(tmp_path, database_url=postgres_url))
    with site.app_context():
        yield site
        db.session.remove()
        db.engine.dispose()


def backend() -> int:
    return db.session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()


def hang_up(postgres: str, pid: int) -> None:
    root = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with root.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    root.dispose()


def test_a_server_that_hung_up_is_called_again(on_postgres, postgres):
    first = backend()
    db.session.remove()
    hang_up(postgres, first)
    assert backend() != first


def test_a_single_question_is_put_to_a_new_connection_too(on_postgres, postgres):
    first = backend()
    db.session.remove()
    hang_up(postgres, first)
    assert read_row("SELECT ?::text", "あ") == ("あ",)


def test_after_a_long_rest_the_connection_is_asked_first(on_postgres, monkeypatch):
    asked = []
    monkeypatch.setattr(db.engine.dialect, "do_ping", lambda connection: asked.append(connection) or True)
    first = backend()
    db.session.remove()
    assert (backend(), asked) == (first, [])
    db.session.remove()
    monkeypatch.setattr(infra, "LONG_REST", 0.0)
    assert backend() == first
    assert len(asked) == 1


def test_a_single_question_leaves_no_transaction_open(on_postgres):
    assert read_row("SELECT 1") == (1,)
    states = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
    assert db.session.execute(sa.text(states)).scalar_one() == 0


def write(folder: str) -> None:
    site = create_app(config_for(Path(folder)))

    @transaction
    def add_one() -> None:
        number = db.session.execute(sa.text("SELECT n FROM tally")).scalar_one()
        db.session.execute(sa.text("UPDATE tally SET n = :n"), {"n": number + 1})

    with site.app_context():
        for _ in range(TURNS):
            add_one()


def test_writers_in_several_processes_take_turns_and_lose_nothing(app, tmp_path):
    db.session.execute(sa.text("CREATE TABLE tally (n INTEGER)"))
    db.session.execute(sa.text("INSERT INTO tally VALUES (0)"))
    db.session.commit()
    writers = [processes.Process(target=write, args=(str(tmp_path),)) for _ in range(PROCESSES)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * PROCESSES
    assert db.session.execute(sa.text("SELECT n FROM tally")).scalar_one() == PROCESSES * TURNS


NORMAL, FULL = 1, 2


def test_a_long_row_of_verbs_waits_for_the_disk_once_and_the_next_ones_each(app):
    before = db.session.scalar(sa.text("PRAGMA synchronous"))
    with in_one_go():
        assert db.session.scalar(sa.text("PRAGMA synchronous")) == NORMAL
        a_sitting()
        assert read_row("PRAGMA synchronous") == (NORMAL,)
    assert before == db.session.scalar(sa.text("PRAGMA synchronous")) == FULL
