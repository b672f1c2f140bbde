"""One article, three files: each has its headings, lists, tables, charts and photos, and text stays text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import docx
import html5lib
import pytest
from docx.oxml.ns import qn

from app.documents.article import (
    Article,
    Bar,
    Chart,
    Fact,
    Facts,
    Heading,
    Item,
    Listing,
    Paragraph,
    Picture,
    Table,
)
from app.documents.article_docx import article_docx
from app.documents.article_html import article_html
from app.documents.charts import bars_svg
from app.documents.pdf import article_pdf, can_be_shown
from tests.reports.pictures import a_jpeg, a_png

HOSTILE = "<script>\"&'#{1}$x$*太字*_下線_"
CHART = Chart(
    "事業の数の移り変わり", "件", ("年度", "数"), (Bar("平成27年度", 203), Bar(HOSTILE, 1205), Bar("なし", 0))
)
ARTICLE = Article(
    "年次レポート",
    "倉敷市",
    "令和8年発行",
    (
        Heading(1, "1", HOSTILE, "one"),
        Paragraph(f"髙橋さん {HOSTILE} 𠮷田さん"),
        Heading(2, "（1）", "研修", "two"),
        Facts((Fact("日時", ("午前の部", "午後の部")), Fact(HOSTILE, ("会場",)))),
        Listing((Item("講義", "（ア）", (Item(HOSTILE, "a"),)), Item("体験", "（イ）"))),
        Listing((Item("点の項目"),)),
        Table("参加者", ("項目", "人数"), (("市民", "37人"), (HOSTILE, "7人")), frozenset({1})),
        CHART,
        Picture("1.png", a_png(4, 3), f"会場の写真{HOSTILE}", "写真の説明"),
    ),
)
AT = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_page_is_sound_html_in_which_text_stays_text():
    page = article_html(ARTICLE)
    html5lib.HTMLParser(strict=True).parseFragment(page)
    assert "<script" not in page
    assert " style=" not in page
    assert page.count("&lt;script&gt;") >= 8
    assert re.findall(r"<(h\d)", page) == ["h1", "h2", "h3"]
    assert page.count("<table") == page.count("<caption") == 2
    assert '<img class="rp-photo__image" src="photos/1.png" alt="会場の写真&lt;script&gt;' in page


def test_a_chart_is_a_picture_with_words_and_a_table_that_says_the_same():
    drawing = ET.fromstring(bars_svg(CHART))
    assert drawing.get("role") == "img"
    assert "平成27年度は203件" in drawing.get("aria-label")
    widths = [float(one.get("width")) for one in drawing.iter() if one.get("class") == "rp-chart__bar"]
    assert widths == [57, 340, 0]
    assert CHART.table.rows[1] == (HOSTILE, "1,205件")


def test_the_word_file_has_real_headings_tables_and_alternative_texts():
    word = docx.Document(io.BytesIO(article_docx(ARTICLE, at=AT)))
    styles = {paragraph.style.name: paragraph.text for paragraph in word.paragraphs}
    assert styles["Title"] == "年次レポート"
    assert styles["Heading 1"] == f"1　{HOSTILE}"
    assert styles["Heading 2"] == "（1）　研修"
    assert styles["List Bullet"] == "点の項目"
    assert word.core_properties.language == "ja-JP"
    heads = [bool(table._tbl.findall(f".//{qn('w:tblHeader')}")) for table in word.tables]
    assert heads == [False, True, True]
    described = [node.get("descr") for node in word.element.body.iter(qn("wp:docPr"))]
    assert described == [CHART.spoken, f"会場の写真{HOSTILE}"]
    spoken = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert spoken.get(qn("w:eastAsia")) == spoken.get(qn("w:val")) == "ja-JP"
    fonts = word.styles["Heading 1"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "BIZ UDPゴシック"


@pytest.mark.pdf
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")
def test_the_pdf_is_tagged_and_text_stays_text(tmp_path):
    file = tmp_path / "article.pdf"
    file.write_bytes(article_pdf(ARTICLE))
    about = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Title:\s+年次レポート", about)
    assert re.search(r"Tagged:\s+yes", about)
    text = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    assert text.count(HOSTILE) >= 6
    assert "𠮷田さん" in text
    # The titles of bookmarks are UTF-16 there.
    structure = subprocess.run(["pdfinfo", "-struct", file], capture_output=True, check=True).stdout
    kinds = set(re.findall(rb"^\s*(\w+)", structure, re.MULTILINE))
    assert {b"H1", b"H2", b"H3", b"L", b"LI", b"Table", b"TH", b"TD", b"Figure"} <= kinds


def test_a_photo_that_is_cut_off_cannot_be_shown():
    assert can_be_shown(a_png(8, 8), "png")
    assert can_be_shown(a_jpeg(), "jpeg")
    assert not can_be_shown(a_png(1000, 8), "png")
    assert not can_be_shown(a_jpeg()[:60], "jpeg")


def test_an_article_without_pictures_is_set_too():
    assert article_pdf(Article("題", "市", "", (Paragraph("本文"),))).startswith(b"%PDF-")
