"""Excel files, read back by two libraries and by LibreOffice."""

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.documents.sheets import xlsx
from tests.documents.office import needs_office, read_by_office
from tests.documents.rosters import HARD_NAMES

HEADER = ("受付番号", "氏名", "電話番号", "人数")
TRICKY = [
    ("0012", "=SUM(1,2)", "0864263107", 1),
    ("0013", "+81の人", "+81-86-426-3107", 2),
    ("0014", "@山田", "-1", 3),
    ("0015", "https://example.jp/", "086-426-3107", 4),
]


def read(content):
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def opened(content):
    return openpyxl.load_workbook(BytesIO(content)).active


def test_text_stays_text_and_numbers_stay_numbers():
    assert read(xlsx("名簿", HEADER, TRICKY)) == [list(HEADER), *map(list, TRICKY)]


def test_no_cell_is_a_formula_or_a_link():
    with ZipFile(BytesIO(xlsx("名簿", HEADER, TRICKY))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


@needs_office
def test_libreoffice_reads_what_was_written(tmp_path):
    rows = [*TRICKY, *[(f"{number:04}", name, "", number) for number, name in enumerate(HARD_NAMES)]]
    file = tmp_path / "roster.xlsx"
    file.write_bytes(xlsx("名簿", HEADER, rows))
    assert read_by_office(file) == [list(map(str, row)) for row in [HEADER, *rows]]


def test_the_heading_is_frozen_filtered_and_repeated_on_paper():
    sheet = opened(xlsx("名簿", HEADER, TRICKY, title_rows=("研修会", "第2回")))
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:D7"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet["A1"].value == "研修会"


def test_nothing_is_merged():
    assert not opened(xlsx("名簿", HEADER, TRICKY, title_rows=("研修会",))).merged_cells.ranges


def test_characters_that_a_workbook_cannot_hold_are_left_out():
    assert read(xlsx("名簿", ("氏名",), [("山\x00田\x0b\x1f太\ud800郎\uffff",)]))[1] == ["山田太郎"]


def test_a_text_longer_than_a_cell_ends_in_an_ellipsis():
    cell = opened(xlsx("名簿", ("感想",), [("あ" * 40_000,)]))["A2"].value
    assert len(cell) == 32_767
    assert cell.endswith("…")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("研修会[午前]/午後", "研修会 午前  午後"),
        ("'名簿'", "名簿"),
        ("", "一覧"),
        ("History", "一覧"),
        ("𠮷" * 20, "𠮷" * 15),
        ("あ" * 40, "あ" * 31),
    ],
)
def test_the_sheet_gets_a_name_that_excel_accepts(title, name):
    assert opened(xlsx(title, HEADER, [])).title == name


def test_widths_are_measured_or_given():
    measured = opened(xlsx("名簿", ("氏名", "番"), [("長い名前の人" * 9, "1")]))
    assert measured.column_dimensions["A"].width > 38
    assert measured.column_dimensions["B"].width < 8
    assert opened(xlsx("名簿", ("氏名",), [], widths=(22,))).column_dimensions["A"].width == pytest.approx(22.7, abs=1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.integers(-(10**9), 10**9)), max_size=5))
def test_any_text_gives_a_file_that_opens(rows):
    sheet = opened(xlsx("名簿", ("氏名", "数"), rows))
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [number for _, number in rows]
