"""CSV files: one line a row, harmless in a spreadsheet, nothing lost in silence."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.csv_text import csv_bytes, is_formula_like
from app.documents.types import Encoding, Replaced
from tests.documents.office import needs_office, read_by_office

HEADER = ("氏名", "電話番号")
PHONES = ("+81-3-1234-5678", "+81 86 426 3107", "+818012345678", "086-426-3107", "0120-000-000", "-1", "+1.5", "0012")


def written(*rows, encoding=Encoding.UTF8, header=HEADER):
    return csv_bytes(header, rows, encoding=encoding)


def read(file, codec="utf-8-sig"):
    return list(csv.reader(StringIO(file.content.decode(codec), newline="")))


def test_utf8_begins_with_a_bom_and_lines_end_in_crlf():
    assert written(("山田", "086")).content == '\ufeff氏名,電話番号\r\n山田,"086"\r\n'.encode()


def test_quotes_commas_and_outer_space_survive():
    row = ['山"田", 太郎 ', "　全角"]
    assert read(written(row))[1] == row


def test_a_line_break_in_a_cell_becomes_a_space():
    assert read(written(("一行\r\n二行\n三行\u2028四", ""))) == [list(HEADER), ["一行 二行 三行 四", ""]]


def test_control_characters_are_left_out():
    assert read(written(("山\x00田\x1b太\ud800郎", None)))[1] == ["山田太郎", ""]


@pytest.mark.parametrize("prefix", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦"])
@pytest.mark.parametrize("before", ["", " ", "　", '"', ",", ";", "\ufeff", "\x00"])
def test_text_that_begins_like_a_formula_gets_an_apostrophe_inside_quotes(prefix, before):
    line = written((f"{before}{prefix}cmd|' /C calc'!A0", "")).content.decode("utf-8-sig").splitlines()[1]
    assert line.startswith("\"'")


@pytest.mark.parametrize(
    "text", ["-2+3+cmd|' /C calc'!A0", "+1+1", "-2-3", "=1", "+81-3-1234-5678*2", "－1", "−1+1", "+１", "@1"]
)
def test_sums_are_not_taken_for_numbers(text):
    assert is_formula_like(text)


@pytest.mark.parametrize("phone", PHONES)
def test_phone_numbers_and_numbers_come_back_as_they_went(phone):
    assert read(written(("山田", phone)))[1][1] == phone


def test_typed_numbers_are_written_plainly():
    file = csv_bytes(("数", "文字"), [(-5, "-5"), (1.5, "0012"), (0, "")], encoding=Encoding.UTF8)
    assert file.content.decode("utf-8-sig").split() == ["数,文字", '-5,"-5"', '1.5,"0012"', "0,"]


@given(st.text(max_size=30))
def test_no_cell_ever_begins_like_a_formula(text):
    cell = read(written((text, "")))[1][0]
    assert not is_formula_like(cell) or cell.startswith("'")
    assert not set(cell) & set("\r\n\x00\v\f\x85\u2028\u2029")


@given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=10)), max_size=4))
def test_every_row_arrives_in_either_encoding(rows):
    for encoding, codec in ((Encoding.UTF8, "utf-8-sig"), (Encoding.CP932, "cp932")):
        found = read(written(*rows, encoding=encoding), codec)
        assert [len(row) for row in found] == [2] * (len(rows) + 1)


def test_cp932_says_what_it_could_not_write_and_where():
    file = written(("山田", "1"), ("𠮷田 김", "2"), encoding=Encoding.CP932)
    assert read(file, "cp932")[2] == ["〓田 〓", "2"]
    assert file.replaced == (Replaced(3, "氏名", "𠮷"), Replaced(3, "氏名", "김"))


def test_cp932_writes_the_plain_form_of_a_variant_and_says_so():
    file = written(("渡邊\U000e0100", ""), encoding=Encoding.CP932)
    assert read(file, "cp932")[1][0] == "渡邊"
    assert file.replaced == (Replaced(2, "氏名", "邊\U000e0100"),)


def test_cp932_keeps_the_kanji_it_has_and_signs_that_differ_only_in_code():
    file = written(("髙﨑\ufa10㈱① 9〜10 —¥か\u3099", ""), encoding=Encoding.CP932)
    assert read(file, "cp932")[1][0] == "髙﨑\ufa10㈱① 9～10 ―￥が"
    assert file.replaced == ()


@given(st.text(alphabet=st.characters(min_codepoint=0x3400, exclude_categories=["Cs", "Cn", "M"]), max_size=30))
def test_cp932_changes_nothing_without_listing_it(text):
    file = written((text, ""), encoding=Encoding.CP932)
    found = read(file, "cp932")[1][0].removeprefix("'")
    lost = [char for char in text if char not in found]
    assert set(lost) <= {replaced.char for replaced in file.replaced} | {"\ufeff", "\ufffe", "\uffff"}
    assert found.count("〓") - text.count("〓") == len(file.replaced)


def test_utf8_replaces_nothing():
    assert written(("𠮷\U000e0100", "")).replaced == ()


@needs_office
@pytest.mark.parametrize("encoding", list(Encoding))
def test_libreoffice_shows_phones_and_formula_like_names_as_text(tmp_path, encoding):
    file = tmp_path / "roster.csv"
    rows = [("=1+1", "0864263107"), ("@髙橋", "+81-86-426-3107"), ("山﨑, 太郎", "0012")]
    file.write_bytes(csv_bytes(HEADER, rows, encoding=encoding).content)
    assert read_by_office(file, encoding=encoding) == [
        ["氏名", "電話番号"],
        ["'=1+1", "0864263107"],
        ["'@髙橋", "+81-86-426-3107"],
        ["山﨑, 太郎", "0012"],
    ]
