"""Asking for announcements, confirming, choosing otherwise, ending: nobody is subscribed by somebody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.permissions import Role
from app.events.types import Audience
from app.infra.db import db
from app.subscriptions import services
from app.subscriptions.models import Subscription, SubscriptionRequest
from tests.factories import NOW, a_series, an_event
from tests.staff import at, post, signed_in
from tests.subscriptions.conftest import outbox

ASK = "/announcements/"
ADDRESS = "hanako@example.jp"


@pytest.fixture(autouse=True)
def today():
    with at(NOW):
        yield


def ask(site: Flask, email: str = ADDRESS, **typed: object):
    return post(site.test_client(), ASK, **{"email": email, "which": "every", "consent": "y", **typed})


def mailed(site: Flask) -> str:
    """The address in the newest mail."""
    with site.app_context():
        return outbox()[-1].path


def subscribed(site: Flask, email: str = ADDRESS, **typed: object) -> str:
    """The whole way; the address of the page of one's own."""
    assert ask(site, email, **typed).status_code == 200
    answer = post(site.test_client(), mailed(site))
    assert answer.status_code == 303
    return answer.location


def addresses(site: Flask) -> list[str]:
    with site.app_context():
        return list(db.session.scalars(sa.select(Subscription.email)))


def test_only_pressing_the_button_behind_the_mailed_link_subscribes(site):
    assert ask(site, "Hanako@example.jp").status_code == 200
    link = mailed(site)
    assert "登録する" in site.test_client().get(link).text
    assert addresses(site) == []
    assert post(site.test_client(), link).status_code == 303
    assert addresses(site) == ["hanako@example.jp"]
    assert site.test_client().get(link).status_code == 404


def test_known_and_unknown_addresses_get_the_same_answer_after_the_same_work(site):
    subscribed(site, "aaaa@example.jp")

    def told(email: str) -> tuple[str, int]:
        text = ask(site, email).text.replace(email, "*")
        with site.app_context():
            return "".join(line for line in text.splitlines() if "nonce" not in line), len(outbox())

    (known, before), (unknown, after) = told("aaaa@example.jp"), told("bbbb@example.jp")
    assert known == unknown
    assert after == before + 1


def test_a_link_dies_after_three_days_and_the_address_is_forgotten(site):
    ask(site)
    link = mailed(site)
    with at(NOW + timedelta(days=3)):
        assert site.test_client().get(link).status_code == 404
        with site.app_context():
            services.sweep(now=NOW + timedelta(days=3))
            assert db.session.scalars(sa.select(SubscriptionRequest)).all() == []


def test_asking_again_before_confirming_leaves_the_newest_link_only(site):
    ask(site)
    first = mailed(site)
    ask(site)
    with site.app_context():
        old, new = outbox()
    assert (old.text, site.test_client().get(first).status_code) == ("", 404)
    assert site.test_client().get(new.path).status_code == 200


def test_a_stranger_cannot_be_flooded_and_a_machine_cannot_flood_many(site):
    assert [ask(site).status_code for _ in range(4)] == [200, 200, 200, 429]
    codes = [ask(site, f"p{n}@example.jp").status_code for n in range(17)]
    assert codes[-2:] == [200, 429]


def test_what_is_missing_is_said_at_the_field_and_sends_nothing(site):
    with site.app_context():
        series = a_series().id
    assert "メールアドレス" in ask(site, "hanako@").text
    assert "利用目的をお読みになり" in ask(site, consent="").text
    assert "一つ以上選んでください" in ask(site, which="some").text
    assert "一覧の中から" in ask(site, which="some", series=str(series + 7)).text
    with site.app_context():
        assert outbox() == []


def test_who_subscribes_a_second_time_keeps_what_was_chosen_before(site):
    with site.app_context():
        one, other = a_series(title="地域づくり研修会").id, a_series(title="協働サロン").id
    subscribed(site, which="some", series=str(one))
    page = site.test_client().get(subscribed(site, which="some", series=str(other))).text
    assert page.count("checked") == 3  # 「選んだ事業だけ」 and both series
    assert len(addresses(site)) == 1


def test_series_for_staff_alone_are_not_offered(site):
    with site.app_context():
        an_event(series_id=a_series(title="推進員研修").id, audience=Audience.STAFF)
        a_series(title="市民講座")
    page = site.test_client().get(ASK).text
    assert "市民講座" in page
    assert "推進員研修" not in page


def test_ones_own_page_changes_the_choice_shows_what_is_kept_and_ends_it_in_one_press(site):
    with site.app_context():
        series = a_series(title="協働サロン").id
    mine, client = subscribed(site), site.test_client()
    assert post(client, mine, which="some", series=str(series)).status_code == 303
    assert post(client, mine, which="some").status_code == 422
    kept = json.loads(client.get(f"{mine}data.json").text)
    assert (kept["email"], kept["every"], kept["series"]) == (ADDRESS, False, ["協働サロン"])
    assert client.get(f"{mine}unsubscribe/").status_code == 200
    assert addresses(site) == [ADDRESS]
    assert "停止しました" in post(client, mine, f"{mine}unsubscribe/").text
    assert addresses(site) == []
    assert client.get(mine).status_code == 404


def test_a_mail_program_ends_it_without_cookies_and_a_second_time_does_no_harm(site):
    mine = subscribed(site)
    for _ in range(2):
        answer = site.test_client().post(
            f"{mine}unsubscribe/", data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data"
        )
        assert answer.status_code == 200
    assert addresses(site) == []


def test_guessed_links_are_counted(site):
    client = site.test_client()
    codes = [client.get(f"/announcements/{n:022}/").status_code for n in range(31)]
    assert (codes[29], codes[30]) == (404, 429)


def test_organizers_see_numbers_and_no_address(site):
    with site.app_context():
        series = a_series(title="協働サロン").id
    subscribed(site)
    subscribed(site, "taro@example.jp", which="some", series=str(series))
    page = signed_in(site, Role.ORGANIZER).get("/console/announcements/").text
    assert "協働サロン" in page
    assert "2人" in page
    assert "example.jp" not in page.replace("city.example.jp", "")
