"""Pages about sections and duties: who holds what, who is missing, handing over, and April."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.permissions import Role
from app.imports import people
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.org import carrying, queries, services
from app.org.types import DutyKind, UnitKind
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_unit
from tests.imports.staff_file import everybody
from tests.staff import post, signed_in

BY = {"by": ORGANIZER, "now": NOW}


@pytest.fixture
def organizer(site: Flask) -> FlaskClient:
    return signed_in(site)


def seen_at(client: FlaskClient, page: str) -> str:
    """The fingerprint of the list that a page shows."""
    return re.search(r'name="seen"[^>]*value="(\w+)"', client.get(page).text)[1]


@pytest.fixture
def held(site: Flask) -> tuple[int, int, int]:
    """A section with a promoter and one without: ids of both, and of the duty."""
    with site.app_context():
        section, other = a_unit(name="広報課"), a_unit(name="財政課")
        return section, other, a_duty(section, a_member(name="倉敷　花子", number="100001").id)


def test_the_year_shows_who_holds_which_duty_and_who_is_missing(organizer: FlaskClient, held) -> None:
    answer = organizer.get("/console/org/", follow_redirects=True)
    assert answer.request.path == "/console/org/2026/"
    assert "倉敷　花子" in answer.text
    missing = organizer.get("/console/org/2026/?missing=1").text
    assert ("財政課" in missing, "広報課" in missing) == (True, False)


def test_without_any_section_the_page_says_how_to_begin(organizer: FlaskClient) -> None:
    assert "ファイルから取り込む" in organizer.get("/console/org/").text


def test_somebody_is_named_handed_over_and_ended(site: Flask, organizer: FlaskClient, held) -> None:
    section, other, duty = held
    with site.app_context():
        a_member(number="100002", name="後任　太郎")
    page = f"/console/org/2026/units/{other}/"
    kind = DutyKind.PROMOTER.value
    assert post(organizer, page, page + "appoint/", kind=kind, number="100002", day="2026-04-01").status_code == 303
    page = f"/console/org/duties/{duty}/"
    assert post(organizer, page, page + "hand-over/", number="100002", day="令和8年10月1日").status_code == 303
    with site.app_context():
        rows = [row for row in queries.duties(2026) if row.unit.id == section]
    assert [(row.member.number, row.ends_on) for row in rows] == [("100001", date(2026, 9, 30)), ("100002", None)]
    page = f"/console/org/duties/{rows[1].id}/"
    assert post(organizer, page, page + "end/", last="2026-12-31").status_code == 303
    assert "12月31日" in organizer.get(f"/console/org/2026/units/{section}/").text


@pytest.mark.parametrize(
    ("where", "fields", "said"),
    [
        ("hand-over/", {"number": "999999", "day": "2026-10-01"}, "登録されていません"),
        ("hand-over/", {"number": "100001", "day": "2026-04-01"}, "始まりの日より後"),
        ("end/", {"last": "2027-04-01"}, "2026年度"),
    ],
)
def test_what_cannot_be_is_said_at_the_form(organizer: FlaskClient, held, where, fields, said) -> None:
    page = f"/console/org/duties/{held[2]}/"
    answer = post(organizer, page, page + where, **fields)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_section_is_renamed_in_the_new_year_only_and_another_merged(
    site: Flask, organizer: FlaskClient, held
) -> None:
    section, other, _duty = held
    assert post(organizer, "/console/org/2027/april/", "/console/org/2027/april/begin/").status_code == 303
    assert "1件の担当を引き継ぐ" in organizer.get("/console/org/2027/april/").text
    page = f"/console/org/2027/units/{section}/edit/"
    said = {"code": "0500", "kind": UnitKind.SECTION.value, "name": "広報広聴課", "parent_id": 0, "position": 1}
    assert post(organizer, page, **said).status_code == 303
    merged = f"/console/org/2027/units/{other}/"
    assert post(organizer, merged + "edit/", merged + "succeed/", new_ids=section).status_code == 303
    april = "/console/org/2027/april/"
    assert "一覧を作り直しました" in post(organizer, april, f"{april}carry/", seen="another").text
    assert post(organizer, april, f"{april}carry/", seen=seen_at(organizer, april)).status_code == 303
    with site.app_context():
        assert [unit.name for unit in queries.units(2027)] == ["広報広聴課"]
        assert sorted(unit.name for unit in queries.units(2026)) == ["広報課", "財政課"]
        assert [row.member.number for row in queries.duties(2027)] == ["100001"]


def test_a_year_begins_once(organizer: FlaskClient, held) -> None:
    post(organizer, "/console/org/2027/april/", "/console/org/2027/april/begin/")
    again = post(organizer, "/console/org/2027/april/", "/console/org/2027/april/begin/")
    assert (again.status_code, "すでに登録されています" in again.text) == (422, True)


def test_a_new_section_is_added_and_its_code_is_its_own(site: Flask, organizer: FlaskClient, held) -> None:
    page = "/console/org/2026/units/new/"
    said = {"code": "0900", "kind": "office", "name": "情報室", "parent_id": 0, "position": 1}
    assert post(organizer, page, **said).status_code == 303
    twice = post(organizer, page, **said)
    assert (twice.status_code, "使われています" in twice.text) == (422, True)


def test_one_person_s_duties_through_the_years(site: Flask, organizer: FlaskClient, held) -> None:
    with site.app_context():
        services.begin_year(2027, **BY)
        services.carry_duties(2027, seen=carrying.plan(2027).digest, **BY)
        member = queries.duties(2026)[0].member.id
    text = organizer.get(f"/console/org/members/{member}/").text
    assert text.index("2027年度</th>") < text.index("2026年度</th>")
    assert "倉敷　花子" in organizer.get("/console/org/members/?q=倉敷").text
    assert "当てはまる職員はいません" in organizer.get("/console/org/members/?q=児島").text


def test_a_manager_looks_and_does_not_touch(site: Flask, held) -> None:
    manager = signed_in(site, Role.MANAGER)
    text = manager.get("/console/org/2026/").text
    assert ("広報課" in text, "export.xlsx" in text) == (True, False)
    assert manager.get(f"/console/org/duties/{held[2]}/").status_code == 403


def test_a_list_of_more_than_twenty_people_leaves_an_entry(site: Flask, organizer: FlaskClient, held) -> None:
    pages = ["/console/org/2026/", "/console/org/members/", f"/console/org/2026/units/{held[0]}/"]
    for page in (*pages, f"/console/org/duties/{held[2]}/"):
        organizer.get(page)
    with site.app_context():
        for _ in range(20):
            a_duty(a_unit())
            services.post(a_member().id, held[0], date(2026, 4, 1), **BY)
    for page in (*pages, f"/console/org/duties/{held[2]}/", "/console/org/2026/?missing=1"):
        organizer.get(page)
    with site.app_context():
        seen = db.session.execute(sa.select(AuditEntry.object_type, AuditEntry.fields).filter_by(action="org.listed"))
        assert seen.all() == [
            ("fiscal_year", "rows=21"), ("fiscal_year", "rows=41"), ("org_unit", "rows=21"), ("org_unit", "rows=21"),
        ]  # fmt: skip
    assert "職員の一覧の閲覧" in signed_in(site, Role.AUDITOR).get("/console/audit/").text


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_export_leaves_an_entry_in_the_log(organizer: FlaskClient, held, ending: str) -> None:
    answer = organizer.get(f"/console/org/2026/export.{ending}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert BytesIO(answer.data).read(2) == (b"PK" if ending == "xlsx" else b"\xef\xbb")


@pytest.mark.parametrize("address", ["/console/org/2026/", "/console/org/2026/?missing=1", "/console/org/members/"])
def test_a_page_costs_the_same_at_two_sizes(site: Flask, organizer: FlaskClient, address: str) -> None:
    seen = []
    for rows in (everybody()[:30], everybody()):
        with site.app_context():
            people.take(rows, 2026, by=ORGANIZER, now=clock.now())
        seen.append(_statements(site, organizer, address))
    assert seen[0] == seen[1]


def _statements(site: Flask, client: FlaskClient, address: str) -> int:
    counted: list[str] = []

    def count(_connection, _cursor, statement, *_rest) -> None:
        counted.append(statement)

    with site.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        assert client.get(address).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    return len(counted)


def test_many_duties_end_at_once_after_a_look_at_them(site: Flask, organizer: FlaskClient, held) -> None:
    page = "/console/org/2026/end/"
    assert "どの担当を終えますか" in organizer.get(page).text
    asked = "?last=2026-09-30&kind=promoter&who=all"
    shown = organizer.get(page + asked).text
    assert ("倉敷　花子" in shown, "1件の担当を9月30日（水）で終える" in shown) == (True, True)
    fields = {"last": "2026-09-30", "kind": "promoter", "who": "all"}
    assert "一覧を作り直しました" in post(organizer, page + asked, page, **fields, seen="another").text
    seen = seen_at(organizer, page + asked)
    assert post(organizer, page + asked, page, **fields, seen=seen).status_code == 303
    with site.app_context():
        assert queries.duty(held[2]).ends_on == date(2026, 9, 30)
    assert "2026年度" in organizer.get(page + "?last=2027-04-01&kind=all&who=all").text
