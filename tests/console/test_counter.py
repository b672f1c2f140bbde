"""代理受付 at the counter: who is known is found and fills the form."""

from __future__ import annotations

import re

import pytest

from app.accounts.permissions import Role
from app.delivery.models import OutboundMessage
from app.delivery.types import State
from app.infra import clock
from app.infra.db import db
from tests.console.desk import Desk, browser_of, statements
from tests.factories import NOW, a_sitting, an_event, apply_for
from tests.staff import a_person, post

SAITO = {
    "name": "齋藤　春子",
    "kana": "サイトウ　ハルコ",
    "email": None,
    "phone": "+81864263107",
    "postcode": "7108565",
    "address": "倉敷市西中新田640",
    "district": "児島",
    "affiliation": "見本の会",
}


@pytest.fixture
def desk(site):
    """It is ten days before the sitting."""
    with site.app_context(), clock.fixed(NOW):
        event = an_event(asks_affiliation=True, asks_district=True)
        desk = Desk(site, event.id, a_sitting(event, capacity=400).id)
    with clock.fixed(NOW):
        yield desk


def intake(desk, more=""):
    return f"/console/events/{desk.event_id}/intake/{more}"


def filled(page):
    return dict(re.findall(r'id="(\w+)" name="\w+" value="([^"]*)"', page))


@pytest.mark.parametrize(
    "typed", ["さいとう", "ｻｲﾄｳ", "サイトウハル", "3107", "426-3107", "０８６－４２６－３１０７", "+81864263107"]
)
def test_who_applied_before_is_found_by_reading_or_the_end_of_a_number(desk, organizer, typed):
    person = desk.somebody(**SAITO)
    desk.somebody(name="斎木　夏子", kana="サイキ　ナツコ", phone="+81864260001")
    page = organizer.get(intake(desk), query_string={"q": typed, "channel": "fax"}).text
    assert f"from={person}" in page
    assert "斎木" not in page
    assert 'value="fax" checked' in page
    assert [act.action for act in desk.acts("registrations.searched")] == ["registrations.searched"]


def test_one_press_fills_the_form_with_all_but_companions_and_needs(desk, organizer):
    person = desk.somebody(**SAITO, companions=2)
    page = organizer.get(intake(desk, f"?from={person}")).text
    form = filled(page)
    expected = {"name": "齋藤　春子", "kana": "サイトウ　ハルコ", "phone": "086-426-3107", "postcode": "710-8565"}
    expected |= {"district": "児島", "affiliation": "見本の会"}
    assert {name: form[name] for name in expected} == expected
    assert "倉敷市西中新田640</textarea>" in page
    assert form["companions"] in ("", "0")
    assert [act.object_id for act in desk.acts("registration.reused")] == [str(person)]


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [("にしだ　ふゆこ", "kana", "ニシダ　フユコ"), ("086-426-9999", "phone", "086-426-9999")],
)
def test_what_was_typed_in_vain_stands_in_its_field(desk, organizer, typed, name, value):
    page = organizer.get(intake(desk), query_string={"q": typed}).text
    assert "見つかりませんでした" in page
    assert filled(page)[name] == value


@pytest.mark.parametrize("typed", ["さ", "310", "齋藤", "%%%%", "____"])
def test_too_little_finds_nobody_and_says_what_to_type(desk, organizer, typed):
    desk.somebody(**SAITO)
    page = organizer.get(intake(desk), query_string={"q": typed}).text
    assert "フリガナの初めの2文字以上か、電話番号の下4桁以上を入力してください。" in page
    assert "?from=" not in page


def test_one_line_a_person_at_most_twenty_in_the_same_number_of_statements(desk, organizer, site):
    for _twice in range(2):
        desk.somebody(**SAITO)
    few = organizer.get(intake(desk, "?q=さいとう")).text
    assert few.count("dk-known__pick") == 1
    cost = statements(site, organizer, intake(desk, "?q=さいとう"))
    with site.app_context():
        for n in range(21):
            apply_for(desk.sitting_id, **SAITO | {"name": f"齋藤　{n}", "phone": f"+8186426310{n % 10}"})
    assert organizer.get(intake(desk, "?q=さいとう")).text.count("dk-known__pick") == 20
    assert statements(site, organizer, intake(desk, "?q=さいとう")) == cost


def test_another_sections_people_are_not_found_and_cannot_be_taken(desk, organizer, site):
    person = desk.somebody(**SAITO)
    a_person(site, Role.ORGANIZER, email="far@city.example.jp", section="生涯学習課")
    stranger = browser_of(site, "far@city.example.jp")
    with site.app_context():
        event = an_event(section="生涯学習課", title="よその講座")
        a_sitting(event)
        own = event.id
    page = stranger.get(f"/console/events/{own}/intake/?q=さいとう").text
    assert "見つかりませんでした" in page
    assert "齋藤" not in page
    assert stranger.get(f"/console/events/{own}/intake/?from={person}").status_code == 404
    start = stranger.get("/console/intake/").text
    assert (f"/console/events/{own}/intake/" in start, intake(desk) in start) == (True, False)


def test_the_slip_says_how_the_answer_goes_and_the_next_call_begins_the_same_way(desk, organizer):
    person = desk.somebody(**SAITO | {"postcode": "", "address": ""})
    slip = f"/console/registrations/{person}/slip/"
    page = organizer.get(slip).text
    assert intake(desk, "?channel=web") in page
    message = desk.ask(lambda: db.session.scalar(db.select(OutboundMessage.id)))
    answer = post(organizer, slip, f"/console/messages/{message}/called/", **{"from": "slip"})
    assert answer.location == slip
    assert desk.ask(lambda: db.session.get(OutboundMessage, message).state) is State.CALLED
    assert "いま伝えた" not in organizer.get(slip).text
