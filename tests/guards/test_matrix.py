"""Every address × every role: who the permission table lets in gets in, everybody else does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.permissions import PERMISSIONS, Permission, Role
from app.web.parts.access import ANYONE
from tests.staff import signed_in, token_of

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Ends the session it is asked from; tests/accounts/test_sign_in.py looks at it.
LEFT_OUT = {"my.sign_out"}


def guarded(site: Flask) -> Iterator[tuple[str, str, object]]:
    """Method, address (with ids that do not exist) and who may enter, for each view that is not open to anyone."""
    with site.test_request_context():
        adapter = site.create_url_adapter(None) or site.url_map.bind("localhost")
        for rule in site.url_map.iter_rules():
            allowed = getattr(site.view_functions[rule.endpoint], "allowed", None)
            if allowed is ANYONE or rule.endpoint in LEFT_OUT:
                continue
            values = {name: _unknown(rule._converters[name]) for name in rule.arguments}
            address = adapter.build(rule.endpoint, values)
            for method in sorted(rule.methods & (UNSAFE | {"GET"})):
                yield method, address, allowed


def _unknown(converter: object) -> object:
    name = type(converter).__name__
    if name == "AnyConverter":
        return min(converter.items)  # type: ignore[attr-defined]
    return 999999 if name == "IntegerConverter" else "unknown"


def answer(client: FlaskClient, token: str, method: str, address: str) -> int:
    data = {"csrf_token": token} if method in UNSAFE else None
    return client.open(address, method=method, data=data, buffered=True).status_code


@pytest.mark.parametrize("role", list(Role))
def test_a_role_enters_where_the_table_lets_it_and_nowhere_else(site: Flask, role: Role) -> None:
    client = signed_in(site, role)
    token = token_of(client.get("/my/").text)
    entered = 0
    for method, address, allowed in guarded(site):
        may = not isinstance(allowed, Permission) or allowed in PERMISSIONS[role]
        if address.startswith("/trial/"):
            may = False
        code = answer(client, token, method, address)
        assert (code != 403) is may, f"{role} {method} {address}: {code}"
        assert code < 500, f"{role} {method} {address}: {code}"
        entered += may
    assert entered


def test_whoever_is_not_signed_in_enters_nowhere(site: Flask) -> None:
    client = site.test_client()
    token = token_of(client.get("/my/sign-in/").text)
    for method, address, _allowed in guarded(site):
        code = answer(client, token, method, address)
        assert code == (401 if method in UNSAFE else 303), f"{method} {address}: {code}"
