"""A course that is required, through the pages of the organizer and of whom it binds."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.accounts.permissions import Role
from app.compliance import queries
from app.org import services as org
from tests.elearning.courses import a_course, complete, page
from tests.factories import NOW, ORGANIZER, a_unit
from tests.staff import post, signed_in

NEW = "/console/compliance/new/"
BOARD = "/console/compliance/1/"


@pytest.fixture
def site(site: Flask) -> Flask:
    """With a course that is published."""
    with site.app_context():
        a_course(page())
    return site


def test_a_course_alone_is_required_of_everybody_and_stands_first_on_their_page(site):
    organizer, member = signed_in(site), signed_in(site, Role.MEMBER)
    with site.app_context():
        org.post(1, a_unit(name="環境政策課"), date(2026, 4, 1), by=ORGANIZER, now=NOW)
    asked = {"title": "全職員の受講", "audience": "everyone", "due_on": "令和8年9月30日", "substitutes": "refused"}
    nothing = post(organizer, NEW, **asked, event_id="0", course_id="0")
    assert nothing.status_code == 422
    assert "研修か、Eラーニングの講座を選んでください。" in nothing.text
    assert "全職員の受講" in nothing.text
    assert post(organizer, NEW, **asked, event_id="0", course_id="1").headers["Location"] == BOARD

    home = member.get("/my/").text
    assert "全職員の受講" in home
    assert home.count("/my/elearning/1/") == 1
    assert "修了すると、研修を受講したことになります" not in home
    board = organizer.get(BOARD).text
    assert "Eラーニング「協働の進め方」を修了すると、受講になります。" in board
    assert "修了証の発行" not in board
    with site.app_context():
        complete(1, 1)
    assert "Eラーニングを修了" in organizer.get(f"{BOARD}?standing=all").text
    assert "全職員の受講　Eラーニングを修了" in member.get("/my/").text
    assert organizer.get(f"{BOARD}reminders/").status_code == 200
    assert organizer.get(f"{BOARD}board.pdf").status_code == 200

    assert (
        post(organizer, f"{BOARD}edit/", **asked | {"title": "別の名称"}, event_id="0", course_id="1").status_code
        == 303
    )
    with site.app_context():
        assert queries.one(1).title == "別の名称"
    other = signed_in(site, email="other@city.example.jp", section="環境政策課")
    for address in (BOARD, f"{BOARD}edit/", f"{BOARD}board.xlsx", f"{BOARD}reminders/", f"{BOARD}certificates/"):
        assert other.get(address).status_code == 404, address
