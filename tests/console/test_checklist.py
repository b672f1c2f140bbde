"""The pages of the checklist: begun, ticked, added to; the next step is told on the event's page and at home."""

from __future__ import annotations

import re

import pytest

from app.accounts.permissions import Role
from app.events import overview
from tests.console.desk import statements
from tests.factories import a_sitting, an_event
from tests.staff import post, signed_in

ADDED = {"title": "共催団体へ案内を送る", "note": "", "side": "before", "days": "３０", "counting": "days"}


@pytest.fixture
def address(desk):
    return f"/console/events/{desk.event_id}/checklist/"


def steps(desk):
    return desk.ask(lambda: overview.checklist_of(desk.event_id))


def test_the_list_is_begun_ticked_and_the_next_step_is_told(desk, organizer, address):
    assert "準備の一覧はまだありません" in organizer.get(address).text
    assert post(organizer, address, f"{address}begin/").status_code == 303
    first = steps(desk)[0]
    assert f"次にすること：{first.title}" in organizer.get(address).text
    for page in ("/console/", f"/console/events/{desk.event_id}/"):
        assert first.title in organizer.get(page).text
    assert post(organizer, address, f"{address}{first.id}/", done="yes").status_code == 303
    page = organizer.get(address).text
    assert f"次にすること：{steps(desk)[1].title}" in page
    assert re.search(r"済み</span>\s*<span[^>]*>[^<]*検証 太郎", page)
    assert [a.action for a in desk.acts("checklist.")] == ["checklist.begun", "checklist.ticked"]


def test_own_steps_come_and_go_and_mistakes_are_told_at_their_field(desk, organizer, address):
    wrong = post(organizer, address, **{**ADDED, "days": "たくさん"})
    assert (wrong.status_code, 'value="共催団体へ案内を送る"' in wrong.text) == (422, True)
    assert post(organizer, address, **ADDED).status_code == 303
    (own,) = steps(desk)
    assert (own.title, own.days, own.key) == ("共催団体へ案内を送る", -30, None)
    assert post(organizer, address, f"{address}{own.id}/remove/").status_code == 303
    assert steps(desk) == []


def test_a_manager_looks_and_another_section_does_not(desk, organizer, address, site):
    post(organizer, address, f"{address}begin/")
    manager = signed_in(site, Role.MANAGER).get(address)
    assert (manager.status_code, "済みにする" in manager.text, "することを追加" in manager.text) == (200, False, False)
    other = signed_in(site, Role.ORGANIZER, email="other@city.example.jp", section="総務課")
    assert other.get(address).status_code == 404
    assert steps(desk)[0].title not in other.get("/console/").text


def test_home_costs_the_same_for_many_events(desk, organizer, address, site):
    post(organizer, address, f"{address}begin/")
    few = statements(site, organizer, "/console/")
    for _ in range(3):
        with site.app_context():
            other = f"/console/events/{a_sitting(an_event()).event_id}/checklist/"
        post(organizer, other, f"{other}begin/")
    assert statements(site, organizer, "/console/") == few
