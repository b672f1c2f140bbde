"""Tables that people upload: what was written is what is read."""

from datetime import date, datetime, time
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.archive import Limits
from app.documents.csv_text import csv_bytes
from app.documents.errors import UnreadableFile
from app.documents.reading import address, read_table, read_workbook
from app.documents.sheets import xlsx
from app.documents.types import Encoding
from tests.documents.rosters import HARD_NAMES

HEADER = ("職員番号", "氏名")
# What XML and CSV both carry as it stands; line breaks and blanks at the ends have tests of their own.
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=30)


def saved(*rows):
    """A workbook as a person makes it in Excel."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_of_ours_comes_back_as_it_was():
    rows = [(f"{n:04}", name) for n, name in enumerate([*HARD_NAMES, "=SUM(1,2)", "+81の人"])]
    assert read_table(xlsx("名簿", HEADER, rows), file_name="職員.xlsx").rows == (HEADER, *rows)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_in_each_encoding_reads_the_same(codec):
    content = '職員番号,氏名\r\n0012,"髙橋, ①郎"\r\n,\r\n'.encode(codec)
    assert read_table(content, file_name="職員.CSV").rows == (HEADER, ("0012", "髙橋, ①郎"), (None, None))


@given(st.lists(st.tuples(WORDS, WORDS), max_size=8))
@settings(max_examples=30, deadline=None)
def test_nothing_is_lost_on_the_way_through_excel(rows):
    kept = read_table(xlsx("表", HEADER, rows), file_name="a.xlsx").rows[1:]
    assert [tuple(cell or "" for cell in row) for row in kept] == rows


def test_csv_of_ours_comes_back():
    rows = [("0012", "髙橋"), ("0013", '山田 "太郎"')]
    content = csv_bytes(HEADER, rows, encoding=Encoding.CP932).content
    assert read_table(content, file_name="a.csv").rows == (HEADER, *rows)


def test_days_numbers_and_yes_read_as_a_person_would_write_them():
    row = (date(2026, 4, 1), datetime(2026, 4, 1, 9, 30), time(9, 30), 12, 12.0, 0.5, True, None, "")
    assert read_table(saved(row), file_name="a.xlsx").rows[0][:7] == (
        "2026-04-01", "2026-04-01 09:30:00", "09:30:00", "12", "12", "0.5", "TRUE",
    )  # fmt: skip


def test_empty_rows_keep_the_numbers_of_the_lines():
    table = read_table(saved(["a"], [], [None, "b"]), file_name="a.xlsx")
    assert (table.cell(0, 0), table.cell(1, 0), table.cell(2, 1), table.cell(9, 9)) == ("a", None, "b", None)


def test_every_sheet_can_be_asked_for_by_name():
    book = openpyxl.Workbook()
    book.create_sheet("二枚目")["B2"] = "ここ"
    file = BytesIO()
    book.save(file)
    read = read_workbook(file.getvalue(), file_name="a.xlsx")
    assert read.sheet("二枚目").cell(1, 1) == "ここ"
    with pytest.raises(LookupError):
        read.sheet("三枚目")


def test_formulas_are_refused_unless_allowed():
    content = saved(["=1+1", "x"])
    with pytest.raises(UnreadableFile, match="数式"):
        read_table(content, file_name="a.xlsx")
    assert read_table(content, file_name="a.xlsx", limits=Limits(formulas=True)).rows[0][1] == "x"


def test_csv_is_not_a_workbook():
    with pytest.raises(UnreadableFile, match="Excelブック"):
        read_workbook(b"a,b", file_name="a.csv")


def test_an_open_quotation_mark_is_named_with_its_line():
    with pytest.raises(UnreadableFile, match="2行目"):
        read_table(b'a,b\r\n"c', file_name="a.csv")


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A1"), (4, 2, "C5"), (0, 25, "Z1"), (0, 26, "AA1"), (9, 701, "ZZ10")]
)
def test_cells_have_the_names_that_excel_shows(row, column, name):
    assert address(row, column) == name
