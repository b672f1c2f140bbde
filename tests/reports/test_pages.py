"""The report through its doors: written, checked by another, published, read by anybody."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pytest

from app import create_app
from app.accounts.permissions import Role
from app.attendance import services as attendance
from app.events.audiences import Category
from app.events.types import Audience
from app.reports import queries, services, typed
from app.reports.types import TypedRow
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, ORGANIZER, a_sitting, an_event
from tests.public.door import statements
from tests.reports.pictures import SECRET, a_jpeg, a_png
from tests.staff import SECTION, at, post, signed_in

HOME = "/console/reports/2026/"


@pytest.fixture
def site(tmp_path):
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
    with at():
        yield app


@pytest.fixture
def organizer(site):
    client = signed_in(site)
    answer = post(client, "/console/reports/", fiscal_year="2026")
    assert answer.status_code == 303, answer.text
    return client


def a_workshop(site, people: int = 37) -> int:
    with site.app_context():
        event = an_event(audience=Audience.RESIDENTS, title="<b>応援</b>講座", section=SECTION)
        sitting_id = a_sitting(event, starts_at=NOW - timedelta(days=9)).id
        attendance.set_headcount(sitting_id, Category.RESIDENT, people, by=ORGANIZER, now=NOW)
        return sitting_id


def write(client, text: str, chapter: str = "intro", version: str = "0"):
    return post(client, f"{HOME}chapters/{chapter}/", text=text, version=version)


def test_written_checked_frozen_and_read(site, organizer):
    a_workshop(site)
    assert write(organizer, "一年の<まとめ>です。\n\n・話し合い\n・学び").status_code == 303
    preview = organizer.get(f"{HOME}preview/").text
    assert "一年の&lt;まとめ&gt;です。" in preview
    assert "&lt;b&gt;応援&lt;/b&gt;講座" in preview
    assert "37人" in preview
    paper = docx.Document(io.BytesIO(organizer.get(f"{HOME}preview.docx").data))
    assert any(line.text.startswith("下書き（") for line in paper.paragraphs)
    refused = post(organizer, HOME, f"{HOME}review/")
    assert refused.status_code == 422
    assert "最後に変更した人は、自分では確認できません" in refused.text
    visitor = site.test_client()
    assert visitor.get("/reports/2026/").status_code == 404

    manager = signed_in(site, Role.MANAGER)
    assert manager.get(f"{HOME}chapters/intro/").status_code == 403
    assert post(manager, HOME, f"{HOME}review/").status_code == 303
    assert post(organizer, HOME, f"{HOME}freeze/").status_code == 303

    page = visitor.get("/reports/2026/").text
    assert "一年の&lt;まとめ&gt;です。" in page
    assert "令和8年6月1日（月）発行" in page
    article = page[page.index("<article") : page.index("</article>")]
    assert "37人" in article
    assert "<a " not in article  # those of the preview are for the section
    assert 'href="/reports/2026/"' in visitor.get("/reports/").text
    assert "/reports/2026/</loc><lastmod>2026-06-01T10:00:00+09:00" in visitor.get("/sitemap.xml").text
    for kind, start in (("pdf", b"%PDF-"), ("docx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        answer = visitor.get(f"/reports/2026/report.{kind}")
        assert answer.data.startswith(start)
        assert "attachment" in answer.headers["Content-Disposition"]

    assert write(organizer, "あとから", version="1").status_code == 422
    wrong = post(organizer, HOME, f"{HOME}corrections/", text=" ")
    assert wrong.status_code == 422
    assert "「正誤の内容」を入力してください。" in wrong.text
    assert post(organizer, HOME, f"{HOME}corrections/", text="41人が正しい数です。").status_code == 303
    assert "41人が正しい数です。" in visitor.get("/reports/2026/").text


def test_what_two_people_write_at_once_stays_before_the_second(organizer):
    write(organizer, "先の文章")
    late = write(organizer, "あとの文章")
    assert late.status_code == 422
    assert "先に保存しています" in late.text
    assert "あとの文章" in late.text
    unprintable = write(organizer, "印刷できない\U0001f600文字", version="1")
    assert unprintable.status_code == 422


def test_a_figure_leads_to_its_records(site, organizer):
    a_workshop(site)
    page = organizer.get(f"{HOME}figures/").text
    assert f'href="{HOME}figures/workshop_attended/"' in page
    figure = organizer.get(f"{HOME}figures/workshop_attended/").text
    assert 'href="/console/events/1/"' in figure
    assert organizer.get(f"{HOME}figures/nothing/").status_code == 404


def test_the_preview_leads_from_its_figures_to_their_records(site, organizer):
    a_workshop(site)
    with site.app_context():
        known = [TypedRow(year, "issues", year, "集計") for year in (2024, 2025)]
        typed.save(known, section=SECTION, by=ORGANIZER, now=NOW)
        services.begin(2025, section=SECTION, publisher=SECTION, by=ORGANIZER, now=NOW)
    figure, event = f'<a href="{HOME}figures/workshop_attended/">37人</a>', '<a href="/console/events/1/">37人</a>'
    preview = organizer.get(f"{HOME}preview/").text
    assert preview.count(figure) == 2  # beside the chapter's heading, and in the table of the years
    assert preview.count(event) == 1
    assert '<a href="/console/reports/2025/figures/issues/">2,025件</a>' in preview
    assert '">2,024件</td>' in preview  # that year has no report
    manager = signed_in(site, Role.MANAGER)
    assert manager.get(f"{HOME}preview/").text.count(event) == 1


def test_photos_need_words_and_lose_their_place(site, organizer):
    address = f"{HOME}chapters/model/"
    for fields, sentence in (
        ({"file": (io.BytesIO(a_jpeg()), "a.jpg")}, "「代替テキスト」を入力してください。"),
        ({"file": (io.BytesIO(b"%PDF-1.7"), "a.jpg"), "alt": "会場"}, "JPEGかPNG"),
        ({"file": (io.BytesIO(a_png(1000, 8)), "a.png"), "alt": "会場"}, "写真のファイルが壊れています。"),
        ({"alt": "会場"}, "写真を選んでください。"),
    ):
        refused = post(organizer, address, f"{address}photos/", **fields)
        assert refused.status_code == 422
        assert sentence in refused.text
    assert (
        post(
            organizer, address, f"{address}photos/", file=(io.BytesIO(a_jpeg()), "a.jpg"), alt="話し合う人たち"
        ).status_code
        == 303
    )
    assert 'src="photos/1.jpg" alt="話し合う人たち"' in organizer.get(f"{HOME}preview/").text
    sent = organizer.get(f"{HOME}preview/photos/1.jpg")
    assert sent.data.startswith(b"\xff\xd8")
    assert SECRET not in sent.data
    assert organizer.get(f"{HOME}preview/photos/2.jpg").status_code == 404
    assert site.test_client().get("/reports/2026/photos/1.jpg").status_code == 404
    assert post(organizer, address, f"{HOME}photos/1/remove/").status_code == 303
    assert "photos/1.jpg" not in organizer.get(f"{HOME}preview/").text


def test_typed_figures_come_one_by_one_or_as_a_file(organizer):
    typed = "/console/reports/typed/"
    wrong = post(organizer, typed, fiscal_year="2030", key="issues", value="三十一", source="")
    assert wrong.status_code == 422
    for sentence in ("2000から2026までの数字", "「値」は0から", "「出典」を入力してください。"):
        assert sentence in wrong.text
    assert 'value="三十一"' in wrong.text
    assert post(organizer, typed, fiscal_year="２０２５", key="issues", value="1,031", source="集計").status_code == 303

    def sent(text: str):
        return post(organizer, typed, f"{typed}import/", file=(io.BytesIO(text.encode()), "figures.csv"))

    head = "年度,キー,値,出典\r\n"
    bad = sent(head + "2024,issues,5,集計\r\n2031,issues,5,集計\r\n2024,nothing,5,集計\r\n2024,issues,6,\r\n")
    assert bad.status_code == 422
    for sentence in ("3行目：年度は", "4行目：「nothing」", "5行目：出典を", "5行目：2行目と同じ"):
        assert sentence in bad.text
    assert "1行目の見出し" in sent("year,key\r\n").text
    assert "令和6年度" not in organizer.get(typed).text
    assert sent(head + "2024,issues,5,集計\r\n2025,issues,30,数え直し\r\n").status_code == 303
    page = organizer.get(typed).text
    assert "令和6年度" in page
    assert "数え直し" in page
    assert "2025,issues,30,数え直し" in organizer.get("/console/reports/typed.csv").text
    assert post(organizer, typed, f"{typed}2025/issues/remove/").status_code == 303
    assert "数え直し" not in organizer.get(typed).text
    assert post(organizer, typed, f"{typed}2025/issues/remove/").status_code == 404


def test_a_year_begins_once_and_another_sections_report_looks_missing(site, organizer):
    again = post(organizer, "/console/reports/", fiscal_year="2026")
    assert again.status_code == 422
    other = signed_in(site, email="other@city.example.jp", section="別の課")
    for page in ("", "figures/", "preview/", "chapters/intro/", "preview.pdf"):
        assert other.get(f"{HOME}{page}").status_code == 404
    assert "令和8年度" not in other.get("/console/reports/").text.partition("<form")[0]


def test_the_report_costs_the_same_for_more_events(site, organizer):
    def cost(events: int) -> dict[str, int]:
        for _ in range(events):
            a_workshop(site)
        found = {}
        for page in ("", "figures/", "preview/", "figures/workshops/"):
            with statements(site) as seen:
                assert organizer.get(f"{HOME}{page}").status_code == 200
            found[page] = len(seen)
        return found

    assert cost(1) == cost(6)


def test_reports_are_listed_with_one_statement_more_for_none(site, organizer):
    with statements(site) as few:
        organizer.get("/console/reports/")
    with site.app_context():
        for year in range(2016, 2026):
            services.begin(year, section=SECTION, publisher=SECTION, by=ORGANIZER, now=NOW)
        assert len(queries.listing(SECTION)) == 11
    with statements(site) as many:
        organizer.get("/console/reports/")
    assert len(many) == len(few)
