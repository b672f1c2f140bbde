"""Fiscal year 2016: every fact of the public report stands in page, PDF and Word file, and no other fact does."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from datetime import date
from html import unescape

import docx
import pytest

from app import create_app
from app.demo.basis import facts
from app.infra.db import db
from app.kernel.japanese_dates import local_date
from app.reports import queries
from tests.conftest import config_for

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")

# Keys and notes for programs and for whoever reads the file of facts; readings in kana are for sorting.
NOT_FOR_READERS = {"key", "kana", "audience", "mandatory_for", "meaning", "local_government_code"}
# How a number reads depends on what it counts.
WRITTEN = {
    "fiscal_year": lambda n: f"平成{n - 1988}年度",
    "since_fiscal_year": lambda n: f"平成{n - 1988}年度",
    "for_fiscal_year": lambda n: f"平成{n - 1988}年度",
    "number": lambda n: f"第{n}回",
    "coordinators": lambda n: f"協働調整員{n}人",
    "promoters": lambda n: f"協働推進員{n}人",
    "residents": lambda n: f"市民{n}人",
    "staff": lambda n: f"市職員{n}人",
    "total": lambda n: f"{n}人",
    "published": lambda n: f"共有した地域課題{n}件",
    "applications": lambda n: f"コースへの応募{n}件",
}


def said(value: object, key: str = "") -> Iterator[str]:
    """Each fact below a value as the report writes it, space left out."""
    if value is None or key in NOT_FOR_READERS:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(name, int):  # the survey's years
                yield from (f"平成{name - 1988}年度", f"平成{name - 1988}年度{inner}事業")
            else:
                yield from said(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner, key)
    else:
        yield scalar(value, key)


def scalar(value: object, key: str) -> str:
    if isinstance(value, date):
        return f"平成{value.year - 1988}年{value.month}月{value.day}日"
    if isinstance(value, int):
        return WRITTEN[key](value)
    if re.fullmatch(r"\d\d:\d\d", value):
        hour, minute = map(int, value.split(":"))
        return f"{hour}時{minute}分" if minute else f"{hour}時"
    if re.fullmatch(r"\d{4}-\d\d", value):
        year, month = map(int, value.split("-"))
        return f"平成{year - 1988}年{month}月"
    return bare(value)


def bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("～", "~")


def words_of_pdf(content: bytes) -> str:
    read = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return bare(re.sub(r"(?m)^\d+／\d+ページ$", "", read.stdout.decode().replace("\f", "")))


def words_of_docx(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return bare("".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")))


def words_of_page(html: str) -> str:
    return bare(unescape(re.sub("<[^>]+>", "", re.sub(r"(?s)<svg.*?</svg>", "", html))))


@pytest.fixture(scope="module")
def report(demonstration, tmp_path_factory):
    """The published report of the demonstration, fetched by a visitor: page, PDF, Word file, and its day of issue."""
    folder = tmp_path_factory.mktemp("fy2016")
    shutil.copy(demonstration, folder / "tsudoi.db")
    shutil.copytree(demonstration.parent / "files", folder / "files")
    app = create_app(config_for(folder))
    visitor = app.test_client()
    page = visitor.get("/reports/2016/").text
    article = page[page.index("<article") : page.index("</article>")]
    with app.app_context():
        issued = local_date(queries.frozen(2016).frozen_at)
        db.session.remove()
        db.engine.dispose()
    files = [visitor.get(f"/reports/2016/report.{kind}").data for kind in ("pdf", "docx")]
    return article, *files, issued


@pytest.mark.parametrize("kind", ["page", "pdf", "docx"])
def test_every_fact_of_the_year_is_told(report, kind):
    article, pdf, word, _issued = report
    words = {
        "page": lambda: words_of_page(article),
        "pdf": lambda: words_of_pdf(pdf),
        "docx": lambda: words_of_docx(word),
    }
    text = words[kind]()
    wanted = list(said(facts()))
    assert len(wanted) > 90
    assert [fact for fact in wanted if fact not in text] == []


def test_no_number_and_no_date_is_told_that_the_facts_do_not_hold(report):
    article, pdf, word, issued = report
    compared = " ".join(f"平成{year}年度" for year in (26, 27, 28))
    counted = "2回 3回 1回 3単元"  # sittings and workshops, the model project, units: as many as the facts list
    known = set(re.findall(r"\d+", " ".join([*said(facts()), compared, counted])))
    known |= {str(issued.year - 2018), str(issued.month), str(issued.day)}
    dates = {fact for fact in said(facts()) if re.fullmatch(r"平成\d+年\d+月\d+日", fact)}
    headed = re.sub(r"(<h\d[^>]*>)(?:\d+|（\d+）)　", r"\1", article)
    text = words_of_page(headed)
    assert set(re.findall(r"\d+", text)) - known == set()
    assert set(re.findall(r"平成\d+年\d+月\d+日", text)) == dates
    headings = {"1", "2", "3", "4"}
    for other in (words_of_pdf(pdf), words_of_docx(word)):
        assert set(re.findall(r"\d+", other)) - known <= headings
        assert set(re.findall(r"平成\d+年\d+月\d+日", other)) == dates


def test_what_the_facts_leave_open_stays_unsaid(report):
    article, _pdf, _word, _issued = report
    text = words_of_page(article)
    with_venue = len(facts()["staff_training"]) + len(facts()["model_projects"])
    assert text.count("会場") == with_venue
    assert "定員" not in text
    assert "研修の参加者" not in text


def test_a_fact_that_is_missing_would_be_noticed():
    assert bare("平成28年6月3日") not in bare("平成28年6月2日（木）13時30分")
    assert list(said({"sitting": {"date": date(2016, 6, 2), "start": "09:00", "capacity": None}})) == [
        "平成28年6月2日",
        "9時",
    ]
