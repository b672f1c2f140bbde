from __future__ import annotations

import json
import logging
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.infra import audit, audit_guard
from app.infra.db import db
from app.kernel.types import SYSTEM
from tests.factories import NOW


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/nothing", 404, "ページが見つかりません"),
        ("/trial/missing/", 404, "ページが見つかりません"),
        ("/trial/refused/", 422, "受付は終わりました。&lt;b&gt;"),
        ("/trial/fails/", 500, "エラーが発生しました"),
        ("/trial/locked/", 503, "ただいま混み合っています"),
        ("/trial/full/", 503, "ただいま混み合っています"),
    ],
)
def test_each_kind_of_error_has_its_page(client: FlaskClient, address: str, status: int, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.text
    assert 'lang="ja"' in answer.text
    assert re.search(r'<code id="incident">[0-9a-f]{16}</code>', answer.text)
    for leaked in ("Traceback", "SELECT", "secret", ".py", "werkzeug", "sqlite"):
        assert leaked not in answer.text


def test_the_incident_on_the_page_is_the_one_in_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/trial/fails/")
    incident = re.search(r'id="incident">([0-9a-f]+)<', answer.text)[1]
    record = next(r for r in caplog.records if r.name == "tsudoi.errors")
    assert record.incident == incident == answer.headers["X-Request-Id"]
    assert "secret detail" in caplog.text


def test_a_busy_database_asks_to_try_again_and_says_that_nothing_is_lost(client: FlaskClient) -> None:
    answer = client.post("/trial/locked/", data={"a": "b"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "入力した内容は失われていません" in answer.text
    assert "入力した内容" not in client.get("/trial/locked/").text


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/my/sign-in/")
    assert answer.status_code in {400, 405}
    answer = client.put("/healthz", headers={"Accept": "application/json"})
    assert answer.status_code in {400, 405}


def test_machines_get_json(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == 404
    assert answer.json["incident"] == answer.headers["X-Request-Id"]
    browser = client.get("/nothing", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.mimetype == "text/html"


def test_an_error_page_comes_out_when_its_template_does_not(site: Flask) -> None:
    def broken(_path: str) -> str:
        raise OSError("the style sheet is gone")

    site.jinja_env.globals["asset"] = broken
    site.jinja_env.cache.clear()
    answer = site.test_client().get("/trial/fails/")
    assert answer.status_code == 500
    assert "エラーが発生しました" in answer.text


def test_an_error_page_comes_out_when_the_database_is_gone(make_site, tmp_path) -> None:
    site = make_site()
    with site.app_context():
        db.engine.dispose()
    for path in tmp_path.glob("tsudoi.db*"):
        path.unlink()
    (tmp_path / "tsudoi.db").mkdir()
    answer = site.test_client().get("/events/")
    assert answer.status_code == 503
    assert "ただいま混み合っています" in answer.text


def test_alive_answers_and_ready_tells_what_is_missing(site: Flask, tmp_path) -> None:
    client = site.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": True, "queue": True, "migrations": False}


def test_ready_once_the_database_has_reached_the_head_of_the_migrations(site: Flask, tmp_path) -> None:
    (tmp_path / ".current-alembic-head").write_text("0007_last\n")
    site.config["MIGRATIONS"] = tmp_path
    with site.app_context():
        db.session.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        db.session.execute(sa.text("INSERT INTO alembic_version VALUES ('0006')"))
        db.session.commit()
    client = site.test_client()
    assert client.get("/readyz").status_code == 503
    with site.app_context():
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0007'"))
        db.session.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")


def test_figures_are_shown_only_where_they_were_asked_for(make_site) -> None:
    assert make_site().test_client().get("/metrics").status_code == 404
    answer = make_site(metrics=True).test_client().get("/metrics")
    assert answer.status_code == 200
    assert "tsudoi_queue_jobs 0\n" in answer.text
    assert 'tsudoi_outbox_messages{state="failed"} 0\n' in answer.text


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_the_audit_log(any_app: Flask, change: str) -> None:
    for statement in audit_guard.create(db.engine.dialect.name):
        db.session.execute(sa.text(statement))
    audit.record("event.published", "event", 1, by=SYSTEM, at=NOW)
    db.session.commit()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.execute(sa.text(change))
    db.session.rollback()
    assert db.session.scalar(sa.text("SELECT count(*) FROM audit_entry")) == 1
    for statement in audit_guard.drop(db.engine.dialect.name):
        db.session.execute(sa.text(statement))
    db.session.execute(sa.text(change))
    db.session.rollback()


def test_a_problem_is_json_that_can_be_read(client: FlaskClient) -> None:
    assert json.loads(client.get("/opendata/nothing").data)["title"] == "ページが見つかりません"
