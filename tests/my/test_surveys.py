"""A section's answer to the survey through its pages: several people at once, colleagues, the head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import services as accounts
from app.accounts.permissions import Role
from app.accounts.types import NewPerson
from app.delivery.models import OutboundMessage
from app.infra import clock
from app.infra.db import db
from app.kernel.types import SYSTEM
from app.org import services as org
from app.org.drafts import UnitDraft
from app.org.types import UnitKind
from app.questions.states import State
from app.questions.types import Definition, Kind, Option, Question, Section
from app.surveys import answers
from app.surveys.types import AnswerView
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_template, a_unit, a_worksheet
from tests.staff import PASSWORD, post, sign_in, token_of
from tests.surveys.build import a_colleague, a_project, a_survey, an_answer

HERE = "/my/surveys/1/1/"
STAGES = (Option("planning", "企画段階から"), Option("none", "なし"))
# As much of the worksheet 業務の棚卸シート as the survey takes over.
INVENTORY = Definition(
    "棚卸シート",
    (
        Section(
            "tasks",
            "業務",
            (
                Question("task", Kind.LINE, "業務名"),
                Question(
                    "stage",
                    Kind.SINGLE,
                    "現状の協働",
                    options=(Option("planning", "企画段階から"), Option("none", "なし")),
                ),
            ),
            repeats=True,
        ),
    ),
)
ROW = HERE + "projects/row-1/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """An open survey (1), the own section (1) with its promoter (member 1), and another section (2)."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
        a_unit(name="環境政策課")
        a_unit(name="公園緑地課")
        a_duty(1)
        a_survey()
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


def browser_of(site: Flask, member: int) -> FlaskClient:
    """The browser in which a member of staff is signed in."""
    with site.app_context():
        email = f"m{member}@city.example.jp"
        accounts.create_user(NewPerson(email, f"職員{member}", Role.MEMBER, "", member), PASSWORD, by=SYSTEM, now=NOW)
    client = site.test_client()
    assert sign_in(client, email).status_code == 303
    return client


@pytest.fixture
def promoter(site: Flask) -> FlaskClient:
    return browser_of(site, 1)


def colleague_of(site: Flask, unit: int = 1, **changes: str) -> tuple[int, FlaskClient]:
    with site.app_context():
        member = a_colleague(unit, **changes)
    return member, browser_of(site, member)


def view(site: Flask) -> AnswerView:
    with site.app_context():
        return answers.of_unit(1, 1)


def version_of(page: str) -> str:
    return re.search(r'name="version" value="([^"]*)"', page)[1]


def fill(client: FlaskClient, path: str, **fields: object):
    """Open a part, then send what is typed there."""
    return post(client, path, version=version_of(client.get(path).text), **fields)


def sent(client: FlaskClient, read: str, **said: object):
    """What the page of the row sends after `read` was shown."""
    fields = {f"q-projects-{key}": value for key, value in said.items()}
    return {"csrf_token": token_of(read), "version": version_of(read), **fields}


def send(client: FlaskClient, read: str, headers: dict[str, str] | None = None, **said: object):
    origin = {"Origin": "http://localhost", **(headers or {})}
    return client.post(ROW, data=sent(client, read, **said), headers=origin)


def test_from_an_empty_form_to_what_the_head_confirms(site, promoter):
    head, chief = colleague_of(site, position="課長")
    assert "未着手" in promoter.get("/my/").text
    fill(promoter, HERE + "section/-/", **{"q-section-respondent": "主任　花子"})
    refused = post(promoter, HERE, HERE + "submit/")
    assert refused.status_code == 422
    assert "「該当なし」を選んでください" in refused.text
    project = {f"q-projects-{key}": value for key, value in a_project().items() if key != "publish"}
    fill(promoter, ROW, **project)
    refused = post(promoter, HERE, HERE + "submit/")
    assert "「この事業を公表してよい」を選んでください" in refused.text
    fill(promoter, ROW, **project, **{"q-projects-publish": "yes"})
    assert post(promoter, HERE, HERE + "submit/").status_code == 303
    assert post(promoter, HERE, HERE + "approve/").status_code == 404
    assert post(chief, HERE, HERE + "return/").status_code == 422
    long = post(chief, HERE, HERE + "return/", remark="長" * 1001)
    assert (long.status_code, "いまは1,001文字" in long.text, "長" * 1001 in long.text) == (422, True, True)
    post(chief, HERE, HERE + "return/", remark="概要を詳しく。")
    assert "概要を詳しく。" in promoter.get(ROW).text
    post(promoter, HERE, HERE + "submit/")
    post(chief, HERE, HERE + "approve/")
    found = view(site)
    assert (found.state, found.approved_by, found.rows[0].answers["publish"]) == (
        State.SUBMITTED,
        f"職員{head}（職員）",
        True,
    )
    story = promoter.get(HERE + "history/").text
    assert story.index("所属長の差戻し") < story.index("概要を詳しく。")


def test_two_people_on_one_project_lose_nothing(site, promoter):
    _id, chief = colleague_of(site, position="課長")
    fill(promoter, ROW, **{"q-projects-name": "花壇づくり", "q-projects-summary": "花を育てた。"})
    first, second = promoter.get(ROW).text, chief.get(ROW).text
    # Each changes another question; whoever saves later still shows the older words of the first.
    send(promoter, first, name="花壇と菜園", summary="花を育てた。")
    send(chief, second, name="花壇づくり", summary="花を育てた。", results="町内会が続けている。")
    assert view(site).rows[0].answers == {
        "name": "花壇と菜園",
        "summary": "花を育てた。",
        "results": "町内会が続けている。",
    }
    # Both change the same one: nothing is overwritten, both texts are on the page, and the choice is kept.
    send(promoter, promoter.get(ROW).text, name="花壇と菜園", summary="町内会と。", results="町内会が続けている。")
    clash = send(chief, second, name="花壇づくり", summary="花を育て、配った。", results="町内会が続けている。")
    assert clash.status_code == 409
    assert "先に保存された内容：町内会と。" in clash.text
    assert ">\n花を育て、配った。</textarea>" in clash.text
    assert view(site).rows[0].answers["summary"] == "町内会と。"
    kept = send(chief, clash.text, name="花壇と菜園", summary="花を育て、配った。", results="町内会が続けている。")
    assert kept.status_code == 303
    assert view(site).rows[0].answers["summary"] == "花を育て、配った。"


def test_the_pages_script_saves_in_between_and_is_told_of_a_conflict(site, promoter):
    _id, chief = colleague_of(site, position="課長")
    script, mine, theirs = {"Accept": "application/json"}, promoter.get(ROW).text, chief.get(ROW).text
    saved = send(promoter, mine, script, name="花壇").get_json()
    assert saved["said"].startswith("提出までに")
    again = {**sent(promoter, mine, name="花壇づくり"), "version": saved["version"]}
    origin = {"Origin": "http://localhost", **script}
    assert promoter.post(ROW, data=again, headers=origin).status_code == 200
    clash = send(chief, theirs, script, name="菜園")
    assert clash.status_code == 409
    assert clash.get_json()["controls"] == {"q-projects-name": ["花壇づくり"]}
    settled = {**sent(chief, theirs, name="菜園"), "version": clash.get_json()["version"]}
    assert chief.post(ROW, data=settled, headers=origin).status_code == 200
    assert view(site).rows[0].name == "菜園"


def test_a_colleague_sees_and_fills_in_only_what_was_handed_to_them(site, promoter):
    member, helper = colleague_of(site)
    fill(promoter, ROW, **{"q-projects-name": "花壇づくり"})
    assert helper.get(HERE).status_code == 404
    post(promoter, ROW, ROW + "hand/", member=member, question="results")
    twice = post(promoter, ROW, ROW + "hand/", member=member, question="results")
    assert (twice.status_code, "すでに依頼しています" in twice.text) == (422, True)
    page = helper.get(ROW).text
    assert ("q-projects-results" in page, "q-projects-summary" in page) == (True, False)
    assert "依頼された記入が1か所" in helper.get("/my/").text
    for other in ("section/-/", "projects/row-2/", "history/"):
        assert helper.get(HERE + other).status_code == 404
    assert post(helper, HERE, "/my/surveys/1/1/withdraw/").status_code == 404
    # Whatever else is sent, only the question that was handed is taken.
    done = {"q-projects-results": "町内会が続けている。", "q-projects-name": "別の名"}
    fill(helper, ROW, **done, do="done")
    assert view(site).rows[0].answers == {"name": "花壇づくり", "results": "町内会が続けている。"}
    (handed,) = view(site).rows[0].handed
    assert handed.done_at == NOW
    assert "依頼された記入" not in helper.get("/my/").text
    post(promoter, ROW, ROW + "take_back/", handed=handed.id)
    assert helper.get(HERE).status_code == 404
    with site.app_context():
        assert [m.kind for m in db.session.query(OutboundMessage)] == ["survey.handed"]


def test_parts_are_handed_to_people_of_the_own_section_alone(site, promoter):
    with site.app_context():
        stranger = a_colleague(2)
    fill(promoter, ROW, **{"q-projects-name": "花壇づくり"})
    refused = post(promoter, ROW, ROW + "hand/", member=stranger)
    assert (refused.status_code, "同じ課・室の職員" in refused.text) == (422, True)


def test_last_years_projects_and_the_inventorys_are_taken_over_with_one_press(site, promoter):
    with site.app_context():
        org.save_unit(UnitDraft("9001", UnitKind.SECTION, "環境政策課"), 2025, unit_id=1, by=ORGANIZER, now=NOW)
        before = a_survey(year=2025)
        an_answer(before, 1, a_project("花壇づくり"), a_project("終わった催し", continuation="ended"))
        for stage, task in (("planning", "ごみ減量"), ("none", "公害の調査")):
            a_worksheet(a_template(code=stage, definition=INVENTORY), 1, task, submitted=True, stage=stage)
    page = promoter.get(HERE).text
    shown = [word in page for word in ("花壇づくり", "令和7年度の回答", "ごみ減量", "終わった催し", "公害の調査")]
    assert shown == [True, True, True, False, False]
    post(promoter, HERE, HERE + "take/", all="1")
    post(promoter, HERE, HERE + "take/", all="1")
    row, task = view(site).rows
    assert task.answers == {"name": "ごみ減量"}
    assert row.answers["partners"] == ["npo"]
    # What holds for a year is asked anew.
    assert {"continuation", "publish"} & row.answers.keys() == set()


def test_nothing_to_tell_is_said_and_a_project_takes_it_back(site, promoter):
    post(promoter, HERE, HERE + "nothing/")
    assert view(site).nothing
    fill(promoter, ROW, **{"q-projects-name": "花壇づくり"})
    assert not view(site).nothing
    assert post(promoter, HERE, HERE + "nothing/").status_code == 422
    post(promoter, ROW, do="remove")
    assert view(site).rows == []


def test_a_row_that_a_colleague_has_removed_comes_back_with_what_was_typed(site, promoter):
    _id, chief = colleague_of(site, position="課長")
    fill(promoter, ROW, **{"q-projects-name": "花壇づくり"})
    read = promoter.get(ROW).text
    post(chief, ROW, do="remove")
    clash = send(promoter, read, name="花壇と菜園")
    assert clash.status_code == 409
    assert send(promoter, clash.text, name="花壇と菜園").status_code == 303
    assert view(site).rows[0].name == "花壇と菜園"


def test_who_has_nothing_to_do_with_a_section_does_not_find_its_answer(site):
    _id, stranger = colleague_of(site, 2, position="課長")
    for path in (HERE, ROW, HERE + "history/"):
        assert stranger.get(path).status_code == 404
    with site.app_context():
        unplaced = a_member().id
    assert browser_of(site, unplaced).get(HERE).status_code == 404


def test_nothing_is_written_after_it_was_handed_in(site, promoter):
    with site.app_context():
        an_answer(1, 1, a_project(), upto="submitted")
    assert promoter.get(ROW).status_code == 404
    post(promoter, HERE, HERE + "withdraw/")
    assert view(site).state is State.DRAFT
