"""A course through the pages: made by the organizer, taken by staff without JavaScript, verified by anybody."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.permissions import Role
from app.elearning import progress, queries
from app.org import services as org
from app.web.parts import playing
from tests.elearning.courses import MP4, VTT, a_course, page
from tests.factories import NOW, ORGANIZER, a_unit
from tests.staff import post, signed_in, token_of

HERE = "/console/elearning/1/"
MY = "/my/elearning/1/"
PAGE = f"{HERE}units/new/page/"


@pytest.fixture
def organizer(site: Flask) -> FlaskClient:
    return signed_in(site)


@pytest.fixture
def member(site: Flask) -> FlaskClient:
    client = signed_in(site, Role.MEMBER)
    with site.app_context():
        org.post(1, a_unit(name="環境政策課"), date(2026, 4, 1), by=ORGANIZER, now=NOW)
    return client


def upload(client: FlaskClient, address: str, **fields: object):
    token = token_of(client.get(address).text)
    return client.post(address, data={"csrf_token": token, **fields}, headers={"Origin": "http://localhost"})


def a_question(label: str, *options: str, right: int, kind: str = "single") -> dict[str, str]:
    typed = {f"options-{n}-label": words for n, words in enumerate(options)}
    return {"label": label, "kind": kind, **typed, f"options-{right}-right": "y", "why": "だから、こちらです。"}


def seen(client: FlaskClient) -> str:
    found = client.get(f"{HERE}check/0/").text
    return found.split('name="seen"')[1].split('value="')[1].split('"')[0]


def test_a_course_from_the_first_word_to_the_certificate(site, organizer, member):
    made = post(organizer, "/console/elearning/new/", title="協働の基礎", about="20分です。", due_on="令和8年9月30日")
    assert made.headers["Location"] == f"{HERE}contents/"
    assert post(organizer, PAGE, title="背景", body="■はじめに\n<b>協働</b>とは").status_code == 303
    film = {"file": (BytesIO(MP4), "../話.MP4"), "captions": (BytesIO(VTT), "c.vtt")}
    assert upload(organizer, f"{HERE}units/new/video/", title="話", **film).status_code == 303
    for n in (1, 2):
        asked = a_question(f"問い{n}", "甲の答え", "乙の答え", right=n - 1)
        assert post(organizer, f"{HERE}check/0/", **asked, seen=seen(organizer)).status_code == 303
    rules = {"pass_percent": "100", "most_tries": "２"}
    assert post(organizer, f"{HERE}check/", **rules).status_code == 303
    assert member.get(MY).status_code == 404
    assert post(organizer, f"{HERE}contents/", f"{HERE}publish/").status_code == 303

    assert "協働の基礎" in member.get("/my/").text
    first = member.get(f"{MY}units/1/").text
    assert "<h2>はじめに</h2>" in first
    assert "&lt;b&gt;協働" in first
    assert member.get(f"{MY}check/").headers["Location"] == MY
    onwards = post(member, f"{MY}units/1/").headers["Location"]
    assert 'kind="captions"' in member.get(onwards).text
    assert member.get(f"{onwards}captions").data == VTT
    assert "確認テストへ進む" not in member.get(onwards).text
    assert post(member, onwards).headers["Location"] == MY
    assert "確認テストへ進む" in member.get(onwards).text

    left_open = post(member, f"{MY}check/", version="1")
    assert left_open.status_code == 422
    assert "「問い1」を選んでください。" in left_open.text
    with site.app_context():
        section = queries.published(1).check.definition.sections[0]
    names = [(f"q-{section.key}-{asked.key}", [one.key for one in asked.options]) for asked in section.questions]
    (one, first_options), (two, second_options) = names
    wrong = {one: first_options[0], two: second_options[0], "version": "1"}
    post(member, f"{MY}check/", **wrong)
    result = member.get(f"{MY}result/").text
    assert "2問のうち1問が正解" in result
    assert result.count("不正解") == 1
    assert "だから、こちらです。" not in result
    assert "あと1回" in member.get(MY).text
    assert post(member, f"{MY}check/", **wrong | {two: second_options[1]}).headers["Location"] == f"{MY}result/"
    assert "だから、こちらです。" in member.get(f"{MY}result/").text

    paper = pypdf.PdfReader(BytesIO(member.get(f"{MY}certificate.pdf").data)).pages[0].extract_text()
    with site.app_context():
        done = progress.completions([1])[0]
    assert done.name in paper
    assert f"/verify/{done.code[:4]}-{done.code[4:8]}-{done.code[8:]}/" in paper.replace("\n", "")
    anybody = site.test_client()
    shown = anybody.get("/verify/", query_string={"code": done.code.lower()}, follow_redirects=True)
    assert "この修了証は有効です" in shown.text
    assert "協働の基礎" in shown.text
    for personal in (done.name, done.name.split("\u3000")[-1] + "様", "@city.example.jp", "環境政策課"):
        assert personal not in shown.text
    unknown = anybody.get("/verify/3333-3333-3333/")
    assert unknown.status_code == 404
    assert "この確認番号の修了証はありません" in unknown.text


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(site, organizer):
    with site.app_context():
        a_course(page(), published=False)
    late = post(organizer, "/console/elearning/new/", title="講座", about="説明", due_on="令和9年4月1日")
    assert late.status_code == 422
    assert "受講期限は、2026年度の日付にしてください。" in late.text
    assert "説明" in late.text
    film = {"file": (BytesIO(b"%PDF-1.7"), "a.mp4"), "body": "話の中身"}
    refused = upload(organizer, f"{HERE}units/new/video/", title="動画", **film)
    assert refused.status_code == 422
    assert "MP4とWebMのファイルです" in refused.text
    assert "話の中身" in refused.text
    silent = upload(organizer, f"{HERE}units/new/video/", title="動画", file=(BytesIO(MP4), "a.mp4"))
    assert "字幕ファイルを選ぶか" in silent.text
    with site.app_context():
        assert len(queries.draft(1).units) == 1
    nobody = post(organizer, f"{HERE}check/0/", label="問い", kind="single", seen="", **{"options-0-label": "甲"})
    assert nobody.status_code == 422
    assert "選択肢を2つ以上入力してください。" in nobody.text
    assert "甲" in nobody.text
    more = post(
        organizer, f"{HERE}check/0/", label="問い", kind="single", row="options-add", **{"options-0-label": "乙"}
    )
    assert "乙" in more.text
    assert post(organizer, f"{HERE}check/", pass_percent="101").status_code == 422
    stale = a_question("問い", "甲", "乙", right=0)
    assert "別の職員が先に問題を変えています" in post(organizer, f"{HERE}check/0/", **stale, seen="older").text


def test_another_sections_course_looks_missing_and_a_manager_only_reads(site):
    with site.app_context():
        a_course(page())
    other = signed_in(site, email="other@city.example.jp", section="環境政策課")
    for address in ("", "people/", "contents/", "check/", "reminders/", "units/1/", "people.csv", "edit/"):
        assert other.get(HERE + address).status_code == 404, address
    assert post(other, "/console/elearning/new/", f"{HERE}begin/").status_code == 404
    manager = signed_in(site, Role.MANAGER)
    assert "新しい版を作る</button>" not in manager.get(f"{HERE}contents/").text
    assert manager.get(f"{HERE}check/").status_code == 200


def test_of_a_long_film_one_answer_holds_the_beginning_and_the_player_asks_on(site, organizer, monkeypatch):
    monkeypatch.setattr(playing, "MOST", 4000)
    with site.app_context():
        a_course(page(), published=False)
    film = {"file": (BytesIO(MP4), "a.mp4"), "body": "話の中身"}
    upload(organizer, f"{HERE}units/new/video/", title="動画", **film)
    got = b""
    while len(got) < len(MP4):
        answer = organizer.get(f"{HERE}units/2/file", headers={"Range": f"bytes={len(got)}-"})
        assert answer.headers["Content-Range"].startswith(f"bytes {len(got)}-")
        got += answer.data
    assert got == MP4
    assert len(answer.data) == len(MP4) % 4000


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("bytes=0-9", 206, "bytes 0-9/{size}"),
        ("bytes=-5", 206, "bytes {last}-{end}/{size}"),
        ("bytes=300000-", 416, "bytes */{size}"),
        ("bytes=0-1,4-5", 200, None),
        (None, 200, None),
    ],
)
def test_a_film_is_sent_in_the_pieces_that_a_player_asks_for(site, organizer, asked, status, told):
    with site.app_context():
        a_course(page(), published=False)
    film = {"file": (BytesIO(MP4), "a.mp4"), "body": "話の中身"}
    assert upload(organizer, f"{HERE}units/new/video/", title="動画", **film).status_code == 303
    answer = organizer.get(f"{HERE}units/2/file", headers={"Range": asked} if asked else {})
    size = len(MP4)
    assert answer.status_code == status
    assert answer.headers.get("Content-Range") == (
        told.format(size=size, last=size - 5, end=size - 1) if told else None
    )
    assert answer.data == {206: MP4[:10] if asked == "bytes=0-9" else MP4[-5:], 416: b"", 200: MP4}[status]
    assert answer.headers["Cache-Control"] == "no-store"
