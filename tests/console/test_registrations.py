"""The list of registrations, and one of them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.permissions import Role
from app.attendance import services as attendance
from app.attendance.types import Presence
from app.events.models import Event
from app.infra.db import db
from app.registrations import queries, services
from app.registrations.models import Registration
from app.registrations.types import Needs, Status
from tests.console.desk import THE_DAY, browser_of, statements
from tests.factories import NOW, ORGANIZER, a_sitting, apply_for
from tests.staff import a_person, post


def row(desk, person):
    return desk.ask(lambda: queries.by_id(person))


def test_the_list_finds_people_by_reading_number_and_telephone(desk, organizer):
    person = desk.somebody(name="𠮷田　髙志", kana="ヨシダ　タカシ", phone="+81864263107")
    desk.somebody(name="児島　一郎", kana="コジマ　イチロウ")
    for word in ("よしだ", "ﾖｼﾀﾞ", row(desk, person).reference_text, "3107", "086-426-3107", "吉田"):
        page = organizer.get(desk.list, query_string={"q": word}).text
        assert "𠮷田　髙志" in page, word
        assert "児島　一郎" not in page, word


def test_the_list_is_narrowed_by_state_sitting_and_likeness(desk, organizer):
    with desk.site.app_context():
        second = a_sitting(db.session.get(Event, desk.event_id), starts_at=NOW + timedelta(days=11)).id
    one = desk.somebody(name="一人目", email="same@example.jp")
    desk.somebody(name="二人目", email="same@example.jp")
    desk.ask(lambda: services.cancel(one, by=ORGANIZER, now=NOW))
    for query, shown in (
        ("status=cancelled", "一人目"),
        ("status=confirmed", "二人目"),
        ("duplicates=1", "二人目"),
        (f"sitting={desk.sitting_id}&status=confirmed", "二人目"),
    ):
        names = re.findall(r"[一二]人目", organizer.get(f"{desk.list}?{query}").text)
        assert set(names) == {shown}, query
    assert "当てはまる申込みはありません" in organizer.get(f"{desk.list}?sitting={second}").text


def test_an_empty_list_says_what_to_do(desk, organizer):
    assert "申込みはまだありません" in organizer.get(desk.list).text


def test_the_pages_need_as_many_statements_for_thirty_people_as_for_three(desk, organizer):
    def needed():
        return [statements(desk.site, organizer, address) for address in (desk.list, desk.sheet, "/console/messages/")]

    for _ in range(21):
        desk.somebody(needs=Needs(childcare=True))
    few = needed()
    for _ in range(20):
        desk.somebody(needs=Needs(childcare=True))
    assert needed() == few


def test_looking_at_somebody_leaves_an_entry_and_does_not_clutter_the_story(desk, organizer):
    person = desk.somebody()
    for _twice in range(2):
        page = organizer.get(f"/console/registrations/{person}/").text
    assert [entry.object_id for entry in desk.acts("registration.read")] == [str(person)] * 2
    assert page.count("dk-story__act") == 1
    assert "この画面を開いた記録（1件）" in page


def test_a_long_list_leaves_an_entry_too(desk, organizer):
    for _ in range(20):
        desk.somebody()
    organizer.get(desk.list)
    assert desk.acts("registrations.listed") == []
    desk.somebody()
    organizer.get(desk.list)
    assert len(desk.acts("registrations.listed")) == 1


def test_the_story_is_told_in_sentences(desk, organizer):
    with desk.site.app_context():
        tomorrow = a_sitting(db.session.get(Event, desk.event_id), starts_at=NOW + timedelta(days=12), capacity=1).id
        first, second = (_applied(tomorrow) for _ in range(2))
        services.cancel(first, reason="都合がつかない", by=ORGANIZER, now=NOW)
    stories = [organizer.get(f"/console/registrations/{person}/").text for person in (first, second)]
    assert "申込みを取り消しました。<br>理由：都合がつかない" in stories[0]
    waited, promoted = stories[1].index("満席のためキャンセル待ち"), stories[1].index("繰上げで確定しました。")
    assert waited < promoted


def _applied(sitting_id):
    reference = apply_for(sitting_id).reference
    return db.session.scalar(sa.select(Registration.id).filter_by(reference=reference))


def test_putting_right_keeps_what_was_not_touched(desk, organizer):
    person = desk.somebody(name="倉敷　花子", kana="クラシキ　ハナコ", email="h@example.jp", companions=1)
    page = f"/console/registrations/{person}/change/"
    fields = {"name": "倉敷　華子", "kana": "くらしき　はなこ", "email": "h@example.jp", "phone": "", "companions": "1"}
    version = re.search(r'name="version" id="version" value="(\d+)"', organizer.get(page).text)[1]
    answer = post(organizer, page, **fields, version=version, affiliation="", district="")
    assert answer.status_code == 303
    details = row(desk, person).details
    assert (details.name, details.kana, details.email) == ("倉敷　華子", "クラシキ　ハナコ", "h@example.jp")
    again = post(organizer, page, **fields | {"name": "別の名前"}, version=version, affiliation="", district="")
    assert (again.status_code, "ほかの画面でこの申込みが変更されました" in again.text) == (422, True)
    assert "お名前を変更しました。" in organizer.get(f"/console/registrations/{person}/").text


def test_cancelling_for_somebody_needs_a_reason(desk, organizer):
    person = desk.somebody()
    page = f"/console/registrations/{person}/cancel/"
    assert post(organizer, page, reason="").status_code == 422
    assert post(organizer, page, reason="本人から電話").status_code == 303
    assert (row(desk, person).status, row(desk, person).cancel_reason) == (Status.CANCELLED, "本人から電話")
    assert organizer.get(page).status_code == 303


def test_who_was_checked_in_cannot_be_cancelled(desk, organizer):
    person = desk.somebody()
    desk.ask(lambda: attendance.mark(desk.sitting_id, person, Presence.PRESENT, by=ORGANIZER, now=THE_DAY))
    answer = post(organizer, f"/console/registrations/{person}/cancel/", reason="本人から電話")
    assert (answer.status_code, "受付が済んでいるため" in answer.text) == (422, True)


def test_a_note_and_a_likeness_that_is_none(desk, organizer):
    desk.somebody(email="same@example.jp")
    person = desk.somebody(email="same@example.jp")
    page = f"/console/registrations/{person}/"
    assert "重複の可能性があります" in organizer.get(page).text
    post(organizer, page, f"{page}not-duplicate/")
    post(organizer, page, f"{page}note/", note="お母さまと姉妹\n席は隣同士")
    assert "重複の可能性があります" not in organizer.get(page).text
    assert row(desk, person).note == "お母さまと姉妹\n席は隣同士"
    assert post(organizer, page, f"{page}note/", note="あ" * 1001).status_code == 422


@pytest.mark.parametrize("act", ["change/", "cancel/", "note/", "not-duplicate/", "slip/"])
def test_a_manager_reads_and_changes_nothing(desk, site, act):
    a_person(site, Role.MANAGER)
    manager, person = browser_of(site, "manager@city.example.jp"), desk.somebody()
    assert manager.get(f"/console/registrations/{person}/").status_code == 200
    address = f"/console/registrations/{person}/{act}"
    answer = manager.get(address) if act == "slip/" else post(manager, f"/console/registrations/{person}/", address)
    assert answer.status_code == 403


# ---- entering for somebody


def enter(client, desk, sitting_id, **changes):
    fields = {"channel": "phone", "sitting": sitting_id, "submission_id": "one-key", "told": "y"}
    fields |= {"name": "倉敷　花子", "kana": "くらしき　はなこ", "phone": "086-426-3107", "email": ""}
    fields |= {"companions": "1", "affiliation": "", "district": ""}
    return post(client, f"/console/events/{desk.event_id}/intake/", **fields | changes)


@pytest.fixture
def tomorrow(desk):
    with desk.site.app_context():
        return a_sitting(db.session.get(Event, desk.event_id), starts_at=NOW + timedelta(days=11), capacity=2).id


def test_an_application_by_telephone_gets_its_slip(desk, organizer, tomorrow):
    answer = enter(organizer, desk, tomorrow)
    assert answer.status_code == 303
    slip = organizer.get(answer.location).text
    person = int(re.search(r"/registrations/(\d+)/slip/", answer.location)[1])
    assert row(desk, person).reference_text in slip
    assert 'data-status="confirmed"' in slip
    assert (row(desk, person).channel.word, row(desk, person).details.phone) == ("電話", "+81864263107")
    again = enter(organizer, desk, tomorrow)
    assert again.location == answer.location
    waiting = enter(organizer, desk, tomorrow, submission_id="two", channel="fax")
    assert "キャンセル待ち1番目" in organizer.get(waiting.location).text


def test_entering_for_somebody_asks_what_the_public_form_asks(desk, organizer, tomorrow):
    for changes, sentence in (
        ({"name": ""}, "「お名前」を入力してください。"),
        ({"kana": "倉敷"}, "カタカナで入力してください"),
        ({"phone": ""}, "どちらか一つは入力してください"),
        ({"companions": "5"}, "「同伴者の人数」は"),
        ({"told": ""}, "利用目的を伝えて"),
    ):
        page = enter(organizer, desk, tomorrow, **changes)
        assert (page.status_code, sentence in page.text) == (422, True), sentence


def test_a_sitting_that_began_is_not_offered(desk, organizer):
    assert "受け付けられる回がありません" in organizer.get(f"/console/events/{desk.event_id}/intake/").text
