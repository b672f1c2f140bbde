"""Staff for tests that come through the door: made by the verbs, signed in through the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from app.accounts import services
from app.accounts.permissions import Role
from app.accounts.types import NewPerson
from app.infra import clock
from app.kernel.types import SYSTEM
from tests.factories import NOW, a_member

PASSWORD = "akai kawara no kura"
SECTION = "市民活動推進課"


@contextmanager
def at(moment: datetime = NOW) -> Iterator[None]:
    with clock.fixed(moment):
        yield


def a_person(app: Flask, role: Role = Role.ORGANIZER, *, email: str | None = None, section: str | None = None) -> int:
    section = section if section is not None else ("" if role in {Role.ADMIN, Role.AUDITOR} else SECTION)
    with app.app_context():
        person = NewPerson(
            email=email or f"{role.value}@city.example.jp",
            name="検証 太郎",
            role=role,
            section=section,
            staff_member_id=a_member().id if role is Role.MEMBER else None,
        )
        return services.create_user(person, PASSWORD, by=SYSTEM, now=clock.now())[0]


def token_of(html: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found, "the page has no form with a CSRF token"
    return found[1]


def post(client: FlaskClient, page: str, address: str | None = None, **fields: object):
    """Open `page`, then send its form to `address` with the page's token, as a browser does."""
    token = token_of(client.get(page).text)
    return client.post(address or page, data={"csrf_token": token, **fields}, headers={"Origin": "http://localhost"})


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **fields: object):
    return post(client, "/my/sign-in/", email=email, password=password, **fields)


def signed_in(app: Flask, role: Role = Role.ORGANIZER, **changes: str) -> FlaskClient:
    """A browser in which somebody of that role is signed in."""
    a_person(app, role, **changes)
    client = app.test_client()
    answer = sign_in(client, changes.get("email") or f"{role.value}@city.example.jp")
    assert answer.status_code == 303, answer.text
    return client
