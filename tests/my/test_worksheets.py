"""A section's worksheet through the page, as a browser without JavaScript and as the page's script send it."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import create_app
from app.accounts.permissions import Role
from app.infra import clock
from app.infra.db import db
from app.org import services as org
from app.org.drafts import Appointment
from app.org.types import DutyKind
from app.questions import codec
from app.questions.states import State
from app.questions.types import Kind, Question
from app.worksheets import assessing, attachments, queries, services, templates
from app.worksheets.types import CommentDraft, TemplateDetails
from tests.conftest import config_for
from tests.console.desk import statements
from tests.databases import make_tables
from tests.documents import hostile
from tests.factories import NOW, ORGANIZER, a_form, a_member, a_template, a_unit, a_worksheet
from tests.staff import post, signed_in, token_of

HERE = "/my/worksheets/1/1/"
PDF = b"%PDF-1.7 plan"
ROW = {"rows-tasks": "a", "q-tasks-a-task": "ごみ減量"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """One open worksheet (1), the own section (1) and another (2)."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
        a_unit(name="環境政策課")
        a_unit(name="公園緑地課")
        a_template()
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def member(site: Flask) -> FlaskClient:
    """The browser of somebody who works at the own section, as its head."""
    client = signed_in(site, Role.MEMBER)
    with site.app_context():
        db.session.execute(db.text("UPDATE staff_member SET position = '課長'"))
        db.session.commit()
        org.post(1, 1, date(2026, 4, 1), by=ORGANIZER, now=NOW)
    return client


def view(site: Flask):
    with site.app_context():
        return queries.of_unit(1, 1)


def save(member: FlaskClient, version: int, *, do: str = "save", **fields: str):
    return post(member, HERE, version=str(version), do=do, **fields)


def test_what_is_typed_is_kept_and_what_is_missing_is_told(site, member):
    assert "環境政策課" in member.get("/my/").text
    assert save(member, 0, **{"rows-tasks": "a", "q-tasks-a-stage": "plan"}).status_code == 303
    assert "あと1か所の記入が必要です" in member.get(HERE).text
    assert view(site).answers == {"tasks": [{"row": "a", "stage": "plan"}]}


def test_a_hundred_long_tasks_are_saved(site, member):
    rows = {"rows-tasks": [f"row-{n}" for n in range(100)]}
    tasks = {f"q-tasks-row-{n}-task": "長い業務の名称" * 60 for n in range(100)}
    assert save(member, 0, **rows, **tasks, **{"q-about-remark": "い" * 4000}).status_code == 303
    assert len(view(site).answers["tasks"]) == 100


def upload(member: FlaskClient, content: bytes, name: str = "様式.xlsx"):
    sent = {"csrf_token": token_of(member.get(HERE).text), "file": (BytesIO(content), name)}
    return member.post(f"{HERE}sheet/", data=sent, headers={"Origin": "http://localhost"})


def filled_in(member: FlaskClient, **cells: str) -> bytes:
    """The own workbook, downloaded and written into."""
    book = openpyxl.load_workbook(BytesIO(member.get(f"{HERE}sheet.xlsx").data))
    for address, value in cells.items():
        book["2_業務"][address] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def sent_by(page: str) -> dict[str, list[str]]:
    """What the browser sends when the page's form is taken as it is."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<textarea name="([^"]+)" hidden>\n([^<]*)</textarea>', page):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return fields


def test_a_workbook_is_looked_at_before_it_is_taken(site, member):
    save(member, 0, **ROW)
    page = upload(member, filled_in(member, B2="ごみの減量", B3="緑化"))
    assert page.status_code == 200, page.text
    assert [word in page.text for word in ("ごみ減量", "ごみの減量", "緑化")] == [True] * 3
    assert view(site).version == 1
    assert save(member, 1, **sent_by(page.text)).status_code == 303
    assert [row["task"] for row in view(site).answers["tasks"]] == ["ごみの減量", "緑化"]


def test_what_is_wrong_in_a_workbook_is_named_by_its_cell(site, member):
    save(member, 0, **ROW)
    page = upload(member, filled_in(member, C2="どれでもない"))
    assert page.status_code == 422
    assert "C2" in page.text
    assert upload(member, b"", "x.xlsm").status_code == 422
    assert "選んでください" in upload(member, b"", "").text


@pytest.mark.parametrize(
    "name", ["zip-bomb.xlsx", "huge-cell.xlsx", "lies-about-size.xlsx", "macro.xlsm", "formula.xlsx"]
)
def test_a_file_that_could_harm_is_refused_with_a_sentence_and_changes_nothing(site, member, name):
    save(member, 0, **ROW)
    page = upload(member, hostile.files()[name], name)
    assert page.status_code == 422
    assert "このファイルは取り込めません" in page.text
    assert view(site).version == 1


def test_rows_come_go_and_move_without_a_script(site, member):
    save(member, 0, do="add:tasks", **ROW)
    added = view(site).answers["tasks"][1]["row"]
    rows = {"rows-tasks": ["a", added], "q-tasks-a-task": "ごみ減量", f"q-tasks-{added}-task": "緑化"}
    save(member, 1, do=f"up:tasks:{added}", **rows)
    assert [row["task"] for row in view(site).answers["tasks"]] == ["緑化", "ごみ減量"]
    save(member, 2, do="remove:tasks:a", **rows)
    assert [row["task"] for row in view(site).answers["tasks"]] == ["緑化"]


def test_an_incomplete_sheet_comes_back_with_each_place_named(site, member):
    answer = save(member, 0, do="submit", **{"rows-tasks": "a", "q-tasks-a-stage": "plan"})
    assert answer.status_code == 422
    assert '<a href="#q-tasks-a-task">行1の「業務名」を入力してください。</a>' in answer.text
    assert view(site).state is State.DRAFT


def test_the_second_editor_sees_both_and_loses_nothing(site, member):
    with site.app_context():
        services.save(1, 1, {"about": {"remark": "先の人"}}, version=0, by=ORGANIZER, now=NOW)
    answer = save(member, 0, **{"q-about-remark": "後の人"})
    assert answer.status_code == 409
    assert "先の人" in answer.text
    assert "後の人</textarea>" in answer.text
    assert view(site).answers == {"about": {"remark": "先の人"}}


def test_a_script_is_told_the_new_version_and_in_a_conflict_what_the_other_wrote(site, member):
    page = member.get(HERE).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    headers = {"Origin": "http://localhost", "Accept": "application/json"}
    sent = {"csrf_token": token, "version": "0", "do": "save", **ROW}
    first = member.post(HERE, data=sent, headers=headers)
    assert (first.json["version"], first.json["missing"]) == (1, 0)
    second = member.post(HERE, data=sent, headers=headers)
    assert second.status_code == 409
    assert second.json["controls"] == {"rows-tasks": ["a"], "q-tasks-a-task": ["ごみ減量"]}


def test_the_head_sends_back_then_confirms_and_the_story_shows_what_changed(site, member):
    save(member, 0, do="submit", **ROW)
    assert post(member, HERE, f"{HERE}return/", comment="").status_code == 422
    assert post(member, HERE, f"{HERE}return/", comment="詳しく").status_code == 303
    assert "詳しく" in member.get(HERE).text
    save(member, view(site).version, do="submit", **{**ROW, "q-tasks-a-task": "ごみ減量と分別"})
    assert post(member, HERE, f"{HERE}approve/").status_code == 303
    assert view(site).approved_at is not None
    assert "<ins>ごみ減量と分別</ins>" in member.get(f"{HERE}history/").text


def test_a_comment_stands_at_its_row(site, member):
    with site.app_context():
        sheet = a_worksheet(1, 1, "緑化", submitted=True)
        services.return_(sheet, [CommentDraft("根拠は何ですか", "tasks", "row-1")], by=ORGANIZER, now=NOW)
    assert "根拠は何ですか" in member.get(HERE).text.split('data-row="row-1"')[1]


def test_what_only_the_organizer_asks_is_never_seen_or_touched_by_the_section(site, member):
    form = a_form(Question("score", Kind.LINE, "内部の評価", internal=True))
    with site.app_context():
        templates.ask(1, form, seen=codec.digest(a_form()), by=ORGANIZER, now=NOW)
        sheet = a_worksheet(1, 1, "緑化", submitted=True)
        score = {"tasks": [{"row": "row-1", "score": "要指導"}]}
        seen = assessing.digest(queries.one(sheet))
        assessing.assess(sheet, score, seen=seen, by=ORGANIZER, now=NOW)
        services.return_(sheet, [CommentDraft("直してください")], by=ORGANIZER, now=NOW)
        version = queries.one(sheet).version
    row = {"rows-tasks": "row-1", "q-tasks-row-1-task": "緑化の推進", "q-tasks-row-1-score": "1"}
    token = token_of(member.get(HERE).text)
    headers = {"Origin": "http://localhost", "Accept": "application/json"}
    pages = [member.post(HERE, data={"csrf_token": token, "version": "0", **row}, headers=headers).text]
    pages += [upload(member, filled_in(member, B3="窓口")).text]
    save(member, version, **row)
    save(member, version + 1, do="submit", **row)
    pages += [member.get(address).text for address in (HERE, f"{HERE}history/")]
    assert [word for page in pages for word in ("要指導", "内部の評価") if word in page] == []
    assert view(site).answers["tasks"] == [{"row": "row-1", "task": "緑化の推進", "score": "要指導"}]


@pytest.mark.parametrize("address", ["/my/worksheets/1/2/", "/my/worksheets/1/2/history/", "/my/worksheets/9/1/"])
def test_anothers_worksheet_is_not_found(site, member, address):
    assert member.get(address).status_code == 404


def test_who_leads_nothing_confirms_nothing(site, member):
    save(member, 0, do="submit", **ROW)
    with site.app_context():
        db.session.execute(db.text("UPDATE staff_member SET position = '主任'"))
        db.session.commit()
    assert post(member, HERE, f"{HERE}approve/").status_code == 404


def attach(member: FlaskClient, version: int, content: bytes, name: str = "計画.pdf", **fields: str):
    """Press the button beside the file, with what else is typed on the page."""
    sent = {"csrf_token": token_of(member.get(HERE).text), "version": str(version), "do": "attach", **fields}
    boundary, body = encode_multipart({**sent, "file": FileStorage(BytesIO(content), name)})
    kind = f"multipart/form-data; boundary={boundary}"
    return member.post(f"{HERE}attachments/", data=body, content_type=kind, headers={"Origin": "http://localhost"})


def takes_files(site: Flask, most: int = 3) -> None:
    with site.app_context():
        details = TemplateDetails("業務の棚卸シート", date(2026, 7, 31), needs_approval=False, most_attachments=most)
        templates.edit(1, details, by=ORGANIZER, now=NOW)


def test_a_file_is_put_beside_the_answers_and_what_was_typed_is_kept(site, member):
    takes_files(site)
    assert attach(member, 0, PDF, **ROW).status_code == 303
    assert view(site).answers == {"tasks": [{"row": "a", "task": "ごみ減量"}]}
    file = f"{HERE}attachments/1/"
    answer = member.get(file)
    assert answer.data == PDF
    names = ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    assert [answer.headers[name] for name in names] == [
        "application/pdf", "nosniff", "sandbox; default-src 'none'", "no-store",
    ]  # fmt: skip
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    save(member, 1, do="submit", **ROW)
    assert member.get(HERE).text.count(f'href="{file}"') == 1
    assert member.get(f"{HERE}history/").text.count(f'href="{file}"') == 1
    desk = signed_in(site, Role.ORGANIZER)
    sheet = "/console/worksheets/sheets/1/"
    assert f'href="{sheet}attachments/1/"' in desk.get(sheet).text
    assert desk.get(f"{sheet}attachments/1/").data == PDF
    other = signed_in(site, Role.ORGANIZER, email="other@city.example.jp", section="総務課")
    assert other.get(f"{sheet}attachments/1/").status_code == 404


def test_a_file_is_taken_away_and_what_was_typed_is_kept(site, member):
    takes_files(site)
    attach(member, 0, PDF)
    gone = post(member, HERE, f"{HERE}attachments/", version=str(view(site).version), do="detach:1", **ROW)
    assert gone.status_code == 303
    assert (view(site).attachments, len(view(site).answers["tasks"])) == ((), 1)
    assert member.get(f"{HERE}attachments/1/").status_code == 404


def test_another_sections_file_is_not_found(site, member):
    takes_files(site)
    with site.app_context():
        theirs = a_worksheet(1, 2, "緑化")
        attachments.attach(theirs, "図.pdf", PDF, by=ORGANIZER, now=NOW)
    save(member, 0, **ROW)
    assert member.get("/my/worksheets/1/2/attachments/1/").status_code == 404
    assert member.get(f"{HERE}attachments/1/").status_code == 404
    assert post(member, HERE, f"{HERE}attachments/", version="1", do="detach:1", **ROW).status_code == 404
    with site.app_context():
        assert len(queries.one(theirs).attachments) == 1


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (hostile.files()["zip-bomb.xlsx"], "図.xlsx", "中身が大きすぎる"),
        (hostile.files()["entries.xlsx"], "図.xlsx", "安全に読めない"),
        (hostile.files()["macro.xlsx"], "図.xlsx", "マクロ"),
        (hostile.files()["other-zip.xlsx"], "図.zip", "受け付けられるのは"),
        (b"<script>alert(1)</script>", "図.pdf", "受け付けられるのは"),
        (b"%PDF-" + b"0" * 11_000_000, "図.pdf", "10MBまで"),
        (b"", "", "選んでください"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_with_a_sentence_and_what_was_typed_is_kept(
    site, member, content, name, why
):
    takes_files(site)
    begun = time.process_time()
    page = attach(member, 0, content, name, **ROW)
    assert time.process_time() - begun < 2
    assert page.status_code == 422
    assert why in page.text.split('id="attachment-error"')[1][:200]
    assert (view(site).attachments, len(view(site).answers["tasks"])) == ((), 1)


def test_a_form_that_takes_no_files_says_so(site, member):
    page = attach(member, 0, PDF)
    assert page.status_code == 422
    assert "ファイルを添付できません" in page.text


@pytest.mark.parametrize(
    "name",
    ["..%2f..%2fetc.pdf", "..\\..\\boot.pdf", "/etc/passwd", "CON", "\u202efdp.exe", "長" * 300, 'a"b;c\r\nX: 1.pdf'],
)
def test_a_name_harms_nothing(site, member, name):
    takes_files(site)
    assert attach(member, 0, PDF, name).status_code == 303
    answer = member.get(f"{HERE}attachments/1/")
    assert answer.data == PDF
    kept = view(site).attachments[0].file_name
    assert kept.endswith(".pdf")
    assert not set(kept) & set('/\\<>:"|?*\r\n\0\u202e')
    assert member.get(HERE).status_code == 200


def test_the_second_editors_file_waits_until_both_texts_were_seen(site, member):
    takes_files(site)
    with site.app_context():
        services.save(1, 1, {"about": {"remark": "先の人"}}, version=0, by=ORGANIZER, now=NOW)
    answer = attach(member, 0, PDF, **{"q-about-remark": "後の人"})
    assert answer.status_code == 409
    assert "後の人</textarea>" in answer.text
    assert "まだ変わっていません" in answer.text
    assert view(site).attachments == ()


@pytest.mark.parametrize("page", ["/my/", "/my/worksheets/"])
def test_a_list_of_what_is_owed_costs_the_same_for_many(site, member, page):
    def owes(*units: int) -> None:
        for unit in units:
            org.appoint(Appointment(1, unit, DutyKind.PROMOTER, 2026, date(2026, 4, 1)), by=ORGANIZER, now=NOW)

    with site.app_context():
        owes(1)
        a_worksheet(1, 1, "緑化", submitted=True)
    few = statements(site, member, page)
    with site.app_context():
        units = [a_unit() for _ in range(3)]
        owes(*units)
        for template in (1, *(a_template(code=f"more{number}") for number in range(3))):
            for unit in units if template == 1 else [1, *units]:
                a_worksheet(template, unit, "緑化", submitted=True)
    assert statements(site, member, page) == few
    assert member.get(page).text.count("所属長の確認待ち") == 16


def test_somebody_who_works_nowhere_owes_nothing(site):
    with site.app_context():
        a_member()
    assert "いま記入する様式はありません" in signed_in(site, Role.MEMBER).get("/my/worksheets/").text
