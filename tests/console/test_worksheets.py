"""The organizer's worksheets: made, changed, read, given back, counted and made public."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest

from app.accounts.permissions import Role
from app.org.types import UnitKind
from app.worksheets import queries
from app.worksheets.types import State
from tests.console.desk import statements
from tests.factories import a_template, a_unit, a_worksheet
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


def test_another_sections_worksheets_are_not_found(site, template, sheet):
    other = signed_in(site, Role.ORGANIZER, email="other@city.example.jp", section="総務課")
    for address in (
        of(template),
        of(template, "rows"),
        of(template, "questions"),
        f"/console/worksheets/sheets/{sheet}/",
    ):
        assert other.get(address).status_code == 404
    assert f'href="{of(template)}"' not in other.get("/console/worksheets/").text


@pytest.mark.parametrize("part", [(), ("rows",), ("totals",)])
def test_a_page_costs_the_same_for_many(site, organizer, template, sheet, part):
    few = statements(site, organizer, of(template, *part))
    with site.app_context():
        department = a_unit(UnitKind.DEPARTMENT)
        for number in range(12):
            a_worksheet(template, a_unit(UnitKind.SECTION, department), f"業務{number}", submitted=True, stage="plan")
    assert statements(site, organizer, of(template, *part)) == few
