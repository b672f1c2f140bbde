"""Words for the newsletter, poster and QR code of an event."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
import segno

from app.documents.pdf import poster_pdf
from app.documents.qr import qr_file
from app.documents.types import PosterSheet
from app.events import announcing, queries
from app.events.types import Admission
from app.kernel import bulletin_dates
from tests.factories import NOW, a_series, a_sitting, a_venue, an_event

HOUR = timedelta(hours=1)
PAGE = "https://tsudoi.example.jp/events/oen/"


def training() -> int:
    """Two sittings of one day and one on a holiday."""
    series = a_series(title="地域づくり研修会")
    event = an_event(
        slug="oen", series_id=series.id, title="応援講座", fee="無料", bring="筆記用具", audience_note="市内の方"
    )  # fmt: skip
    hall = a_venue(name="健康福祉プラザ", room="201研修室", address="倉敷市笹沖180").id
    starts = NOW + timedelta(days=10, minutes=45)
    a_sitting(event, label="午前の部", venue_id=hall, starts_at=starts, ends_at=starts + timedelta(hours=1, minutes=45))
    a_sitting(event, label="午後の部", venue_id=hall, starts_at=starts + 3 * HOUR, ends_at=starts + 5 * HOUR)
    holiday = NOW + timedelta(days=49)
    a_sitting(event, venue_id=hall, starts_at=holiday, ends_at=holiday + 2 * HOUR)
    return event.id


def test_the_newsletter_reads_as_the_city_writes_it(app):
    assert announcing.newsletter(queries.by_id(training()), PAGE).splitlines() == [
        "第1回 地域づくり研修会「応援講座」",
        "日時:6月11日(木)10時45分~12時半(午前の部)、13時45分~15時45分(午後の部)、7月20日(祝)10時~12時",
        "場所:健康福祉プラザ　201研修室(倉敷市笹沖180)",
        "対象:市内の方",
        "定員:各回10人(先着順)",
        "参加費:無料",
        "持参品:筆記用具",
        f"申込方法:5月25日(月)10時から申込ページ({PAGE})、電話で。",
        "申込締切:6月8日(月)10時",
        "問合せ:市民活動推進課 電話086-000-0000 メールkyodo@example.jp",
    ]


def test_a_draw_is_announced_as_the_city_does(app):
    sitting = a_sitting(an_event(admission=Admission.LOTTERY), capacity=30)
    assert "定員:30人(多数の場合は抽選)" in announcing.newsletter(queries.by_id(sitting.event_id), PAGE)


def test_a_sitting_over_night_names_its_last_day():
    start = NOW.replace(hour=14, minute=30)
    assert bulletin_dates.hours(start, start + timedelta(hours=2)) == "23時半~6月2日(火)1時半"


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_code_is_a_picture_of_the_address(kind, tmp_path):
    content, media_type = qr_file(PAGE, kind)
    assert media_type == {"svg": "image/svg+xml", "png": "image/png"}[kind]
    assert content.startswith({"svg": b"<?xml", "png": b"\x89PNG"}[kind])
    drawn = BytesIO()
    segno.make_qr(PAGE, error="m").save(drawn, kind=kind, scale=12, border=4, light="#fff")
    assert content == drawn.getvalue()


def a_poster(**changes) -> PosterSheet:
    facts = {
        "series": "地域づくり研修会　第1回", "publisher": "倉敷市 市民活動推進課", "title": "地域の課題解決応援講座",
        "summary": "事例を聞き、話し合いながら学びます。", "dates": (("", "令和8年6月11日（木）10時～13時"),),
        "rows": (("会場", "健康福祉プラザ"), ("定員", "40人(先着順)")), "how": "二次元コードのページで。",
        "contact": "市民活動推進課 電話086-426-3107", "page": PAGE, "qr": qr_file(PAGE, "svg")[0].decode(),
    }  # fmt: skip
    return PosterSheet(**{**facts, **changes})


def words_of(pages) -> str:
    return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.mark.pdf
def test_a_poster_is_one_page_with_all_it_has_to_say_however_much_there_is():
    sittings = tuple((f"第{n}回", f"令和8年6月{n + 1}日（火）13時30分～16時30分") for n in range(1, 13))
    full = a_poster(title="とても長い名前の" * 7 + "講座", summary="内容の説明です。" * 40, dates=sittings)
    for poster in (a_poster(), full):
        pages = pypdf.PdfReader(BytesIO(poster_pdf(poster))).pages
        assert len(pages) == 1
        text = words_of(pages)
        for part in (poster.title, poster.dates[-1][1], "40人(先着順)", poster.contact, PAGE):
            assert "".join(part.split()) in text, part


def test_the_page_gives_words_their_length_and_the_files(site, desk, organizer):
    with site.app_context():
        event_id = training()
    page = organizer.get(f"/console/events/{event_id}/publicity/").text
    assert "持参品:筆記用具" in page
    assert "文字（空白と改行を除く）" in page
    for name, start in (("poster.pdf", b"%PDF"), ("qr.svg", b"<?xml"), ("qr.png", b"\x89PNG")):
        answer = organizer.get(f"/console/events/{event_id}/{name}")
        assert (answer.status_code, answer.data[: len(start)]) == (200, start), name
        assert name.rpartition(".")[2] in answer.headers["Content-Disposition"]
