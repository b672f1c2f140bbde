"""What the tests of the events room share."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.infra.db import db


class Browser(FlaskClient):
    """Each request in a context of its own, as behind a server: what one request remembers the next does not see."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application, whose clients are such browsers."""
    app.test_client_class = Browser
    return app


@pytest.fixture
def statements(app: Flask):
    """A block that collects the SQL sent inside it."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_more) -> None:
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

    return collect
