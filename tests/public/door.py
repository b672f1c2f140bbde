"""A resident's browser: reads pages as a browser does, fills in the form, presses its buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.infra.db import Base, db

PERSON = {"name": "倉敷　花子", "kana": "くらしき　はなこ", "email": "hanako@example.jp", "phone": "086-426-3107"}


class _Reader(HTMLParser):
    """What the form in <main> would send, the texts of its errors, and the plain text of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.problems: dict[str, str] = {}
        self.text: list[str] = []
        self._area = ""
        self._select = ""
        self._problem = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.fields.setdefault(name, []).append(given.get("value") or "")
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in given:
            self.fields[self._select] = [given.get("value") or ""]
        if tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        if tag == "div" and given.get("class") == "ts-problem":
            self._problem = (given["id"] or "").removesuffix("-error")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "div":
            self._problem = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._area:
            self.fields[self._area] = [data.removeprefix("\n")]
        if self._problem:
            self.problems[self._problem] = self.problems.get(self._problem, "") + data


def read(answer: TestResponse) -> _Reader:
    reader = _Reader()
    reader.feed(answer.text)
    return reader


def fields(answer: TestResponse) -> dict[str, list[str]]:
    """What the form of the page sends as it stands."""
    return read(answer).fields


def problems(answer: TestResponse) -> dict[str, str]:
    """The sentences at the fields, by the field's name."""
    return read(answer).problems


def filled_in(client: FlaskClient, address: str, **typed: Any) -> dict[str, Any]:
    """Open the form and type; `None` leaves a field out."""
    page = client.get(address)
    assert page.status_code == 200
    sent = {**fields(page), **PERSON, "consent": "y", **typed}
    return {name: value for name, value in sent.items() if value is not None}


def confirmation(client: FlaskClient, address: str, **typed: Any) -> TestResponse:
    """The form, filled in and sent."""
    return client.post(address, data=filled_in(client, address, **typed))


def ready(client: FlaskClient, address: str, **typed: Any) -> dict[str, Any]:
    """What the button 「申し込む」 of the confirmation page sends."""
    page = confirmation(client, address, **typed)
    assert page.status_code == 200, page.text
    return {**fields(page), "confirmed": "1"}


def applied(client: FlaskClient, address: str, **typed: Any) -> str:
    """The whole way; returns the address of one's own page."""
    answer = client.post(address, data=ready(client, address, **typed))
    assert answer.status_code == 303, answer.text
    return answer.location.removesuffix("done/")


def receipt(page: TestResponse) -> tuple[str, str]:
    """Reference number and status word of a page that shows a registration."""
    found = re.search(r'id="reference" data-status="(\w+)">(\d{4}-\d{4})<', page.text)
    assert found, page.text
    return found[2], found[1]


def seats_left(page: TestResponse) -> list[int]:
    return [int(n) for n in re.findall(r'data-seats-left="(\d+)"', page.text)]


def everything_stored(site: Flask) -> dict[str, list[Any]]:
    """Each row of each table."""
    with site.app_context():
        return {t.name: [tuple(r) for r in db.session.execute(sa.select(t))] for t in Base.metadata.sorted_tables}


def rows(site: Flask, table: str) -> list[dict[str, Any]]:
    """Each row of one table."""
    with site.app_context():
        found = db.session.execute(sa.select(Base.metadata.tables[table]).order_by(sa.text("id"))).mappings()
        return [dict(row) for row in found]


@contextmanager
def statements(site: Flask) -> Iterator[list[str]]:
    """The statements that reach the database inside the block."""
    seen: list[str] = []

    def note(*call: Any) -> None:
        seen.append(call[2])

    with site.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
