from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.staff import a_person, post, token_of

FORM = "application/x-www-form-urlencoded"
WRONG = {"email": "a@b.jp", "password": "x"}
MULTIPART = "multipart/form-data; boundary=limit"


def multipart(*contents: bytes, kind: bytes = b'name="file"; filename="a.bin"') -> bytes:
    head = b"--limit\r\nContent-Disposition: form-data; " + kind + b"\r\n\r\n"
    return b"".join(head + content + b"\r\n" for content in contents) + b"--limit--\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
    ],
)
def test_what_another_site_sends_is_refused_even_with_a_token(site: Flask, headers: dict[str, str]) -> None:
    a_person(site)
    client = site.test_client()
    token = token_of(client.get("/my/sign-in/").text)
    answer = client.post("/my/sign-in/", data={"csrf_token": token, **WRONG}, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}],
)
def test_our_own_forms_arrive_from_every_browser(client: FlaskClient, headers: dict[str, str]) -> None:
    token = token_of(client.get("/my/sign-in/").text)
    answer = client.post("/my/sign-in/", data={"csrf_token": token, **WRONG}, headers=headers)
    assert answer.status_code == 422


@pytest.mark.parametrize("media_type", [FORM, "text/plain", "application/json", "multipart/form-data; boundary=x"])
def test_nothing_is_changed_without_the_token_of_ones_own_session(site: Flask, media_type: str) -> None:
    other = token_of(site.test_client().get("/my/sign-in/").text)
    client = site.test_client()
    client.get("/my/sign-in/")
    for address in ("/my/sign-in/", "/my/sign-out/", "/my/password/", "/console/people/new/"):
        for body in ("", f"csrf_token={other}"):
            assert client.post(address, data=body, content_type=media_type).status_code == 400, address


def test_a_form_that_expired_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/my/sign-in/", data={"email": "a@b.jp"})
    assert "ページの有効期限が切れました" in answer.text


def test_a_form_of_a_quarter_megabyte_is_read_and_a_longer_one_is_not(client: FlaskClient) -> None:
    assert client.post("/trial/form/", data={"a": "x" * (256 * 1024 - 2)}).status_code == 200
    assert client.post("/trial/form/", data={"a": "x" * (256 * 1024 - 1)}).status_code == 413


def test_a_form_of_unsaid_length_is_cut_off_too(client: FlaskClient) -> None:
    body = io.BytesIO(b"a=" + b"x" * 600_000)
    environ = {"wsgi.input_terminated": True}
    answer = client.post("/trial/form/", input_stream=body, content_type=FORM, environ_overrides=environ)
    assert answer.status_code == 413


def test_four_hundred_fields_are_read_and_more_are_not(client: FlaskClient) -> None:
    assert client.post("/trial/form/", data={f"f{n}": "" for n in range(400)}).status_code == 200
    assert client.post("/trial/form/", data={f"f{n}": "" for n in range(401)}).status_code == 400
    body = multipart(*[b"x"] * 401, kind=b'name="a"')
    assert client.post("/trial/form/", data=body, content_type=MULTIPART).status_code == 413


def test_only_a_view_that_takes_files_takes_large_bodies(client: FlaskClient) -> None:
    def send(address: str, size: int) -> int:
        return client.post(address, data=multipart(b"x" * size), content_type=MULTIPART).status_code

    assert send("/trial/upload/", 1_900_000) == 200
    assert send("/trial/upload/", 2_200_000) == 413
    assert send("/trial/form/", 600_000) == 413


@pytest.mark.parametrize("address", ["/events/?q=%00", "/events/%00/", "/console/people/?q=a%00b"])
def test_nul_is_refused_before_it_reaches_the_database(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code in {400, 404}


def test_nul_in_a_form_is_refused(client: FlaskClient) -> None:
    assert client.post("/trial/form/", data="a=%00", content_type=FORM).status_code == 400


@pytest.mark.parametrize("agent", ["\x1b[31mred", "x" * 5000, "テスト".encode().decode("latin-1")])
def test_strange_headers_harm_nothing(client: FlaskClient, agent: str) -> None:
    assert client.get("/healthz", headers={"User-Agent": agent}).status_code == 200


def test_the_visitors_address_comes_from_the_trusted_hop_only(make_site) -> None:
    forwarded = {
        "X-Forwarded-For": "198.51.100.9, 203.0.113.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    peer = {"REMOTE_ADDR": "10.0.0.1"}
    direct = make_site().test_client().get("/trial/address/", headers=forwarded, environ_overrides=peer)
    assert direct.text == "10.0.0.1 http localhost"
    behind = make_site(proxy_hops=1).test_client().get("/trial/address/", headers=forwarded, environ_overrides=peer)
    assert behind.text == "203.0.113.7 https localhost"


def test_guessing_links_stops_after_thirty_misses_and_right_links_do_not_count(client: FlaskClient) -> None:
    codes = [client.get(f"/r/guess-number-{n:010}/").status_code for n in range(32)]
    assert codes == [404] * 30 + [429] * 2
    assert int(client.get("/r/another/").headers["Retry-After"]) <= 601


def test_counters_are_shared_by_processes_and_survive_a_restart(make_site, tmp_path: Path) -> None:
    first, second = make_site(), make_site()
    for _ in range(5):
        post(first.test_client(), "/my/sign-in/", email="a@b.jp", password="x")
        post(second.test_client(), "/my/sign-in/", email="a@b.jp", password="x")
    assert post(make_site().test_client(), "/my/sign-in/", email="a@b.jp", password="x").status_code == 429
    content = b"".join(path.read_bytes() for path in tmp_path.glob("limits.db*"))
    assert b"a@b.jp" not in content
    assert b"127.0.0.1" not in content


def test_a_forged_forwarded_address_does_not_escape_the_limit(client: FlaskClient) -> None:
    def attempt(n: int) -> int:
        token = token_of(client.get("/my/sign-in/").text)
        data = {"csrf_token": token, "email": f"a{n}@b.jp", "password": "x"}
        return client.post("/my/sign-in/", data=data, headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code

    assert [attempt(n) for n in range(11)] == [422] * 10 + [429]


def test_attempts_at_the_same_moment_all_count(site: Flask) -> None:
    def attempt(_n: int) -> int:
        return post(site.test_client(), "/my/sign-in/", email="a@b.jp", password="x").status_code

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(attempt, range(16)))
    assert codes == [422] * 10 + [429] * 6


def test_limits_can_be_turned_off(make_site) -> None:
    client = make_site(ratelimit=False).test_client()
    assert {client.get(f"/r/guess-{n}/").status_code for n in range(40)} == {404}
