"""団体の枠 on the console: made, looked after, taken back."""

from __future__ import annotations

import pytest

from app.infra import clock
from app.registrations import bodies
from app.registrations.types import Member, Status
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, details
from tests.public.door import fields, problems
from tests.staff import post

BODY = {
    "held": "3", "until_on": "2026-06-08", "until_time": "17:00", "body": "早島町", "kana": "はやしまちょう",
    "contact": "担当　一郎", "email": "machi@example.jp",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _days_before(site):
    with clock.fixed(NOW):
        yield


def made(desk, organizer, **typed) -> int:
    page = f"/console/events/{desk.event_id}/bodies/new/"
    answer = organizer.post(page, data={**fields(organizer.get(page)), **BODY, **typed})
    assert answer.status_code == 303, problems(answer)
    return int(answer.location.rstrip("/").rsplit("/", 1)[1])


def a_body(desk, number: int) -> int:
    draft = bodies.BodyDraft(desk.sitting_id, details(companions=1), "担当", NOW.replace(day=8), f"key-{number}")
    return desk.ask(lambda: bodies.make(draft, by=ORGANIZER, now=NOW))


def test_a_body_is_made_and_its_page_has_the_link_and_a_code_to_hand_over(desk, organizer):
    number = made(desk, organizer)
    page = organizer.get(f"/console/bodies/{number}/").text
    assert "/g/" in page
    assert "早島町の専用ページのQRコード" in page
    listed = organizer.get(f"/console/events/{desk.event_id}/bodies/").text
    assert "早島町" in listed
    assert "入力待ち" in listed


def test_what_is_missing_is_said_at_its_field(desk, organizer):
    page = f"/console/events/{desk.event_id}/bodies/new/"
    sent = {**fields(organizer.get(page)), **BODY, "email": "", "held": "0", "until_on": "2027-06-08"}
    assert set(problems(organizer.post(page, data=sent))) == {"email", "held"}
    late = {**fields(organizer.get(page)), **BODY, "until_on": "2027-06-08"}
    assert list(problems(organizer.post(page, data=late))) == ["until_on"]


def test_seats_and_time_are_changed_and_the_seats_taken_back(desk, organizer):
    number = made(desk, organizer)
    page = f"/console/bodies/{number}/"
    assert post(organizer, page, held="5", until_on="2026-06-09", until_time="12:00").status_code == 303
    assert desk.ask(lambda: bodies.one(number)).held == 5
    assert "席は、3席から5席になりました。" in organizer.get(f"/console/registrations/{number}/").text
    assert post(organizer, f"/console/registrations/{number}/cancel/", reason="辞退の電話").status_code == 303
    assert desk.ask(lambda: bodies.one(number)).registration.status is Status.CANCELLED
    assert "この枠は取り消されています" in organizer.get(page).text


def test_those_whom_a_body_names_stand_on_roster_and_sheet(desk, organizer):
    number = made(desk, organizer)
    people = (Member("倉敷　太郎"), Member("玉島　次郎"))
    desk.ask(lambda: bodies.fill(number, people, None, version=1, by=ORGANIZER, now=NOW))
    for page in (organizer.get(f"{desk.roster}/").text, organizer.get(desk.sheet).text):
        assert all(one.name in page for one in people)
    assert organizer.get(f"{desk.roster}.csv").text.count("玉島　次郎") == 1


def test_the_list_needs_as_many_statements_for_many_bodies_as_for_one(desk, organizer):
    page = f"/console/events/{desk.event_id}/bodies/"
    a_body(desk, 0)
    few = statements(desk.site, organizer, page)
    for number in range(1, 6):
        a_body(desk, number)
    assert statements(desk.site, organizer, page) == few
