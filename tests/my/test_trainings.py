"""A member of staff picks a sitting with one press, and another one while seats last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts.permissions import Role
from app.events.types import Audience
from app.infra import clock
from app.infra.db import db
from app.org import services as org
from app.registrations import queries, staffing, substituting
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, ORGANIZER, a_member, a_question, a_sitting, a_unit, an_event
from tests.public.door import fields, problems
from tests.staff import post, sign_in, signed_in

ADDRESS = "/my/trainings/suishin/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """One training for staff, in the morning (2 seats) and in the afternoon (1 seat)."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
        event = an_event(slug="suishin", title="協働推進員研修", audience=Audience.STAFF)
        first = a_sitting(event, label="午前の部", capacity=2)
        later = {"starts_at": first.starts_at + timedelta(hours=4), "ends_at": first.ends_at + timedelta(hours=4)}
        a_sitting(event, label="午後の部", capacity=1, **later)
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def member(site: Flask) -> FlaskClient:
    """The browser of a member of staff."""
    return signed_in(site, Role.MEMBER)


def press(member: FlaskClient, sitting: int):
    return post(member, ADDRESS, sitting=str(sitting))


def held(site: Flask) -> list[tuple[int, str]]:
    with site.app_context():
        return [(row.sitting_id, row.status.value) for row in queries.of_member(1)]


def test_one_press_is_an_application(site, member):
    assert "未申込" in member.get("/my/").text
    assert press(member, 1).status_code == 303
    assert held(site) == [(1, "confirmed")]
    assert "参加が確定しています" in member.get(ADDRESS).text
    assert "確定" in member.get("/my/").text


def test_a_second_press_elsewhere_is_a_switch(site, member):
    press(member, 1)
    assert press(member, 2).status_code == 303
    assert held(site) == [(2, "confirmed")]


def test_a_full_sitting_is_refused_in_words_and_the_seat_stays(site, member):
    press(member, 1)
    with site.app_context():
        staffing.register_member(2, a_member().id, by=ORGANIZER, now=NOW)
    page = member.get(ADDRESS)
    assert "満席です。いまの回の席は、そのまま取ってあります。" in page.text
    refused = press(member, 2)
    assert refused.status_code == 422
    assert "この回は満席になりました。" in refused.text
    assert held(site) == [(1, "confirmed")]


@pytest.mark.parametrize("chosen", ["", "999", "x", "1' OR 1"])
def test_only_sittings_of_this_training_can_be_chosen(site, member, chosen):
    refused = post(member, ADDRESS, sitting=chosen)
    assert refused.status_code == 422
    assert "参加する回を選んでください" in refused.text
    assert held(site) == []


def test_who_is_no_member_of_staff_has_no_place_here(site):
    organizer = signed_in(site, Role.ORGANIZER)
    assert organizer.get(ADDRESS).status_code == 404
    assert "研修</h2>" not in organizer.get("/my/").text


def test_events_for_residents_are_not_shown_here(site, member):
    with site.app_context():
        a_sitting(an_event(slug="shimin", title="市民講座"))
    assert "市民講座" not in member.get("/my/").text
    assert member.get("/my/trainings/shimin/").status_code == 404


def test_giving_it_up_is_one_link_away(site, member):
    press(member, 1)
    with site.app_context():
        own = f"/r/{queries.with_link(1)[1]}/"
    assert own in member.get(ADDRESS).text
    assert member.get(own).status_code == 200


def colleague(site: Flask, sitting: int) -> FlaskClient:
    """The browser of another member of staff, who has a place at that sitting."""
    other = signed_in(site, Role.MEMBER, email="colleague@city.example.jp")
    press(other, sitting)
    return other


def test_two_colleagues_swap_one_asks_and_the_other_presses_once(site, member):
    press(member, 1)
    other = colleague(site, 2)
    with site.app_context():
        email = queries.of_member(2)[0].details.email
    assert post(member, ADDRESS, f"{ADDRESS}swap/", email=email).status_code == 303
    assert "お願いしています" in member.get(ADDRESS).text
    assert "回の交換のお願いが届いています" in other.get("/my/").text
    assert post(member, ADDRESS, "/my/swaps/1/accept/").status_code == 404
    assert post(other, ADDRESS, "/my/swaps/1/accept/").status_code == 303
    assert held(site) == [(2, "confirmed")]
    assert post(other, ADDRESS, "/my/swaps/1/accept/").status_code == 404


def test_a_stranger_to_the_offer_does_not_find_it(site, member):
    press(member, 1)
    with site.app_context():
        staffing.register_member(2, a_member(email="b@city.example.jp").id, by=ORGANIZER, now=NOW)
    post(member, ADDRESS, f"{ADDRESS}swap/", email="b@city.example.jp")
    stranger = signed_in(site, Role.MEMBER, email="stranger@city.example.jp")
    for answer in ("accept", "decline", "withdraw"):
        assert post(stranger, ADDRESS, f"/my/swaps/1/{answer}/").status_code == 404
    assert post(member, ADDRESS, "/my/swaps/1/withdraw/").status_code == 303


def test_who_cannot_be_swapped_with_is_said_at_the_field_and_the_typed_text_stays(site, member):
    press(member, 1)
    refused = post(member, ADDRESS, f"{ADDRESS}swap/", email="nobody@city.example.jp")
    assert refused.status_code == 422
    assert "この方とは交換できません" in refused.text
    assert 'value="nobody@city.example.jp"' in refused.text


def test_giving_a_place_up_needs_its_reason(site, member):
    press(member, 1)
    assert post(member, ADDRESS, f"{ADDRESS}cancel/", reason="").status_code == 422
    assert held(site) == [(1, "confirmed")]
    assert post(member, ADDRESS, f"{ADDRESS}cancel/", reason="議会対応のため").status_code == 303
    assert held(site) == []


def test_a_colleague_of_the_own_section_is_sent_instead_and_taken_back(site, member):
    with site.app_context():
        section = a_unit()
        colleague_id = a_member(name="倉敷　代理").id
        stranger_id = a_member(name="他課　職員").id
        for who in (1, colleague_id):
            org.post(who, section, NOW.date(), by=ORGANIZER, now=NOW)
        org.post(stranger_id, a_unit(), NOW.date(), by=ORGANIZER, now=NOW)
    press(member, 1)
    page = member.get(ADDRESS).text
    assert "倉敷　代理" in page
    assert "他課　職員" not in page
    assert post(member, ADDRESS, f"{ADDRESS}substitute/", substitute=str(stranger_id)).status_code == 422
    assert post(member, ADDRESS, f"{ADDRESS}substitute/", substitute=str(colleague_id)).status_code == 303
    assert "いまの代理" in member.get(ADDRESS).text
    organizer = signed_in(site, Role.ORGANIZER)
    assert "倉敷　代理" in organizer.get("/console/registrations/1/").text
    asked = post(organizer, "/console/registrations/1/", "/console/registrations/1/substitute/", substitute="")
    assert asked.status_code == 303
    assert "いまの代理" not in member.get(ADDRESS).text


def test_who_comes_in_a_colleagues_place_finds_it_at_home(site, member):
    with site.app_context():
        section, officer = a_unit(), a_member(name="倉敷　推進").id
        for who in (1, officer):
            org.post(who, section, NOW.date(), by=ORGANIZER, now=NOW)
        staffing.register_member(1, officer, by=ORGANIZER, now=NOW)
        place = queries.of_member(officer)[0].id
        substituting.name_substitute(place, 1, by=ORGANIZER, now=NOW)
    assert "倉敷　推進さんの代理です" in member.get("/my/").text
    with clock.fixed(NOW + timedelta(days=11)):
        again = site.test_client()
        sign_in(again, "member@city.example.jp")
        assert "さんの代理です" not in again.get("/my/").text


def test_a_training_that_asks_something_asks_it_after_the_press(site: Flask, member: FlaskClient) -> None:
    with site.app_context():
        a_question(1, key="wish", label="聞きたいこと", required=True)
    assert "質問に答える" not in member.get(ADDRESS).text
    press(member, 1)
    page = member.get(ADDRESS).text
    change = next(part for part in page.split('"') if part.endswith("/change/"))
    assert list(problems(post(member, change, **fields(member.get(change))))) == ["q-wish"]
    answered = {**fields(member.get(change)), "q-wish": "事例を知りたい"}
    assert post(member, change, **answered).status_code == 303
    assert "質問に答える" not in member.get(ADDRESS).text
