"""The same 161 people as a workbook and as CSV in each encoding, through the command and through the page."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.documents.csv_text import csv_bytes
from app.documents.sheets import xlsx
from app.documents.types import Encoding
from app.imports import previews
from app.imports.previews import Kept
from app.infra import clock
from app.infra.db import db
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.org import queries
from app.worker import SCHEDULES
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW
from tests.imports.staff_file import changed, everybody
from tests.staff import a_person, post, sign_in, signed_in, token_of

BROKEN = {
    30: {"所属コード": ""},
    31: {"所属コード": "9999", "局": "", "部": "", "課": ""},
    32: {"職員番号": "12 34"},
    33: {"氏名": ""},
    34: {"フリガナ": "高橋"},
    35: {"メールアドレス": "p1.city.example.jp"},
    36: {"採用年度": "平成"},
    37: {"役割": "推進係"},
    38: {"開始日": "2026/4/31"},
    39: {"終了日": "2027-04-01"},
}


@pytest.fixture
def site(tmp_path: Path, database_url: str):
    """The application as it stands behind a server, on both databases."""
    app = create_app(config_for(tmp_path, database_url=database_url))
    with app.app_context():
        make_tables()
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


def in_form(rows, form: str) -> tuple[bytes, str]:
    """The rows as a file, and its name."""
    if form == "xlsx":
        return xlsx("2026年度", rows[0], rows[1:]), "職員.xlsx"
    content = csv_bytes(rows[0], rows[1:], encoding=Encoding.CP932 if form == "cp932" else Encoding.UTF8).content
    return (content.removeprefix(b"\xef\xbb\xbf") if form == "utf-8" else content), "職員.csv"


FORMS = pytest.mark.parametrize("form", ["xlsx", "cp932", "utf-8-sig", "utf-8"])


def broken():
    rows = everybody()
    for line, changes in BROKEN.items():
        changed(rows, line, **changes)
    return rows


def command(site: Flask, folder: Path, rows, form: str, *more: str):
    content, name = in_form(rows, form)
    (folder / name).write_bytes(content)
    return site.test_cli_runner().invoke(args=["import", "people", str(folder / name), "--year", "2026", *more])


def duties(site: Flask) -> int:
    with site.app_context():
        return len(queries.duties(2026))


@FORMS
def test_the_command_names_ten_broken_rows_writes_none_and_repeats_without_change(site, tmp_path, form) -> None:
    refused = command(site, tmp_path, broken(), form)
    assert (refused.exit_code, duties(site)) == (1, 0)
    assert [line for line in BROKEN if f"{line}行目\t" in refused.output] == list(BROKEN)
    assert "10件" in refused.output
    dry = command(site, tmp_path, everybody(), form, "--dry-run")
    assert (dry.exit_code, duties(site)) == (0, 0)
    assert command(site, tmp_path, everybody(), form).exit_code == 0
    assert duties(site) == 161
    again = command(site, tmp_path, everybody(), form)
    assert "追加0件、変更0件、終了0件、変わらない行161件" in again.output


def upload(client, rows, form: str):
    token = token_of(client.get("/console/org/import/").text)
    content, name = in_form(rows, form)
    data = {"csrf_token": token, "year": "2026", "file": (BytesIO(content), name)}
    return client.post("/console/org/import/", data=data, headers={"Origin": "http://localhost"})


def confirm(client, page: str):
    text = client.get(page).text
    seen = text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return post(client, page, seen=seen)


@pytest.mark.parametrize("form", ["xlsx", "cp932"])
def test_an_upload_is_shown_first_and_taken_after_the_yes(site, form) -> None:
    client = signed_in(site)
    wrong = upload(client, broken(), form).location
    text = client.get(wrong).text
    assert all(f"{line}行目" in text for line in BROKEN)
    assert "この内容で取り込む" not in text
    page = upload(client, everybody(), form).location
    assert "この内容で取り込む" in client.get(page).text
    assert duties(site) == 0
    assert confirm(client, page).status_code == 303
    assert duties(site) == 161
    assert client.get(page).status_code == 404
    again = upload(client, everybody(), form).location
    assert "変わる内容はありません" in client.get(again).text


def test_the_exported_workbook_comes_back_as_nothing_changes(site, tmp_path) -> None:
    command(site, tmp_path, everybody(), "xlsx")
    client = signed_in(site)
    for ending in ("xlsx", "csv"):
        (tmp_path / f"out.{ending}").write_bytes(client.get(f"/console/org/2026/export.{ending}").data)
        arguments = ["import", "people", str(tmp_path / f"out.{ending}"), "--year", "2026"]
        assert "変わらない行161件" in site.test_cli_runner().invoke(args=arguments).output


def test_a_kept_file_is_its_owner_s(site) -> None:
    client = signed_in(site)
    page = upload(client, everybody(), "xlsx").location
    a_person(site, email="other@city.example.jp")
    other = site.test_client()
    sign_in(other, "other@city.example.jp")
    assert other.get(page).status_code == 404
    assert client.get(page).status_code == 200


def test_a_kept_file_lasts_an_hour(site) -> None:
    with site.app_context():
        key = previews.keep(Kept(b"x", "a.csv", 2026), owner="1", now=NOW)
        assert previews.kept(key, owner="1", now=NOW + previews.LASTS).content == b"x"
        with pytest.raises(NotFound):
            previews.kept(key, owner="1", now=NOW + previews.LASTS + timedelta(seconds=1))
        with pytest.raises(NotFound):
            previews.kept(key, owner="1", now=NOW)


def test_the_worker_sweeps_what_nobody_said_yes_to_and_nothing_else(site) -> None:
    sweep = next(one for one in SCHEDULES if one.name == "sweep_previews")
    with site.app_context():
        handout = storage.save(b"a handout")
        old = previews.keep(Kept(b"x" * 9000, "名簿" * 40 + ".csv", 2026), owner="1", now=NOW)
        young = previews.keep(Kept(b"y", "a.csv", 2026), owner="1", now=NOW + timedelta(minutes=30))
        begun = storage.save(b"{", previews.FOLDER)
        sweep.job(NOW + previews.LASTS + timedelta(seconds=1))
        assert storage.keys(previews.FOLDER) == sorted([f"{previews.FOLDER}/{young}", begun])
        assert storage.has(handout)
        with pytest.raises(NotFound):
            previews.kept(old, owner="1", now=NOW)


@pytest.mark.parametrize("key", ["../../etc/passwd", "a", "A" * 24])
def test_a_key_of_no_file_finds_nothing(site, key) -> None:
    with site.app_context(), pytest.raises(NotFound):
        previews.kept(key, owner="1", now=NOW)


def test_what_is_no_table_is_refused_at_the_field(site) -> None:
    client = signed_in(site)
    token = token_of(client.get("/console/org/import/").text)
    for content, name in ((b"PK\x03\x04", "a.xlsx"), (b"%PDF", "a.pdf"), ("氏名\r\n".encode(), "a.csv")):
        data = {"csrf_token": token, "year": "2026", "file": (BytesIO(content), name)}
        answer = client.post("/console/org/import/", data=data, headers={"Origin": "http://localhost"})
        assert answer.status_code == 422
