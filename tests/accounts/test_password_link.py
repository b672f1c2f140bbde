"""The first password and the forgotten one: a mailed link, good once and for half an hour, that gives nobody away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import password_links, queries, services
from app.accounts.models import User
from app.accounts.permissions import Role
from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.infra import clock
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import SYSTEM
from tests.factories import NOW, a_member
from tests.staff import PASSWORD, a_person, at, post, sign_in, signed_in

ASK = "/my/password/link/"
NEW = "shiroi kabe no machinami"


@pytest.fixture(autouse=True)
def today():
    with at(NOW):
        yield


def mailed(site: Flask, email: str = "saki@city.example.jp") -> str | None:
    """Ask for a link as anybody may; its address as the worker would mail it, None where it would send nothing."""
    assert post(site.test_client(), ASK, email=email).status_code == 200
    return newest(site)


def newest(site: Flask) -> str | None:
    with site.app_context():
        row = db.session.scalars(sa.select(OutboundMessage).order_by(OutboundMessage.id.desc())).first()
        if not rendering.is_wanted(row.kind, row.payload):
            return None
        mail = rendering.render(row.kind, row.payload)
        addresses = re.findall(r"https?://[^/\s]+(/my/password/link/[\w-]+/)", mail.text)
        assert addresses[0] in mail.html
        return addresses[0]


def choose(site: Flask, address: str, password: str = NEW, again: str | None = None):
    return post(site.test_client(), address, password=password, again=again or password)


def known_by_address_only(site: Flask, email: str = "saki@city.example.jp") -> int:
    with site.app_context():
        return a_member(name="倉敷　咲", email=email).id


def test_who_is_known_only_by_the_address_gets_in_without_asking_anybody(site: Flask) -> None:
    member = known_by_address_only(site)
    client = site.test_client()
    address = mailed(site)
    assert "倉敷　咲" in client.get(address).text
    answer = post(client, address, password=NEW, again=NEW)
    assert (answer.status_code, answer.location) == (303, "/my/")
    assert "倉敷　咲" in client.get("/my/").text
    with site.app_context():
        user = db.session.scalars(sa.select(User)).one()
        assert (user.role, user.staff_member_id, user.email) == (Role.MEMBER, member, "saki@city.example.jp")
    assert sign_in(site.test_client(), "saki@city.example.jp", NEW).status_code == 303


def test_a_forgotten_password_is_replaced_and_every_other_session_ends(site: Flask) -> None:
    elsewhere = signed_in(site, Role.ORGANIZER)
    assert choose(site, mailed(site, "Organizer@city.example.jp")).status_code == 303
    assert elsewhere.get("/my/").status_code == 303
    assert sign_in(site.test_client(), "organizer@city.example.jp", PASSWORD).status_code == 422
    assert sign_in(site.test_client(), "organizer@city.example.jp", NEW).status_code == 303


def test_a_link_works_once_and_only_the_newest_does(site: Flask) -> None:
    known_by_address_only(site)
    first, second = mailed(site), mailed(site)
    assert site.test_client().get(first).status_code == 404
    assert choose(site, second).status_code == 303
    gone = site.test_client().get(second)
    assert gone.status_code == 404
    assert "このリンクは使えません" in gone.text


def test_half_an_hour_later_it_opens_nothing(site: Flask) -> None:
    known_by_address_only(site)
    address = mailed(site)
    with at(NOW + timedelta(minutes=29)):
        assert site.test_client().get(address).status_code == 200
    with at(NOW + timedelta(minutes=30)):
        assert site.test_client().get(address).status_code == 404
        assert newest(site) is None


def test_known_and_unknown_addresses_get_the_same_answer_after_the_same_work(site: Flask) -> None:
    known_by_address_only(site, "aaaa@city.example.jp")

    def told(email: str) -> tuple[str, int]:
        text = post(site.test_client(), ASK, email=email).text.replace(email, "*")
        with site.app_context():
            written = db.session.scalar(sa.select(sa.func.count(OutboundMessage.id)))
        return "".join(line for line in text.splitlines() if "nonce" not in line and "csrf" not in line), written

    known, unknown = told("aaaa@city.example.jp"), told("bbbb@city.example.jp")
    assert known[0] == unknown[0]
    assert (known[1], unknown[1]) == (1, 2)
    assert newest(site) is None


def test_nothing_goes_to_a_disabled_account_nor_to_an_address_that_two_have(site: Flask) -> None:
    user_id = a_person(site, Role.HELPER)
    with site.app_context():
        services.disable(user_id, by=SYSTEM, now=clock.now())
    known_by_address_only(site, "two@city.example.jp")
    known_by_address_only(site, "two@city.example.jp")
    assert mailed(site, "helper@city.example.jp") is None
    assert mailed(site, "two@city.example.jp") is None


def test_an_address_in_the_staff_data_opens_no_account_that_may_do_more_than_a_member(site: Flask) -> None:
    user_id = a_person(site, Role.ADMIN)
    member = known_by_address_only(site)
    with site.app_context():
        db.session.get_one(User, user_id).staff_member_id = member
        db.session.commit()
    assert mailed(site) is None


def test_a_weak_password_is_refused_with_the_reason_and_the_link_stays(site: Flask) -> None:
    known_by_address_only(site)
    address = mailed(site)
    assert "15文字以上" in choose(site, address, "short").text
    assert "一致しません" in choose(site, address, NEW, NEW + "x").text
    assert choose(site, address).status_code == 303


def test_what_is_no_address_is_said_at_the_field(site: Flask) -> None:
    assert post(site.test_client(), ASK, email="saki@").status_code == 422


def test_the_fourth_mail_within_an_hour_is_not_sent(site: Flask) -> None:
    codes = [post(site.test_client(), ASK, email="saki@city.example.jp").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]


@pytest.mark.usefixtures("any_app")
def test_links_that_nobody_used_are_deleted_when_the_next_is_asked_for():
    a_member(email="saki@city.example.jp")
    password_links.ask("saki@city.example.jp", now=NOW)
    password_links.ask("other@city.example.jp", now=NOW + timedelta(minutes=30))
    with pytest.raises(NotFound):
        queries.password_link(1, now=NOW)


@pytest.mark.usefixtures("any_app")
def test_a_link_is_used_once_also_in_the_database():
    a_member(email="saki@city.example.jp")
    password_links.ask("saki@city.example.jp", now=NOW)
    _owner, token, _asked = queries.password_link(1, now=NOW)
    assert password_links.choose(token, NEW, now=NOW).staff.role is Role.MEMBER
    with pytest.raises(NotFound):
        password_links.choose(token, NEW, now=NOW)
