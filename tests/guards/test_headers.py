from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.permissions import Role
from app.web.parts.guards import PRIVATE
from tests.staff import signed_in

EVERYWHERE = [
    "/", "/events/", "/events/nothing/", "/nothing", "/my/sign-in/", "/my/", "/console/people/",
    "/r/unknown-token-of-22-chars/", "/healthz", "/readyz", "/metrics", "/trial/fails/",
    "/trial/locked/", "/trial/refused/", "/trial/missing/",
    "/static/css/tokens.css", "/static/nothing", "/static/..%2f..%2fconfig.py", "/calendar.ics", "/feed.atom",
]  # fmt: skip


def all_have_headers(answer) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=()")
    assert headers["Referrer-Policy"] in {"no-referrer", "strict-origin-when-cross-origin"}
    assert headers["Cache-Control"]
    for name in {name for name, _ in headers if name != "Set-Cookie"}:
        assert len(headers.getlist(name)) == 1, name


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE"])
def test_every_answer_has_the_security_headers(client: FlaskClient, method: str) -> None:
    for address in EVERYWHERE:
        all_have_headers(client.open(address, method=method, buffered=True))


def test_a_page_for_another_host_is_refused_with_the_headers(client: FlaskClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost@evil.example", ""):
        answer = client.get("/events/", headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        all_have_headers(answer)


def test_the_nonce_is_another_one_each_time_and_stands_at_each_script(client: FlaskClient) -> None:
    seen = set()
    for _ in range(100):
        answer = client.get("/my/sign-in/")
        nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
        assert re.findall(r"<script[^>]*nonce=\"([^\"]*)\"", answer.text) == [nonce]
        seen.add(nonce)
    assert len(seen) == 100


def test_an_error_page_of_a_kept_page_has_a_nonce_of_its_own(client: FlaskClient) -> None:
    nonces = {client.get("/events/nothing/").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(nonces) == 3


def test_hsts_is_said_only_over_https(make_site) -> None:
    plain = make_site().test_client().get("/healthz")
    secure = make_site(base_url="https://tsudoi.example.jp").test_client()
    assert "Strict-Transport-Security" not in plain.headers
    answer = secure.get("/healthz", base_url="https://tsudoi.example.jp")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_the_cookie_over_https_is_host_bound_and_secure(make_site) -> None:
    site = make_site(base_url="https://tsudoi.example.jp")
    answer = site.test_client().get("/my/sign-in/", base_url="https://tsudoi.example.jp")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sid=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie


def test_public_addresses_give_no_cookie_and_look_at_none(site: Flask) -> None:
    for visitor in (site.test_client(), signed_in(site, Role.ADMIN)):
        for address in ("/", "/events/", "/calendar.ics", "/feed.atom", "/healthz", "/static/css/tokens.css"):
            answer = visitor.get(address, buffered=True)
            assert "Set-Cookie" not in answer.headers, address
            assert "Cookie" not in answer.headers.get("Vary", ""), address


def test_personal_pages_are_kept_nowhere_and_send_no_referrer(site: Flask) -> None:
    for visitor in (site.test_client(), signed_in(site, Role.ADMIN)):
        for address in ("/my/", "/my/sign-in/", "/console/people/", "/console/audit/"):
            answer = visitor.get(address)
            assert answer.headers["Cache-Control"] == "no-store", address
            assert answer.headers["Referrer-Policy"] == "no-referrer", address


def test_every_page_with_a_secret_address_sends_no_referrer(site: Flask) -> None:
    secret = {rule.rule for rule in site.url_map.iter_rules() if rule.arguments & {"token", "code"}}
    assert {address for address in secret if not address.startswith((*PRIVATE, "/verify/"))} == set()


def test_a_view_that_does_not_say_who_may_enter_is_closed_to_everybody(site: Flask) -> None:
    assert site.test_client().get("/trial/silent/").status_code == 303
    assert signed_in(site, Role.ADMIN).get("/trial/silent/").status_code == 403


def test_every_address_says_who_may_enter(site: Flask) -> None:
    views = {rule.rule: site.view_functions[rule.endpoint] for rule in site.url_map.iter_rules()}
    silent = {address for address, view in views.items() if not hasattr(view, "allowed")}
    assert silent == {"/trial/silent/"}
