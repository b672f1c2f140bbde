"""The organizer's worksheets: made, changed, read, given back, counted and made public."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from app.accounts.permissions import Role
from app.org.types import UnitKind
from app.questions import codec
from app.questions.states import State
from app.questions.types import Option
from app.worksheets import queries, services, templates
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_form, a_template, a_unit, a_worksheet
from tests.staff import post, signed_in, token_of


@pytest.fixture
def template(site) -> int:
    """A worksheet of this year that the sections see; its id."""
    with site.app_context():
        return a_template(needs_approval=False)


@pytest.fixture
def sheet(site, template) -> int:
    """What one section has handed in of it; its id."""
    with site.app_context():
        section = a_unit(UnitKind.SECTION, a_unit(UnitKind.DEPARTMENT, name="環境部"), name="環境政策課")
        return a_worksheet(template, section, "ごみ減量", "緑化", submitted=True, stage="plan", publish=True)


def of(template: int, *path: str) -> str:
    return "/".join(["/console/worksheets", str(template), *path, ""])


def asked(site, template: int) -> list[str]:
    """The words of every question, in order."""
    with site.app_context():
        return [question.label for _section, question in queries.template(template).definition]


def state(site, sheet: int) -> State:
    with site.app_context():
        return queries.one(sheet).state


def test_a_worksheet_is_made_from_the_shipped_form_and_opened(site, organizer):
    sent = {"title": "業務の棚卸シート", "due_on": "令和8年7月31日", "source": "shipped", "needs_approval": "y"}
    made = post(organizer, "/console/worksheets/new/", **sent)
    assert made.status_code == 303, made.text
    assert asked(site, 1)[0] == "作成回"
    assert "公開前" in organizer.get("/console/worksheets/?year=2026").text
    post(organizer, of(1), of(1, "open"))
    with site.app_context():
        assert queries.template(1).writable
    again = post(organizer, "/console/worksheets/new/", **sent)
    assert again.status_code == 422
    assert "すでにあります" in again.text


def test_the_board_says_who_is_missing(site, organizer, template, sheet):
    with site.app_context():
        a_unit(name="総務課")
    everybody = organizer.get(of(template)).text
    assert "環境政策課" in everybody
    assert "総務課" in everybody
    missing = organizer.get(of(template) + "?state=none").text
    assert "総務課" in missing
    assert "環境政策課" not in missing


def test_a_sheet_goes_back_with_a_remark_on_its_row_and_is_accepted_afterwards(site, organizer, template, sheet):
    page = f"/console/worksheets/sheets/{sheet}/"
    empty = post(organizer, page, f"{page}return/")
    assert empty.status_code == 422
    assert "直してほしいこと" in empty.text
    remark = "課題の背景を書いてください。"
    assert post(organizer, page, f"{page}return/", **{"q-tasks-row-2-comment": remark}).status_code == 303
    with site.app_context():
        view = queries.one(sheet)
    assert (view.state, [(said.row, said.text) for said in view.comments]) == (State.RETURNED, [("row-2", remark)])
    refused = post(organizer, page, f"{page}accept/")
    assert refused.status_code == 422
    with site.app_context():
        a_worksheet(template, view.unit_id, "ごみ減量", "緑化の推進", submitted=True, publish=True)
    assert post(organizer, page, f"{page}accept/").status_code == 303
    assert state(site, sheet) is State.ACCEPTED
    assert "緑化の推進" in organizer.get(f"{page}history/").text


def test_tasks_are_found_by_word_department_and_answer(site, organizer, template, sheet):
    with site.app_context():
        other = a_unit(UnitKind.SECTION, a_unit(UnitKind.DEPARTMENT, name="総務部"))
        a_worksheet(template, other, "庁舎管理", submitted=True, stage="none")

    def found(query: str) -> list[str]:
        html = organizer.get(of(template, "rows") + query).text
        return re.findall(r"worksheets/sheets/\d+/\">([^<]+)</a>", html)

    assert found("") == ["ごみ減量", "緑化", "庁舎管理"]
    assert found("?o-stage=none") == found("?department=総務部") == found("?q=庁舎") == ["庁舎管理"]
    assert found("?q=どこにもない") == []


def test_the_workbook_has_a_row_a_task_and_a_column_a_question(organizer, template, sheet):
    book = openpyxl.load_workbook(BytesIO(organizer.get(of(template, "rows.xlsx").rstrip("/")).data))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:6] == ("部", "課・室", "状態", "区分", "業務名", "現状の協働")
    assert [row[:6] for row in rows[1:]] == [
        ("環境部", "環境政策課", "提出済", "業務", "ごみ減量", "企画段階から"),
        ("環境部", "環境政策課", "提出済", "業務", "緑化", "企画段階から"),
    ]


def test_only_chosen_agreed_and_accepted_tasks_are_public_once_the_extract_is(site, organizer, template, sheet):
    public = site.test_client()
    assert public.get("/worksheets/2026/").status_code == 404
    rows, page = of(template, "rows"), f"/console/worksheets/sheets/{sheet}/"
    assert post(organizer, rows, shown=["1", "2"], chosen=["1"]).status_code == 303
    post(organizer, rows, of(template, "extract", "show"))
    assert "ごみ減量" not in public.get("/worksheets/2026/").text
    post(organizer, page, f"{page}accept/")
    shown = public.get("/worksheets/2026/").text
    assert "ごみ減量" in shown
    assert "緑化" not in shown
    assert public.get("/worksheets/2026/1.pdf").data.startswith(b"%PDF")
    assert "/worksheets/2026/" in public.get("/worksheets/").text
    post(organizer, rows, of(template, "extract", "hide"))
    assert public.get("/worksheets/2026/").status_code == 404


def test_a_question_is_added_with_options_and_a_condition(site, organizer, template):
    page = of(template, "questions", "2", "0")
    typed = {"label": "協働の形態", "kind": "multiple", "step": "1", "when": "stage=plan",
             "options-0-label": "委託", "options-1-label": "その他", "options-1-free": "y"}  # fmt: skip
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', organizer.get(page).text)
    more = post(organizer, page, seen=seen[1], row="options-add", **typed)
    assert more.status_code == 200
    assert 'value="委託"' in more.text
    saved = post(organizer, page, seen=seen[1], **typed)
    assert saved.status_code == 303, saved.text
    with site.app_context():
        made = queries.template(template).definition.sections[1].questions[-1]
    assert [(one.label, one.free) for one in made.options] == [("委託", False), ("その他", True)]
    assert made.condition is not None
    assert made.condition.answers == ("plan",)


def test_what_contradicts_itself_is_told_and_nothing_typed_is_lost(site, organizer, template):
    page = of(template, "questions", "2", "0")
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', organizer.get(page).text)
    refused = post(organizer, page, seen=seen[1], label="協働の形態", kind="single", step="1")
    assert refused.status_code == 422
    assert "選択肢を確かめてください" in refused.text
    assert 'value="協働の形態"' in refused.text


def test_questions_and_sections_move_and_go(site, organizer, template):
    page = of(template, "questions")
    token = organizer.get(page).text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', token)[1]
    send = {"csrf_token": token_of(token), "seen": seen, "hint": ""}
    organizer.post(page, data={**send, "do": "up:2:2"}, headers={"Origin": "http://localhost"})
    assert asked(site, template)[1:3] == ["現状の協働", "業務名"]
    late = organizer.post(page, data={**send, "do": "remove:1"}, headers={"Origin": "http://localhost"})
    assert late.status_code == 422
    assert "別の職員が先に設問を変えています" in late.text


def test_moving_a_question_keeps_the_words_that_were_typed_above(site, organizer, template):
    page = of(template, "questions")
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', organizer.get(page).text)[1]
    too_long = post(organizer, page, seen=seen, hint="長" * 401, do="up:2:2")
    assert too_long.status_code == 422
    assert "長" * 401 in too_long.text
    assert asked(site, template)[1] == "業務名"
    post(organizer, page, seen=seen, hint="7月末までに", do="up:2:2")
    assert asked(site, template)[1] == "現状の協働"
    with site.app_context():
        assert queries.template(template).definition.hint == "7月末までに"


def test_the_organizers_own_questions_are_asked_and_answered_at_the_desk_alone(site, organizer, template):
    page = of(template, "questions", "2", "0")
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', organizer.get(page).text)[1]
    own = {"label": "評価点", "kind": "number", "step": "1", "most": "5", "required": "y", "internal": "y"}
    assert post(organizer, page, seen=seen, **own).status_code == 303
    assert "事務局だけ" in organizer.get(of(template, "questions")).text
    assert "評価点" not in organizer.get(of(template, "preview")).text
    with site.app_context():
        sheet = a_worksheet(template, a_unit(name="環境政策課"), "ごみ減量", submitted=True, publish=True)
        key = queries.template(template).definition.sections[1].questions[-1].key
    read, desk = f"/console/worksheets/sheets/{sheet}/", f"/console/worksheets/sheets/{sheet}/assessment/"
    early = post(organizer, read, f"{read}accept/")
    assert early.status_code == 422
    assert "必須の記入が残っています" in early.text
    seen = re.search(r'name="seen" value="(\w+)"', organizer.get(desk).text)[1]
    row = {"rows-tasks": "row-1", "q-tasks-row-1-task": "書き換え"}
    wrong = post(organizer, desk, seen=seen, **row, **{f"q-tasks-row-1-{key}": "とても高い"})
    assert wrong.status_code == 422
    assert "行1の「評価点」は数字で" in wrong.text
    assert 'value="とても高い"' in wrong.text
    assert post(organizer, desk, seen=seen, **row, **{f"q-tasks-row-1-{key}": "4"}).status_code == 303
    late = post(organizer, desk, seen=seen, **row, **{f"q-tasks-row-1-{key}": "5"})
    assert late.status_code == 422
    assert "先に保存しています" in late.text
    with site.app_context():
        assert queries.one(sheet).answers["tasks"] == [{"row": "row-1", "task": "ごみ減量", "publish": True, key: "4"}]
    assert "<dd>4</dd>" in organizer.get(read).text
    assert post(organizer, read, f"{read}accept/").status_code == 303
    task = re.search(r'name="shown" value="(\d+)"', organizer.get(of(template, "rows")).text)[1]
    post(organizer, of(template, "rows"), shown=[task], chosen=[task])
    post(organizer, of(template, "rows"), of(template, "extract", "show"))
    shown = site.test_client().get("/worksheets/2026/").text
    assert "ごみ減量" in shown
    assert "評価点" not in shown


def test_what_one_side_wrote_is_not_shown_to_the_other_by_a_change_of_the_question(site, organizer, template, sheet):
    page = of(template, "questions", "1", "1")
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', organizer.get(page).text)[1]
    before = key_of(site, template)
    post(organizer, page, seen=seen, label="伝えたいこと", kind="text", step="1")
    assert key_of(site, template) == before
    post(organizer, page, seen=seen, label="伝えたいこと", kind="text", step="1", internal="y")
    assert key_of(site, template) != before


def key_of(site, template: int) -> str:
    with site.app_context():
        return queries.template(template).definition.sections[0].questions[0].key


def test_another_sections_worksheets_are_not_found(site, template, sheet):
    other = signed_in(site, Role.ORGANIZER, email="other@city.example.jp", section="総務課")
    for address in (
        of(template),
        of(template, "rows"),
        of(template, "questions"),
        f"/console/worksheets/sheets/{sheet}/",
        f"/console/worksheets/sheets/{sheet}/assessment/",
    ):
        assert other.get(address).status_code == 404
    assert f'href="{of(template)}"' not in other.get("/console/worksheets/").text


def test_what_was_answered_on_an_older_form_keeps_its_words(site, organizer, template, sheet):
    newer = a_form()
    stage = replace(newer.sections[1].questions[1], label="これからの協働", options=(Option("more", "広げる"),))
    tasks = replace(
        newer.sections[1], questions=(newer.sections[1].questions[0], stage, *newer.sections[1].questions[2:])
    )
    with site.app_context():
        newer = replace(newer, sections=(newer.sections[0], tasks))
        templates.ask(template, newer, seen=codec.digest(a_form()), by=ORGANIZER, now=NOW)
        templates.choose_rows(template, [1], [1], by=ORGANIZER, now=NOW)
        templates.publish_extract(template, shown=True, by=ORGANIZER, now=NOW)
        services.accept(sheet, by=ORGANIZER, now=NOW)
    shown = site.test_client().get("/worksheets/2026/").text
    assert "<dt>現状の協働</dt><dd>企画段階から</dd>" in shown
    book = openpyxl.load_workbook(BytesIO(organizer.get(of(template, "rows.xlsx").rstrip("/")).data))
    assert [row[5] for row in book.active.iter_rows(values_only=True)] == [
        "これからの協働",
        "企画段階から",
        "企画段階から",
    ]


def test_the_list_of_a_year_costs_the_same_for_many(site, organizer, template, sheet):
    few = statements(site, organizer, "/console/worksheets/")
    with site.app_context():
        for number in range(6):
            a_worksheet(a_template(code=f"more{number}"), a_unit(), "業務", submitted=True)
    assert statements(site, organizer, "/console/worksheets/") == few


@pytest.mark.parametrize("part", [(), ("rows",), ("totals",)])
def test_a_page_costs_the_same_for_many(site, organizer, template, sheet, part):
    few = statements(site, organizer, of(template, *part))
    with site.app_context():
        department = a_unit(UnitKind.DEPARTMENT)
        for number in range(12):
            a_worksheet(template, a_unit(UnitKind.SECTION, department), f"業務{number}", submitted=True, stage="plan")
    assert statements(site, organizer, of(template, *part)) == few
