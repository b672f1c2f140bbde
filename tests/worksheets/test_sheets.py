"""A worksheet as a workbook: what goes out comes back, and nothing else is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents.errors import UnreadableFile
from app.kernel.types import JSON
from app.questions.states import State
from app.questions.types import Definition, Kind, Question
from app.questions.validate import check
from app.web.console.forms.questions import ON_A_SHEET
from app.worksheets.sheet_reading import read
from app.worksheets.sheets import write
from app.worksheets.shipped import definition
from app.worksheets.types import TemplateRow, WorksheetView
from tests.documents import hostile
from tests.factories import NOW, a_form
from tests.questions.forms import answers_of, definitions


def a_view(form: Definition, answers: dict[str, JSON], *, template: int = 7, unit: int = 3) -> WorksheetView:
    row = TemplateRow(
        template, 2026, "tasks", "棚卸シート", "市民活動推進課", date(2026, 7, 31), True, 0, NOW, None, None, 1, form
    )
    return WorksheetView(1, row, unit, State.DRAFT, form, answers, 4)


TASKS = {"about": {"remark": "=1+1"}, "tasks": [{"row": "row-1", "task": "ごみ減量", "stage": "plan", "publish": True}]}


def filled_in(view: WorksheetView, sheet: str, **cells: object) -> bytes:
    """The view's workbook after somebody wrote into it with a spreadsheet program."""
    book = openpyxl.load_workbook(BytesIO(write(view, "環境政策課")))
    for address, value in cells.items():
        book[sheet][address] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_was_answered_on_the_web_comes_back_from_the_workbook(data):
    form = data.draw(definitions(ON_A_SHEET))
    view = a_view(form, check(form, data.draw(answers_of(form)), complete=False).answers)
    found = read(write(view, "環境政策課"), file_name="様式.xlsx", view=view)
    assert (found.answers, found.problems, found.version) == (view.answers, (), 4)


def test_what_was_written_in_the_spreadsheet_is_read_with_new_rows_below():
    view = a_view(a_form(Question("effort", Kind.NUMBER, "人工", step="0.1")), TASKS)
    content = filled_in(view, "2_業務", B2="ごみの減量", E2=0.5, B3="緑化", C3="なし", D3="いいえ", E3=2)
    found = read(content, file_name="x.xlsx", view=view)
    assert found.problems == ()
    rows = [{key: value for key, value in row.items() if key != "row"} for row in found.answers["tasks"]]
    assert rows == [
        {"task": "ごみの減量", "stage": "plan", "publish": True, "effort": "0.5"},
        {"task": "緑化", "stage": "none", "publish": False, "effort": "2"},
    ]


def test_what_is_wrong_is_named_by_its_cell():
    view = a_view(a_form(Question("effort", Kind.NUMBER, "人工")), TASKS)
    found = read(filled_in(view, "2_業務", C2="どれでもない", E2="三人"), file_name="x.xlsx", view=view)
    assert [(one.sheet, one.cell) for one in found.problems] == [("2_業務", "C2"), ("2_業務", "E2")]


def test_the_shipped_form_goes_out_and_comes_back():
    view = a_view(definition("tasks"), {})
    assert read(write(view, "環境政策課"), file_name="x.xlsx", view=view).answers == {}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"template": 6}, "別の年度か、別の様式"),
        ({"unit": 4}, "別の課・室"),
    ],
)
def test_another_worksheets_workbook_is_refused(other, said):
    content = write(a_view(a_form(), TASKS, **other), "環境政策課")
    with pytest.raises(UnreadableFile, match=said):
        read(content, file_name="x.xlsx", view=a_view(a_form(), TASKS))


def test_a_workbook_of_the_form_before_it_changed_is_refused():
    changed = a_view(a_form(Question("effort", Kind.NUMBER, "人工")), TASKS)
    with pytest.raises(UnreadableFile, match="設問が変わりました"):
        read(write(a_view(a_form(), TASKS), "環境政策課"), file_name="x.xlsx", view=changed)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.xlsm", b"PK", "マクロ"),
        ("x.xlsx", hostile.workbook(), "この画面からダウンロードした"),
        ("x.docx", b"PK", "xlsx"),
        ("x.xlsx", b"", "空"),
    ],
)
def test_a_wrong_file_is_refused(name, content, said):
    with pytest.raises(UnreadableFile, match=said):
        read(content, file_name=name, view=a_view(a_form(), TASKS))


def test_a_formula_is_refused_with_its_cell():
    view = a_view(a_form(), TASKS)
    with pytest.raises(UnreadableFile, match="B2"):
        read(filled_in(view, "2_業務", B2="=1+1"), file_name="x.xlsx", view=view)


def test_a_heading_that_was_changed_is_refused_with_its_cell():
    view = a_view(a_form(), TASKS)
    with pytest.raises(UnreadableFile, match="B1"):
        read(filled_in(view, "2_業務", B1="仕事"), file_name="x.xlsx", view=view)


def test_the_same_file_taken_twice_changes_nothing_the_second_time():
    view = a_view(a_form(), TASKS)
    content = filled_in(
        view, "2_業務", B3="緑化", B4="緑化", A5="記号ではない", B5="ごみ減量", A6="row-1", B6="写した行"
    )
    first = read(content, file_name="x.xlsx", view=view).answers
    assert [row["task"] for row in first["tasks"]] == ["ごみ減量", "緑化", "緑化", "ごみ減量", "写した行"]
    assert read(content, file_name="x.xlsx", view=replace(view, answers=first)).answers == first
    again = filled_in(replace(view, answers=first), "2_業務", B7="緑化")
    rows = [row["row"] for row in read(again, file_name="x.xlsx", view=view).answers["tasks"]]
    assert len(set(rows)) == 6
