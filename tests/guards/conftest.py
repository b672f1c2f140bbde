from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient

from app import create_app
from app.infra.db import db
from app.kernel.errors import NotFound, Refusal
from app.web.parts.access import ANYONE, allow
from app.web.parts.guards import csrf, takes_body
from tests.conftest import config_for
from tests.databases import make_tables

trials = Blueprint("trials", __name__)


@trials.get("/trial/fails/")
@allow(ANYONE)
def fails() -> str:
    raise RuntimeError("secret detail: SELECT password FROM staff_user")


@trials.get("/trial/locked/")
@allow(ANYONE)
def locked() -> str:
    raise locked_error()


@trials.post("/trial/locked/")
@allow(ANYONE)
@csrf.exempt
def locked_post() -> str:
    raise locked_error()


@trials.get("/trial/full/")
@allow(ANYONE)
def full() -> str:
    raise OSError(28, "No space left on device")


@trials.get("/trial/refused/")
@allow(ANYONE)
def refused() -> str:
    raise Refusal("受付は終わりました。<b>")


@trials.get("/trial/missing/")
@allow(ANYONE)
def missing() -> str:
    raise NotFound


@trials.get("/trial/silent/")
def silent() -> str:
    return "nobody said who may see this"


@trials.post("/trial/form/")
@allow(ANYONE)
@csrf.exempt
def form() -> str:
    return ",".join(sorted(request.form))


@trials.post("/trial/upload/")
@allow(ANYONE)
@csrf.exempt
@takes_body(2 * 1024 * 1024)
def upload() -> str:
    return str(len(request.files["file"].read()))


@trials.get("/trial/address/")
@allow(ANYONE)
def address() -> str:
    return f"{request.remote_addr} {request.scheme} {request.host}"


def locked_error() -> sa.exc.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = "SQLITE_BUSY"
    return sa.exc.OperationalError("BEGIN IMMEDIATE", None, error)


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes an application, its settings changed as asked, with the views above."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        site = create_app(config_for(tmp_path, **{"ratelimit": True, **changes}))
        site.register_blueprint(trials)
        with site.app_context():
            make_tables()
        made.append(site)
        return site

    yield make
    for site in made:
        with site.app_context():
            db.engine.dispose()


@pytest.fixture
def site(make_site: Callable[..., Flask]) -> Flask:
    return make_site()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()
