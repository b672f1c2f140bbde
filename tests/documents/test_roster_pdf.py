"""The printed roster, opened as a reader would."""

import shutil
import subprocess
import time
from io import BytesIO

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.errors import ColumnsTooWide
from app.documents.glyphs import unprintable
from app.documents.pdf import roster_pdf
from app.documents.types import CARE_SYMBOL, Column, RosterRow
from tests.documents.rosters import HARD_NAMES, a_roster, a_row

A4 = (595, 842)


@pytest.fixture(scope="module")
def full():
    """A roster of 140 people."""
    return opened(a_roster(140))


def opened(roster):
    return pypdf.PdfReader(BytesIO(roster_pdf(roster)))


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pdf.pages)


def test_every_one_of_140_names_is_printed_as_it_is_written(full):
    text = text_of(full)
    assert [row.name for row in a_roster(140).rows if row.name not in text] == []
    assert "".join(HARD_NAMES).count("〓") == 0
    assert "〓" not in text


def test_each_page_says_what_it_belongs_to_and_how_to_treat_it(full):
    for number, page in enumerate(full.pages, start=1):
        text = page.extract_text()
        for part in ("地域づくり研修会", "第2回", "午後の部", "令和8年6月2日（火）13時30分～16時30分", "大会議室"):
            assert part in text
        assert f"{number}／{len(full.pages)}ページ" in text
        assert "取扱注意（個人情報）・使用後は回収のうえ裁断" in text
        assert "令和8年6月1日（月）17時15分" in text
        assert "三宅 陽子" in text
        assert "署名" in text


def test_pages_are_a4_upright_with_25_to_30_rows(full):
    rows = [page.extract_text().count("水島の会") for page in full.pages]
    assert {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in full.pages} == {A4}
    assert sum(rows) == 140
    assert all(25 <= count <= 30 for count in rows[:-1])


def test_it_is_a_tagged_pdf_in_japanese_with_a_title(full):
    root = full.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "ja-JP"
    assert full.metadata.title == "受付名簿　地域づくり研修会　第2回　午後の部"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data().replace(b" ", b"")


def test_tables_headings_and_header_cells_are_tagged_as_such(full):
    kinds = {kind for kind, _ in structure(full.trailer["/Root"]["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/Table", "/TR", "/TH", "/TD"} <= kinds


def structure(node):
    """Every element of the structure tree with its kind."""
    node = node.get_object()
    if not isinstance(node, pypdf.generic.DictionaryObject):
        return
    if "/S" in node:
        yield node["/S"], node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from structure(kid)


def test_all_fonts_are_embedded_ones_of_the_project(full):
    names = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in full.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all(name.startswith(("BIZUDPGothic", "Tsudoi")) for name in names)


def test_every_character_of_the_roster_has_a_glyph():
    assert [unprintable(row.name) for row in a_roster(140).rows if unprintable(row.name)] == []


def test_a_character_without_glyph_prints_as_geta_and_the_sheet_still_prints():
    text = text_of(opened(a_roster(1, rows=(a_row(1, name="山田\ufeff　😀子\x00"),))))
    assert "山田　〓子" in text


def test_walk_ins_get_blank_rows_and_totals_leave_space():
    text = text_of(opened(a_roster(2, blank_rows=7)))
    assert "当日受付" in text
    assert "2名" in text
    assert "当日受付" not in text_of(opened(a_roster(2, blank_rows=0)))


def test_a_roster_without_people_still_has_rows_for_walk_ins():
    assert "当日受付" in text_of(opened(a_roster(0)))


def test_groups_share_pages_or_begin_them():
    rows = tuple(a_row(number, group="あ行" if number < 4 else "か行") for number in range(1, 7))
    assert len(opened(a_roster(rows=rows)).pages) == 1
    apart = opened(a_roster(rows=rows, page_per_group=True))
    assert ["あ行" in page.extract_text() for page in apart.pages] == [True, False]
    assert ["か行" in page.extract_text() for page in apart.pages] == [False, True]


def test_a_group_that_runs_on_is_named_on_the_next_page():
    rows = tuple(a_row(number, group="あ行" if number < 40 else "か行") for number in range(1, 60))
    pages = [page.extract_text() for page in opened(a_roster(rows=rows, page_per_group=True, blank_rows=0)).pages]
    assert ["あ行（続き）" in page for page in pages] == [False, True, False]
    assert [page.count("（続き）") for page in pages] == [0, 1, 0]


def test_kana_stands_above_the_name_or_in_its_own_column():
    above = text_of(opened(a_roster(1, sort_label="", blank_rows=0)))
    own = text_of(opened(a_roster(1, sort_label="", blank_rows=0, columns=(Column.NAME, Column.KANA))))
    assert (above.count("フリガナ"), above.count("クラシキ　タロウ")) == (0, 1)
    assert (own.count("フリガナ"), own.count("クラシキ　タロウ")) == (1, 1)


def test_needs_are_a_symbol_with_a_legend_and_never_words():
    text = text_of(opened(a_roster(rows=(a_row(1, note_symbol=CARE_SYMBOL),))))
    assert "●　配慮あり（別紙参照）" in text
    assert "配慮あり" not in text_of(opened(a_roster(1)))
    with pytest.raises(ValueError, match="one character"):
        RosterRow(number=1, name="山田", note_symbol="手話通訳")


def test_columns_that_leave_no_room_to_sign_are_refused():
    with pytest.raises(ColumnsTooWide) as refusal:
        roster_pdf(a_roster(columns=tuple(Column)))
    assert "列を減らしてください" in refusal.value.message
    assert refusal.value.field == "columns"


@pytest.mark.parametrize("column", list(Column))
def test_each_column_prints_with_the_name(column):
    assert column.label in text_of(opened(a_roster(1, columns=(Column.NAME, column))))


def test_the_signature_column_is_35_mm_wide_or_more(full):
    page = full.pages[0]
    found = {}
    page.extract_text(visitor_text=lambda text, cm, tm, *_: found.setdefault(text.strip(), tm[4] + cm[4]))
    right_edge = A4[0] - 10 / 25.4 * 72
    assert (right_edge - found["署名"]) * 2 / 72 * 25.4 >= 35


def test_a_long_word_does_not_run_over_its_neighbour():
    row = a_row(1, affiliation="https://example.jp/" + "a" * 80)
    text = text_of(opened(a_roster(rows=(row,))))
    assert max(line.count("a") for line in text.splitlines()) < 25


def test_140_rows_take_less_than_a_second_when_warm():
    roster_pdf(a_roster(1))
    began = time.process_time()
    roster_pdf(a_roster(140, printed_by="別の 人"))
    assert time.process_time() - began < 1


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_whatever_is_typed_prints_and_is_never_run_as_code(name, affiliation):
    row = a_row(1, name=name, affiliation=affiliation)
    assert len(opened(a_roster(rows=(row,), title=name)).pages) >= 1


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm (poppler-utils) is not installed")
def test_pages_can_be_drawn(tmp_path):
    file = tmp_path / "roster.pdf"
    file.write_bytes(roster_pdf(a_roster(30)))
    subprocess.run(["pdftoppm", "-r", "40", "-png", file, tmp_path / "page"], check=True, capture_output=True)
    assert len(list(tmp_path.glob("page*.png"))) == 2
