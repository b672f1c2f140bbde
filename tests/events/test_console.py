"""The organizer's pages, through the door."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.accounts.permissions import Role
from app.delivery.models import OutboundMessage
from app.events import queries
from app.events.models import Event
from app.events.types import EventRow, EventStatus
from app.infra.db import db
from tests.factories import NOW, a_series, a_sitting, a_venue, an_event, apply_for
from tests.staff import at, post, signed_in, token_of

PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture(autouse=True)
def _at_now():
    with at():
        yield


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return signed_in(app)


def fields_of(page: str) -> dict[str, object]:
    """What a browser would send of a page's main form if nothing was touched."""
    form = page[page.index("<main") :]
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        named = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        kind = re.search(r' type="([^"]+)"', tag)
        if named and (not kind or kind[1] not in {"checkbox", "radio", "file"} or " checked" in tag):
            sent[named[1]] = html.unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = html.unescape(inside).strip()
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside) or re.search(r'value="([^"]*)"', inside)
        sent[name] = chosen[1] if chosen else ""
    return sent


def send(client: FlaskClient, address: str, to: str | None = None, **changes: object):
    """Open a page, change some of its fields, send it."""
    sent = {**fields_of(client.get(address).text), **changes}
    kept = {name: value for name, value in sent.items() if value is not None}
    return client.post(to or address, data=kept, headers={"Origin": "http://localhost"})


def row(event: Event | int) -> EventRow:
    db.session.rollback()
    return queries.by_id(event if isinstance(event, int) else event.id)


def kinds() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboundMessage.kind).order_by(OutboundMessage.id)))


def test_an_event_is_made_dated_and_published(browser):
    series, venue = a_series(slug="chiiki"), a_venue()
    made = send(
        browser,
        "/console/events/new/",
        series_id=series.id,
        number="１",
        title="応援講座",
        contact_phone="086-426-3107",
        opens_on="令和8年6月1日",
        closes_on="2026/6/9",
    )
    assert made.status_code == 303, made.text
    event = row(int(made.headers["Location"].split("/")[3]))
    added = send(
        browser,
        made.headers["Location"],
        day="R8.6.10",
        starts_time="午後1時半",
        ends_time="1630",
        venue_id=venue.id,
        capacity="３０席",
    )
    assert added.status_code == 303, added.text
    assert send(browser, f"/console/events/{event.id}/publish/").status_code == 303
    public = browser.get("/events/2026-chiiki-1/").text
    assert "令和8年6月10日（水）13時30分～16時30分" in public
    assert row(event.id).sittings[0].capacity == 30


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(browser):
    a_series()
    answer = send(
        browser, "/console/events/new/", title="", about="二行の\n内容", opens_on="6月1日", number="いち", fee="五百円"
    )
    assert answer.status_code == 422
    assert "「研修会・講座の名称」を入力してください。" in answer.text
    assert "「受付開始の日」は年から入力してください" in answer.text
    assert "「第何回」は1から999までの数字で入力してください。" in answer.text
    assert {"about": "二行の\n内容", "opens_on": "6月1日", "number": "いち", "fee": "五百円"}.items() <= fields_of(
        answer.text
    ).items()


def test_a_refusal_of_the_room_stands_at_its_field_too(browser):
    taken = an_event()
    a_series()
    answer = send(browser, "/console/events/new/", title="夏の講座", slug=taken.slug)
    assert answer.status_code == 422
    assert "このアドレスは、ほかの研修会・講座で使われています。" in answer.text
    assert 'href="#slug"' in answer.text


def test_of_two_organizers_the_second_is_warned_and_may_then_overwrite(browser):
    event = an_event(title="元の題名")
    address = f"/console/events/{event.id}/edit/"
    opened = fields_of(browser.get(address).text)
    assert send(browser, address, title="一人目の題名").status_code == 303
    warned = browser.post(address, data={**opened, "title": "二人目の題名"}, headers={"Origin": "http://localhost"})
    assert warned.status_code == 422
    assert "ほかの人が内容を変更しました" in warned.text
    assert row(event).title == "一人目の題名"
    again = fields_of(warned.text)
    assert again["title"] == "二人目の題名"
    assert browser.post(address, data=again, headers={"Origin": "http://localhost"}).status_code == 303
    assert row(event).title == "二人目の題名"


def test_rows_of_the_programme_are_arranged_without_saving(browser):
    event = an_event()
    address = f"/console/events/{event.id}/agenda/"
    typed = {"rows-0-title": "一", "rows-1-title": "二"}
    for button, expected in (
        ("rows-down-0", ["二", "一"]),
        ("rows-up-1", ["二", "一"]),
        ("rows-remove-0", ["二"]),
        ("rows-insert-0", ["一", "", "二"]),
        ("rows-add", ["一", "二", "", ""]),
        ("rows-remove-99", ["一", "二"]),
        ("nonsense", ["一", "二"]),
    ):
        answer = send(browser, address, row=button, **typed)
        sent = fields_of(answer.text)
        assert [sent[n] for n in sorted(sent) if n.endswith("title")] == expected, button
    assert row(event).agenda == ()


def test_the_programme_is_saved_with_its_levels_and_speakers(browser):
    event = an_event()
    answer = send(
        browser,
        f"/console/events/{event.id}/agenda/",
        **{
            "rows-0-kind": "事例紹介",
            "rows-0-title": "課題解決",
            "rows-1-level": "1",
            "rows-1-title": "計画づくり",
            "rows-1-name": "角田　弘之",
            "rows-1-affiliation": "赤崎地区社会福祉協議会",
            "speakers-0-name": "石原　達也",
        },
    )
    assert answer.status_code == 303, answer.text
    saved = row(event)
    assert saved.agenda[0].items[0].speakers[0].text == "角田　弘之（赤崎地区社会福祉協議会）"
    assert [speaker.name for speaker in saved.speakers] == ["石原　達也"]


def test_a_level_that_hangs_in_the_air_is_refused_at_its_row(browser):
    event = an_event()
    answer = send(browser, f"/console/events/{event.id}/agenda/", **{"rows-0-level": "1", "rows-0-title": "宙に浮く"})
    assert answer.status_code == 422
    assert 'href="#rows-0-level"' in answer.text


def test_moving_a_sitting_asks_whether_to_tell_and_says_how_many(browser):
    sitting = a_sitting()
    apply_for(sitting)
    apply_for(sitting, email=None, phone="+81864263107")
    address = f"/console/events/{sitting.event_id}/sittings/{sitting.id}/"
    page = browser.get(address).text
    assert "<strong>1件</strong>に変更のメール" in page
    silent = send(browser, address, f"{address}move/", day="2026/6/20")
    assert silent.status_code == 422
    assert "参加者に知らせるかどうかを選んでください。" in silent.text
    assert fields_of(silent.text)["day"] == "2026/6/20"
    assert send(browser, address, f"{address}move/", day="2026/6/20", notify="yes").status_code == 303
    assert kinds().count("registration.moved") == 2
    assert row(sitting.event_id).sittings[0].sequence == 1


def test_seats_below_what_is_taken_are_refused_with_the_numbers_concerned(browser):
    sitting = a_sitting(capacity=3)
    places = [apply_for(sitting), apply_for(sitting)]
    address = f"/console/events/{sitting.event_id}/sittings/{sitting.id}/"
    refused = send(browser, address, f"{address}capacity/", capacity="1")
    assert refused.status_code == 422
    last = places[-1].reference
    assert f"{last[:4]}-{last[4:]}" in refused.text
    assert send(browser, address, f"{address}capacity/", capacity="２").status_code == 303


def test_more_seats_go_to_those_who_wait(browser):
    sitting = a_sitting(capacity=1)
    apply_for(sitting), apply_for(sitting)
    address = f"/console/events/{sitting.event_id}/sittings/{sitting.id}/"
    assert send(browser, address, f"{address}capacity/", capacity="2").status_code == 303
    assert "キャンセル待ちの1件が確定になり" in browser.get(f"/console/events/{sitting.event_id}/").text


def test_a_sitting_with_registrations_is_not_removed_and_an_empty_one_is(browser):
    event = an_event()
    kept, empty = a_sitting(event), a_sitting(event)
    apply_for(kept)
    answers = []
    for sitting in (kept, empty):
        address = f"/console/events/{event.id}/sittings/{sitting.id}/"
        answers.append(send(browser, address, f"{address}remove/").status_code)
    assert answers == [422, 303]
    assert [s.id for s in row(event).sittings] == [kept.id]


def test_calling_off_says_what_will_happen_and_wants_a_reason(browser):
    sitting = a_sitting()
    apply_for(sitting)
    address = f"/console/events/{sitting.event_id}/call-off/"
    assert "確定1件・キャンセル待ち0件" in browser.get(address).text
    assert send(browser, address, reason="").status_code == 422
    assert send(browser, address, reason="台風のため中止します。").status_code == 303
    assert row(sitting.event_id).status is EventStatus.CANCELLED
    assert kinds()[-1] == "registration.called_off"
    assert "台風のため中止します。" in browser.get(f"/events/{row(sitting.event_id).slug}/").text


def test_last_years_event_is_copied_to_the_proposed_day(browser):
    sitting = a_sitting()
    address = f"/console/events/{sitting.event_id}/copy/"
    answer = send(browser, address, parts=["agenda", "venues"])
    assert answer.status_code == 303, answer.text
    copy = row(int(answer.headers["Location"].split("/")[-2]))
    assert copy.sittings[0].starts_at == sitting.starts_at + timedelta(weeks=52)
    assert copy.status is EventStatus.DRAFT


def test_a_draft_is_previewed_and_deleted(browser):
    event = an_event(status=EventStatus.DRAFT)
    a_sitting(event)
    assert "まだ公開されていません" in browser.get(f"/console/events/{event.id}/preview/").text
    assert send(browser, f"/console/events/{event.id}/delete/").status_code == 303
    assert browser.get(f"/console/events/{event.id}/").status_code == 404


def test_a_past_event_is_finished(browser):
    event = a_sitting(starts_at=NOW - timedelta(days=1)).event_id
    assert "「終了」にしてください" in browser.get("/console/").text
    assert send(browser, f"/console/events/{event}/finish/").status_code == 303
    assert row(event).status is EventStatus.FINISHED


def upload(browser: FlaskClient, event: Event, content: bytes, name: str = "募集 チラシ.PDF"):
    address = f"/console/events/{event.id}/handouts/"
    token = token_of(browser.get(address).text)
    fields = {"csrf_token": token, "title": "募集チラシ", "file": FileStorage(BytesIO(content), name)}
    # As bytes: the test client would leave its own temporary file of a large upload open.
    boundary, body = encode_multipart(fields)
    return browser.post(
        address,
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Origin": "http://localhost"},
    )


def test_a_file_is_added_shown_to_the_public_and_taken_away(browser):
    event = an_event()
    assert upload(browser, event, PDF).status_code == 303
    kept = row(event).handouts[0]
    assert (kept.file_name, kept.media_type, kept.size) == ("募集 チラシ.pdf", "application/pdf", len(PDF))
    assert browser.get(f"/events/{event.slug}/handouts/{kept.id}/").data == PDF
    address = f"/console/events/{event.id}/handouts/"
    assert browser.get(f"{address}{kept.id}/").data == PDF
    assert post(browser, address, f"{address}{kept.id}/remove/").status_code == 303
    assert row(event).handouts == ()


def test_what_is_no_document_is_refused_with_what_to_do(browser):
    answer = upload(browser, an_event(), b"<script>alert(1)</script>", "a.pdf")
    assert answer.status_code == 422
    assert "受け付けられるのは" in answer.text


def test_a_file_that_is_too_large_is_refused_unread(browser):
    assert upload(browser, an_event(), PDF + b"0" * (10 * 1024 * 1024)).status_code == 422
    assert upload(browser, an_event(), PDF + b"0" * (11 * 1024 * 1024)).status_code == 413


def test_a_venue_is_described_for_all_pages_that_show_it(browser):
    venue = a_venue()
    event = row(a_sitting(venue_id=venue.id).event_id)
    address = f"/console/venues/{venue.id}/"
    assert send(browser, address, barrier_free="磁気ループ", place="北緯").status_code == 422
    assert send(browser, address, barrier_free="磁気ループ", place="34.585, 133.772").status_code == 303
    assert row(event.id).sittings[0].venue.latitude == 34.585
    assert row(event.id).revision > event.revision
    assert send(browser, "/console/venues/new/", name=venue.name, room=venue.room).status_code == 422


def test_a_series_is_added_once(browser):
    assert send(browser, "/console/series/new/", title="地域づくり研修会", slug="chiiki").status_code == 303
    assert send(browser, "/console/series/new/", title="別の研修会", slug="chiiki").status_code == 422
    assert send(browser, "/console/series/new/", title="別の研修会", slug="地域").status_code == 422
    assert "地域づくり研修会" in browser.get("/console/series/").text


def test_the_list_is_filtered(browser):
    an_event(title="夏の講座", fiscal_year=2026)
    an_event(title="冬の講座", fiscal_year=2025, status=EventStatus.DRAFT)
    for query, seen in (("q=夏", [True, False]), ("year=2025", [False, True]), ("status=draft", [False, True])):
        page = browser.get(f"/console/events/?{query}").text
        assert [title in page for title in ("夏の講座", "冬の講座")] == seen, query
    assert "当てはまる研修会・講座はありません" in browser.get("/console/events/?q=秋").text


def test_the_list_costs_the_same_whatever_its_length(browser, statements):
    def cost() -> int:
        with statements() as seen:
            assert browser.get("/console/events/").status_code == 200
        return len(seen)

    def add(count: int) -> None:
        for _ in range(count):
            a_sitting(an_event())

    add(3)
    few = cost()
    add(25)
    assert cost() == few


def test_other_sections_do_not_exist_here(browser):
    sitting = a_sitting(an_event(section="財政課", title="よその研修"))
    event = sitting.event_id
    assert "よその研修" not in browser.get("/console/events/").text
    pages = ("", "edit/", "sittings/", f"sittings/{sitting.id}/", "agenda/", "handouts/", "preview/", "publish/")
    assert {browser.get(f"/console/events/{event}/{page}").status_code for page in pages} == {404}


def test_a_sitting_is_not_reached_through_another_event(browser):
    mine, other = an_event(), a_sitting(an_event(section="財政課"))
    assert browser.get(f"/console/events/{mine.id}/sittings/{other.id}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "home", "listing", "editing"),
    [
        (Role.ORGANIZER, 200, 200, 200),
        (Role.MANAGER, 200, 200, 403),
        (Role.HELPER, 200, 200, 403),
        (Role.ADMIN, 200, 403, 403),
        (Role.AUDITOR, 200, 403, 403),
    ],
)
def test_each_role_sees_its_part(app, role, home, listing, editing):
    event = a_sitting().event_id
    client = signed_in(app, role)
    addresses = ("/console/", "/console/events/", f"/console/events/{event}/edit/")
    assert [client.get(address).status_code for address in addresses] == [home, listing, editing]


def test_a_manager_sees_the_figures_and_no_button_that_changes(app):
    event = a_sitting().event_id
    page = signed_in(app, Role.MANAGER).get(f"/console/events/{event}/").text
    assert "申込みの状況" in page
    assert "call-off" not in page


def test_nobody_from_outside_gets_in(app):
    assert app.test_client().get("/console/events/").status_code == 303
