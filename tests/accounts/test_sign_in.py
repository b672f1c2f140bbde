from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.accounts import services
from app.accounts.permissions import Role
from app.infra import clock
from app.kernel.types import SYSTEM
from tests.factories import NOW
from tests.staff import PASSWORD, SECTION, a_person, at, post, sign_in, signed_in

NEW = "shiroi kabe no machi"


def is_in(client) -> bool:
    return client.get("/my/").status_code == 200


def a_copy(site: Flask, client):
    """Another browser with the same cookie."""
    copy = site.test_client()
    copy.set_cookie("sid", client.get_cookie("sid").value)
    return copy


def test_whoever_knows_the_password_is_in(site: Flask) -> None:
    a_person(site, Role.ORGANIZER)
    client = site.test_client()
    answer = sign_in(client, "ORGANIZER@city.example.jp ")
    assert (answer.status_code, answer.location) == (303, "/console/")
    assert is_in(client)


@pytest.mark.parametrize(
    ("email", "password"), [("organizer@city.example.jp", "wrong"), ("nobody@city.example.jp", PASSWORD)]
)
def test_wrong_password_and_unknown_address_read_the_same(site: Flask, email: str, password: str) -> None:
    a_person(site, Role.ORGANIZER)
    answer = sign_in(site.test_client(), email, password)
    assert answer.status_code == 422
    assert "メールアドレスまたはパスワードが違います。" in answer.text


def test_the_answer_to_a_known_and_to_an_unknown_address_differs_in_nothing_but_the_address(site: Flask) -> None:
    a_person(site, Role.ORGANIZER, email="aaaa@city.example.jp")

    def told(email: str) -> str:
        text = sign_in(site.test_client(), email, "wrong").text
        return "".join(
            line for line in text.replace(email, "*").splitlines() if "nonce" not in line and "csrf" not in line
        )

    assert told("aaaa@city.example.jp") == told("bbbb@city.example.jp")


def test_a_disabled_account_cannot_be_told_from_an_unknown_one(site: Flask) -> None:
    user_id = a_person(site, Role.ORGANIZER)
    with site.app_context():
        services.disable(user_id, by=SYSTEM, now=clock.now())
    assert "メールアドレスまたはパスワードが違います。" in sign_in(site.test_client(), "organizer@city.example.jp").text


def test_the_typed_password_never_comes_back(site: Flask) -> None:
    answer = sign_in(site.test_client(), "a@city.example.jp", "himitsu-no-kotoba")
    assert "himitsu-no-kotoba" not in answer.text


def test_the_session_gets_a_new_key_at_each_sign_in(site: Flask) -> None:
    client = signed_in(site)
    before = client.get_cookie("sid").value
    old = a_copy(site, client)
    post(client, "/my/", "/my/sign-out/")
    sign_in(client, "organizer@city.example.jp")
    assert client.get_cookie("sid").value != before
    assert is_in(client)
    assert not is_in(old)


def test_a_copied_cookie_is_dead_after_signing_out(site: Flask) -> None:
    client = signed_in(site)
    copy = a_copy(site, client)
    assert is_in(copy)
    answer = post(client, "/my/", "/my/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(copy)


def test_a_copied_cookie_is_dead_after_the_password_was_changed(site: Flask) -> None:
    client = signed_in(site)
    copy = a_copy(site, client)
    answer = post(client, "/my/password/", present=PASSWORD, password=NEW, again=NEW)
    assert answer.status_code == 303
    assert is_in(client)
    assert not is_in(copy)
    assert sign_in(site.test_client(), "organizer@city.example.jp", NEW).status_code == 303


def test_who_is_disabled_is_out_at_the_next_request(site: Flask) -> None:
    client = signed_in(site)
    with site.app_context():
        services.disable(1, by=SYSTEM, now=clock.now())
    assert not is_in(client)


def test_a_new_role_begins_with_a_new_sign_in(site: Flask) -> None:
    client = signed_in(site)
    with site.app_context():
        services.set_role(1, Role.HELPER, SECTION, by=SYSTEM, now=clock.now())
    assert not is_in(client)


@pytest.mark.parametrize(("role", "minutes"), [(Role.ORGANIZER, 30), (Role.HELPER, 8 * 60)])
def test_a_session_ends_when_nobody_uses_it(site: Flask, role: Role, minutes: int) -> None:
    with at(NOW):
        client = signed_in(site, role)
    with at(NOW + timedelta(minutes=minutes - 1)):
        assert is_in(client)
    with at(NOW + timedelta(minutes=2 * minutes - 2)):
        assert is_in(client) is (role is Role.ORGANIZER)
    with at(NOW + timedelta(minutes=3 * minutes)):
        assert not is_in(client)


def test_a_session_ends_after_ten_hours_however_busy(site: Flask) -> None:
    with at(NOW):
        client = signed_in(site)
    for minutes in range(20, 600, 20):
        with at(NOW + timedelta(minutes=minutes)):
            assert is_in(client)
    with at(NOW + timedelta(hours=10)):
        assert not is_in(client)


def test_without_a_session_a_page_leads_to_sign_in_and_back(site: Flask) -> None:
    a_person(site, Role.ADMIN)
    client = site.test_client()
    answer = client.get("/console/people/?role=helper")
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert 'value="/console/people/?role=helper"' in page.text
    back = sign_in(client, "admin@city.example.jp", next="/console/people/?role=helper")
    assert back.location == "/console/people/?role=helper"


ELSEWHERE = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example/",
    "http:///evil.example", "/%2f%2fevil.example", "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)",
    "data:text/html,x", "//evil.example@city.example.jp", "https://city.example.jp@evil.example", "///evil.example",
    "/my\\..\\\\evil", "/events/", "console/", "/console/\r\nSet-Cookie: a=b", "/console/日本", "//xn--fsq.example",
    "/r/abcdefghijklmnopqrstuv/", "?next=//evil", "#//evil", " /console/", "ftp://evil.example",
]  # fmt: skip


def test_next_never_leads_elsewhere(site: Flask) -> None:
    a_person(site, Role.ORGANIZER)
    for elsewhere in ELSEWHERE:
        answer = sign_in(site.test_client(), "organizer@city.example.jp", next=elsewhere)
        assert answer.location == "/console/", elsewhere


def test_the_eleventh_attempt_on_an_account_waits_even_with_the_right_password(site: Flask) -> None:
    a_person(site, Role.ORGANIZER)
    for number in range(10):
        address = {"REMOTE_ADDR": f"192.0.2.{number}"}
        client = site.test_client()
        client.environ_base.update(address)
        assert sign_in(client, "organizer@city.example.jp", "wrong").status_code == 422
    answer = sign_in(site.test_client(), "organizer@city.example.jp")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 301
    assert "しばらく待ってから" in answer.text


def test_many_accounts_tried_from_one_address_are_stopped(site: Flask) -> None:
    client = site.test_client()
    codes = [sign_in(client, f"a{n}@city.example.jp", "wrong").status_code for n in range(12)]
    assert codes == [422] * 10 + [429] * 2


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(site: Flask) -> None:
    a_person(site, Role.ORGANIZER)
    assert {sign_in(site.test_client(), "organizer@city.example.jp").status_code for _ in range(15)} == {303}


def test_a_password_is_refused_with_the_reason(site: Flask) -> None:
    client = signed_in(site)
    assert "15文字以上" in post(client, "/my/password/", present=PASSWORD, password="short", again="short").text
    assert "一致しません" in post(client, "/my/password/", present=PASSWORD, password=NEW, again=NEW + "x").text
    assert "現在のパスワードが違います" in post(client, "/my/password/", present="x", password=NEW, again=NEW).text
    assert "別のもの" in post(client, "/my/password/", present=PASSWORD, password=PASSWORD, again=PASSWORD).text


def test_a_one_time_password_opens_only_its_change_and_not_for_long(site: Flask) -> None:
    with at(NOW), site.app_context():
        user_id = a_person(site, Role.ORGANIZER)
        one_time = services.issue_one_time_password(user_id, by=SYSTEM, now=clock.now())
    client = site.test_client()
    with at(NOW + timedelta(days=1)):
        assert sign_in(client, "organizer@city.example.jp", one_time).location == "/my/password/"
        assert client.get("/my/").location == "/my/password/"
        assert client.get("/console/audit/").location == "/my/password/"
        post(client, "/my/password/", present=one_time, password=NEW, again=NEW)
        assert is_in(client)
    with at(NOW + timedelta(days=2)), site.app_context():
        again = services.issue_one_time_password(user_id, by=SYSTEM, now=clock.now())
    with at(NOW + timedelta(days=5)):
        assert sign_in(site.test_client(), "organizer@city.example.jp", again).status_code == 422


def test_the_sign_in_form_itself_needs_its_token(site: Flask) -> None:
    a_person(site, Role.ORGANIZER)
    answer = site.test_client().post("/my/sign-in/", data={"email": "organizer@city.example.jp", "password": PASSWORD})
    assert answer.status_code == 400


def test_every_sign_in_stands_in_the_audit_log(site: Flask) -> None:
    client = signed_in(site, Role.AUDITOR)
    text = client.get("/console/audit/").text
    assert "サインイン" in text
    assert "職員の登録" in text
