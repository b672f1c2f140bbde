"""The roster as page and files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from urllib.parse import unquote

import pytest

from app.registrations.types import Needs


@pytest.fixture
def people(desk):
    desk.somebody(
        name="𠮷田　髙志", kana="ヨシダ　タカシ", phone="+81864263107", affiliation="玉島コミュニティ協議会",
        companions=2, needs=Needs(wheelchair=True),
    )  # fmt: skip
    desk.somebody(name="=1+1", kana="アオキ", affiliation="")
    desk.somebody(name="山﨑　咲", kana="ヤマサキ　サキ", affiliation="児島町内会")
    return desk


def rows_of(answer, encoding):
    table = list(csv.reader(io.StringIO(answer.data.decode(encoding), newline="")))
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def test_the_page_has_the_chosen_order_columns_and_blank_rows(people, organizer):
    page = organizer.get(f"{people.roster}/?order=affiliation&column=number&column=name&column=reference&blank=3").text
    names = re.findall(r'<th scope="row" class="ro-name-cell">(?:<span[^>]*>[^<]*</span>)?([^<]*)</th>', page)
    assert names == ["山﨑　咲", "𠮷田　髙志", "=1+1"]
    assert page.count('class="ro-blank"') == 3
    assert re.findall(r'<th scope="col" class="ro-(\w+)">', page) == ["number", "reference", "name"]


def test_needs_are_a_symbol_on_paper(people, organizer):
    page = organizer.get(f"{people.roster}/").text
    assert '<td class="ro-note">●</td>' in page
    assert "車いす" not in page


def test_csv_in_utf8_keeps_every_character_and_no_cell_is_a_formula(people, organizer):
    answer = organizer.get(f"{people.roster}.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = rows_of(answer, "utf-8-sig")
    assert [row["氏名"] for row in rows] == ["'=1+1", "山﨑　咲", "𠮷田　髙志"]
    assert (rows[2]["電話番号"], rows[2]["人数"], rows[2]["配慮"]) == ("086-426-3107", "3", "●")
    assert answer.headers["Cache-Control"] == "no-store"
    assert unquote(answer.headers["Content-Disposition"]).endswith("名簿_令和8年6月11日（木）.csv")


def test_shift_jis_says_first_what_it_cannot_write(people, organizer):
    page = organizer.get(f"{people.roster}-sjis.csv")
    assert page.content_type.startswith("text/html")
    assert "𠮷" in page.text
    assert people.acts("roster.exported") == []
    rows = rows_of(organizer.get(f"{people.roster}-sjis.csv?sure=1"), "cp932")
    assert [row["氏名"] for row in rows] == ["'=1+1", "山﨑　咲", "〓田　髙志"]


def test_shift_jis_without_losses_comes_at_once(desk, organizer):
    desk.somebody(name="髙橋　花子")
    assert rows_of(organizer.get(f"{desk.roster}-sjis.csv"), "cp932")[0]["氏名"] == "髙橋　花子"


def test_the_workbook_holds_text_and_no_formula(people, organizer):
    answer = organizer.get(f"{people.roster}.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet, strings = (book.read(f"xl/{part}").decode() for part in ("worksheets/sheet1.xml", "sharedStrings.xml"))
    assert "<f>" not in sheet
    for text in ("=1+1", "𠮷田　髙志", "086-426-3107"):
        assert text in strings


def test_the_pdf_is_a_pdf(people, organizer):
    answer = organizer.get(f"{people.roster}.pdf?order=affiliation&blank=8")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


def test_columns_that_do_not_fit_are_said_on_the_page(people, organizer):
    every = "&".join(f"column={c}" for c in (
        "number", "check", "reference", "name", "kana", "party", "affiliation", "district", "category", "phone", "note",
        "signature",
    ))  # fmt: skip
    page = organizer.get(f"{people.roster}.pdf?{every}")
    assert (page.status_code, "この列の組合せでは印刷できません" in page.text) == (422, True)


@pytest.mark.parametrize("kind", [".pdf", ".xlsx", ".csv", "-sjis.csv?sure=1"])
def test_each_file_that_leaves_is_written_down(people, organizer, kind):
    organizer.get(f"{people.roster}{kind}")
    entry = people.acts("roster.exported")[-1]
    assert (entry.object_type, entry.object_id) == ("sitting", str(people.sitting_id))
    assert "rows=3" in entry.fields
    assert entry.fields.split()[0] in {"pdf", "xlsx", "csv"}


@pytest.mark.parametrize("kind", [".pdf", ".xlsx", ".csv", "-sjis.csv"])
def test_a_helper_takes_no_file_along(people, helper, kind):
    assert helper.get(f"{people.roster}{kind}").status_code == 403


def test_a_helper_cannot_choose_what_is_hidden(people, helper):
    page = helper.get(f"{people.roster}/?column=name&column=phone&column=district").text
    assert re.findall(r'<th scope="col" class="ro-(\w+)">', page) == ["name"]
    assert "426-3107" not in page


@pytest.mark.parametrize("query", ["order=x&blank=99999999999&column=x&group=x", "blank=-1", "blank=41"])
def test_odd_choices_give_a_sensible_page(people, organizer, query):
    page = organizer.get(f"{people.roster}/?{query}")
    assert page.status_code == 200
    assert page.text.count('class="ro-blank"') <= 40
