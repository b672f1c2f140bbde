"""Open data: イベント一覧 as its definition says, of public events alone, in columns that the city can change."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask

from app import create_app
from app.events import opendata
from app.events.errors import WrongColumns
from app.events.types import EventStatus
from app.registrations import meetings
from config import Config, WrongSetting
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, ORGANIZER, a_series, a_sitting, a_venue, an_event, apply_for
from tests.feeds.opendata_check import COLUMNS, problems

ADDRESS = "/opendata/events.csv"
EVIL = 'A"B,C\r\nD;\u2028=1+1 ①㈱ｶﾞ'


@pytest.fixture
def sitting(site: Flask) -> int:
    with site.app_context():
        series = a_series(title="地域づくり研修会")
        hall = a_venue(
            name="健康福祉プラザ", room="201研修室", address="倉敷市笹沖180", latitude=34.58, longitude=133.77
        )
        event = an_event(slug="oen", series_id=series.id, title="応援講座", title_kana="オウエンコウザ", fee="５００円")
        return a_sitting(event, label="午前の部", venue_id=hall.id).id


def read(program) -> list[dict[str, str]]:
    answer = program.get(ADDRESS)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_sitting_is_a_row_with_everything_the_definition_asks(program, sitting):
    answer = program.get(ADDRESS)
    assert answer.mimetype == "text/csv"
    assert problems(answer.data) == []
    row = read(program)[0]
    assert list(row) == list(COLUMNS)
    assert {name: cell for name, cell in row.items() if cell} == {
        "都道府県コード又は市区町村コード": "332020",
        "NO": str(sitting),
        "都道府県名": "岡山県",
        "市区町村名": "倉敷市",
        "イベント名": "第1回 地域づくり研修会「応援講座」",
        "イベント名_カナ": "オウエンコウザ",
        "開始日": "2026-06-11",
        "終了日": "2026-06-11",
        "開始時間": "10:00",
        "終了時間": "13:00",
        "開始日時特記事項": "午前の部",
        "説明": "第1回 地域づくり研修会「応援講座」",
        "料金(基本)": "500",
        "連絡先名称": "市民活動推進課",
        "連絡先電話番号": "086-000-0000",
        "主催者": "市民活動推進課",
        "場所名称": "健康福祉プラザ",
        "住所": "倉敷市笹沖180",
        "方書": "201研修室",
        "緯度": "34.58",
        "経度": "133.77",
        "定員": "10",
        "参加申込終了日": "2026-06-08",
        "参加申込終了時間": "10:00",
        "参加申込方法": "ウェブサイト・電話",
        "URL": "https://tsudoi.example.jp/events/oen/",
        "備考": "対象：市民向け",
    }


def test_whatever_organizers_type_stays_one_line_that_every_machine_reads(site, program):
    with site.app_context():
        hall = a_venue(name=EVIL, room=EVIL, address=EVIL, access=EVIL, parking=EVIL)
        a_sitting(
            an_event(title=EVIL, title_kana="コウザ", summary=f"{EVIL}\n二行目", fee=EVIL, audience_note=EVIL),
            venue_id=hall.id, label="午前①",
        )  # fmt: skip
    assert problems(program.get(ADDRESS).data) == []
    row = read(program)[0]
    assert row["場所名称"] == 'A"B,C D; =1+1 (1)(株)ガ'
    assert row["料金(基本)"] == ""
    assert row["料金(詳細)"] == row["場所名称"]


def test_only_public_events_are_open_and_nobody_who_applied(site, program, sitting):
    with site.app_context():
        a_sitting(an_event(slug="mienai", title="下書き", status=EventStatus.DRAFT, published_at=None))
        apply_for(sitting, name="玉島　次郎", email="jiro@example.jp", affiliation="玉島の会")
    shown = program.get(ADDRESS).data.decode()
    assert [row["NO"] for row in read(program)] == [str(sitting)]
    for private in ("下書き", "玉島", "jiro"):
        assert private not in shown


def test_a_called_off_event_says_so_under_its_number(site, program, sitting):
    with site.app_context():
        meetings.call_off(1, "台風のため", notify=False, by=ORGANIZER, now=NOW)
    row = read(program)[0]
    assert (row["NO"], row["備考"]) == (str(sitting), "中止　対象：市民向け")


def test_who_asks_again_is_told_that_nothing_changed(site, program, sitting):
    first = program.get(ADDRESS)
    with site.app_context():
        apply_for(sitting)
    for known in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        answer = program.get(ADDRESS, headers=known)
        assert (answer.status_code, answer.data) == (304, b"")
    with site.app_context():
        meetings.call_off(1, "台風のため", notify=False, by=ORGANIZER, now=NOW + timedelta(minutes=1))
    changed = program.get(ADDRESS, headers=known)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert 'rel="license"' in changed.headers["Link"]
    assert changed.headers["Cache-Control"].startswith("public")


def test_the_city_changes_columns_and_names_without_code(tmp_path):
    chosen = tmp_path / "columns.yaml"
    chosen.write_text('columns:\n  - 名称: name\n  - カテゴリー: "=研修"\n  - 画像:\n', encoding="utf-8")
    site = create_app(config_for(tmp_path, opendata_columns=str(chosen)))
    with site.app_context():
        make_tables()
        series = a_series(title="応援講座")
        a_sitting(an_event(series_id=series.id, title="応援講座"))
    assert site.test_client().get(ADDRESS).data.decode("utf-8-sig") == "名称,カテゴリー,画像\r\n応援講座,研修,\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "columns:\n  - 名称: secret\n",
        "columns:\n  - 名称: name\n  - 名称: name\n",
        "columns: []\n",
        "[",
        "columns:\n  - a\n",
    ],
)
def test_a_file_of_columns_that_cannot_be_stops_the_start(tmp_path, text):
    chosen = tmp_path / "columns.yaml"
    chosen.write_text(text, encoding="utf-8")
    with pytest.raises(WrongSetting, match="OPENDATA_COLUMNS"):
        create_app(config_for(tmp_path, opendata_columns=str(chosen)))


def test_both_shipped_profiles_can_be_read():
    assert [column.heading for column in opendata.load_columns("suisho-32")] == list(COLUMNS)
    assert len(opendata.load_columns("standard")) == 32
    with pytest.raises(WrongColumns):
        opendata.load_columns("nothing")


def test_a_code_with_a_wrong_check_digit_stops_the_start():
    environ = {"SECRET_KEY": "k" * 40}
    assert Config.from_environ({**environ, "MUNICIPALITY_CODE": "332089"}).municipality_code == "332089"
    for wrong in ("332021", "33202", "３３２０２０"):
        with pytest.raises(WrongSetting, match="MUNICIPALITY_CODE"):
            Config.from_environ({**environ, "MUNICIPALITY_CODE": wrong})


def test_the_checker_finds_what_it_is_there_to_find(program, sitting):
    good = program.get(ADDRESS).data
    assert problems(good) == []
    for old, new in (
        (b"\xef\xbb\xbf", b""),
        (b"\r\n", b"\n"),
        ("午前の部".encode(), '"午前\nの部"'.encode()),
        ("午前の部".encode(), "午前①".encode()),
        (b"2026-06-11", b"2026/6/11"),
        (b"10:00", b"9:00"),
        (b",500,", ",500円,".encode()),
        (b"NO", b"No"),
        ("オウエンコウザ".encode(), b""),
        (b"332020", b"33202"),
    ):
        assert problems(good.replace(old, new)) != [], old
