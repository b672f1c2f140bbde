"""Typing the sheet of a sitting, at a desk and at the reception."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.accounts.permissions import Role
from app.attendance import queries, services
from app.attendance.types import Presence
from app.infra import clock
from app.registrations import services as registrations
from app.registrations.types import Category, Needs
from tests.console.desk import THE_DAY, browser_of
from tests.factories import NOW, ORGANIZER, a_sitting, an_event
from tests.staff import a_person, post, token_of


def was(page, person):
    return re.search(rf'name="was-{person}" value="([^"]+)"', page)[1]


def send(client, desk, *, json=False, address=None, **fields):
    headers = {"Origin": "http://localhost"} | ({"Accept": "application/json"} if json else {})
    fields = {name.replace("_", "-", 1) if name[0] in "mpw" else name: value for name, value in fields.items()}
    data = {"csrf_token": token_of(client.get(desk.sheet).text), **fields}
    return client.post(address or desk.sheet, data=data, headers=headers)


def marks(desk):
    return {line.registration_id: line.presence for line in desk.ask(lambda: queries.sheet(desk.sitting_id)).lines}


def test_the_sheet_is_saved_with_one_button_and_only_what_was_changed(desk, organizer):
    came, late, untouched = desk.somebody(), desk.somebody(companions=2), desk.somebody()
    answer = send(
        organizer, desk,
        **{f"mark-{came}": "present", f"was-{came}": "0:none:0", f"mark-{late}": "late", f"people-{late}": "2"},
        **{f"was-{late}": "0:none:0", f"mark-{untouched}": "none", f"was-{untouched}": "0:none:0"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert marks(desk) == {came: Presence.PRESENT, late: Presence.LATE, untouched: None}
    assert "2件の出欠を保存しました。" in organizer.get(desk.sheet).text
    assert desk.ask(lambda: queries.totals(desk.sitting_id)).people == 3


def test_the_same_sheet_sent_twice_is_harmless(desk, organizer):
    person = desk.somebody()
    for _twice in range(2):
        answer = send(organizer, desk, **{f"mark-{person}": "present", f"was-{person}": "0:none:0"})
        assert answer.status_code == 303
    assert len(desk.acts("attendance.present")) == 1


def test_a_line_that_another_desk_changed_first_is_left_alone_and_named(desk, organizer):
    person = desk.somebody(name="玉島　三郎")
    desk.ask(lambda: services.mark(desk.sitting_id, person, Presence.ABSENT, by=ORGANIZER, now=THE_DAY))
    send(organizer, desk, **{f"mark-{person}": "present", f"was-{person}": "0:none:0"})
    assert marks(desk) == {person: Presence.ABSENT}
    page = organizer.get(desk.sheet).text
    assert "ほかの画面で先に入力されていました" in page
    assert "玉島　三郎" in page


def test_the_script_gets_back_what_stands_there_now(desk, organizer):
    person = desk.somebody()
    answer = send(organizer, desk, json=True, **{f"mark-{person}": "late", f"was-{person}": "0:none:0"})
    assert answer.json["lines"][str(person)]["was"] == was(organizer.get(desk.sheet).text, person)
    undone = send(
        organizer, desk, json=True,
        **{f"mark-{person}": "none", f"was-{person}": answer.json["lines"][str(person)]["was"]},
    )  # fmt: skip
    assert (undone.json["unmarked"], marks(desk)) == (1, {person: None})


def test_somebody_who_cancelled_meanwhile_is_reported(desk, organizer):
    person = desk.somebody()
    desk.ask(lambda: registrations.cancel(person, by=ORGANIZER, now=THE_DAY))
    answer = send(organizer, desk, json=True, **{f"mark-{person}": "present", f"was-{person}": "0:none:0"})
    assert answer.json["gone"] == [person]
    send(organizer, desk, **{f"mark-{person}": "present", f"was-{person}": "0:none:0"})
    assert "申込みが取り消されたため" in organizer.get(desk.sheet).text


@pytest.mark.parametrize(
    "fields",
    [
        {"mark-1": "confirmed", "was-1": "0:none:0"},
        {"mark-1": "present", "was-1": "0:none"},
        {"mark-x": "present", "was-x": "0:none:0"},
        {"mark-1": "present", "people-1": "many", "was-1": "0:none:0"},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(desk, organizer, fields):
    assert send(organizer, desk, **fields).status_code == 400


def test_more_of_a_party_than_registered_is_said_in_a_sentence(desk, organizer):
    person = desk.somebody(companions=1)
    fields = {f"mark-{person}": "present", f"people-{person}": "3", f"was-{person}": "0:none:0"}
    assert "申込みの2人まで" in send(organizer, desk, json=True, **fields).json["detail"]
    page = send(organizer, desk, **fields)
    assert (page.status_code, "申込みの2人まで" in page.text) == (422, True)


def test_a_sheet_of_a_large_event_fits_into_one_form(desk, organizer):
    fields, person = {}, desk.somebody()
    for line in range(person, person + 400):
        fields |= {f"mark-{line}": "present", f"people-{line}": "1", f"was-{line}": "0:none:0"}
    assert send(organizer, desk, **fields).status_code == 303
    assert marks(desk) == {person: Presence.PRESENT}


def add_walk_in(client, desk, key="k", **changes):
    fields = {"name": "児島　一郎", "kana": "こじま　いちろう", "category": "resident", "people": "2"} | changes
    return post(client, desk.sheet, f"{desk.sheet}walk-ins/", **{
        "walk-in-entry_key": key, **{f"walk-in-{name}": value for name, value in fields.items()}
    })  # fmt: skip


def test_walk_ins_are_typed_at_the_end_and_can_be_taken_off(desk, organizer):
    for _twice in range(2):
        assert add_walk_in(organizer, desk).status_code == 303
    lines = desk.ask(lambda: queries.sheet(desk.sitting_id)).walk_ins
    assert [(line.kana, line.people) for line in lines] == [("コジマ　イチロウ", 2)]
    post(organizer, desk.sheet, f"{desk.sheet}walk-ins/{lines[0].id}/remove/")
    assert desk.ask(lambda: queries.totals(desk.sitting_id)).people == 0


def test_a_walk_in_needs_a_name(desk, organizer):
    page = add_walk_in(organizer, desk, name="")
    assert (page.status_code, "「お名前」を入力してください。" in page.text) == (422, True)


def test_closing_says_what_is_missing_and_then_asks_for_reasons(desk, organizer):
    person = desk.somebody()
    count = f"{desk.sheet}count/"
    page = post(organizer, desk.sheet, count, **{"count-sheet_count": "1", "close": "1"})
    assert (page.status_code, "まだ入力していない方が1件" in page.text) == (422, True)
    page = post(organizer, desk.sheet, count, **{"count-sheet_count": "1", "count-rest_absent": "y", "close": "1"})
    assert "名簿で数えた人数（1人）と入力した来場人数（0人）が合いません" in page.text
    send(organizer, desk, **{f"mark-{person}": "present", f"was-{person}": "0:none:0"})
    assert post(organizer, desk.sheet, count, **{"count-sheet_count": "1", "close": "1"}).status_code == 303

    page = organizer.get(desk.sheet).text
    assert "出席を確定しました" in page
    fields = {f"mark-{person}": "absent", f"was-{person}": was(page, person)}
    assert "理由を入力してください" in send(organizer, desk, **fields).text
    assert send(organizer, desk, **fields, **{"sheet-reason": "名簿の読み違い"}).status_code == 303
    assert desk.acts("attendance.absent")[-1].reason == "名簿の読み違い"


def test_only_the_count_can_be_kept(desk, organizer):
    post(organizer, desk.sheet, f"{desk.sheet}count/", **{"count-sheet_count": "３２"})
    sheet = desk.ask(lambda: queries.sheet(desk.sitting_id))
    assert (sheet.sheet_count, sheet.closed_at) == (32, None)


def test_plain_numbers_are_kept_where_no_names_were_taken(desk, organizer):
    numbers = {"headcount-resident": "37", "headcount-staff": "7", "headcount-neighbour": ""}
    post(organizer, desk.sheet, f"{desk.sheet}headcount/", **numbers)
    totals = desk.ask(lambda: queries.totals(desk.sitting_id))
    assert totals.by_category == {Category.RESIDENT: 37, Category.STAFF: 7}
    assert "流域市町" in organizer.get(desk.sheet).text
    page = add_walk_in(organizer, desk)
    assert "人数だけの記録があるため" in page.text


# ---- reception helpers


def test_a_helper_checks_people_in_but_takes_nothing_back(desk, helper):
    first, second = desk.somebody(), desk.somebody()
    send(helper, desk, **{f"mark-{first}": "present", f"was-{first}": "0:none:0"})
    assert marks(desk)[first] is Presence.PRESENT
    page = helper.get(desk.sheet).text
    assert f'name="was-{first}"' not in page
    assert f'name="was-{second}"' in page
    changed = {f"mark-{first}": "late", f"was-{first}": f"{THE_DAY.timestamp():.0f}:present:1"}
    assert send(helper, desk, **changed).status_code == 400
    assert send(helper, desk, **{f"mark-{second}": "absent", f"was-{second}": "0:none:0"}).status_code == 400
    assert marks(desk) == {first: Presence.PRESENT, second: None}


def test_a_helper_leaves_a_closed_sheet_as_it_is(desk, helper):
    person = desk.somebody()
    desk.ask(lambda: services.close(desk.sitting_id, rest=Presence.ABSENT, by=ORGANIZER, now=THE_DAY))
    page = helper.get(desk.sheet).text
    assert "出欠を保存する" not in page
    assert "当日受付に加える" not in page
    answer = add_walk_in(helper, desk, reason="あとから来た")
    assert (answer.status_code, "理由を入力してください" in answer.text) == (422, True)
    assert marks(desk) == {person: Presence.ABSENT}


@pytest.mark.parametrize("rest", ["count/", "headcount/", "walk-ins/1/remove/"])
def test_a_helper_neither_closes_nor_removes(desk, helper, rest):
    assert post(helper, desk.sheet, f"{desk.sheet}{rest}").status_code == 403


def test_a_helper_sees_names_and_never_contacts_or_needs(desk, helper):
    person = desk.somebody(
        name="水島　四郎", email="shiro@example.jp", phone="+81864263107", district="連島町",
        needs=Needs(wheelchair=True, note="酸素ボンベ"),
    )  # fmt: skip
    for address in (desk.sheet, desk.list, f"{desk.roster}/", f"/console/registrations/{person}/"):
        page = helper.get(address).text
        assert "水島　四郎" in page
        for hidden in ("shiro@", "426-3107", "4263107", "連島町", "車いす", "酸素ボンベ"):
            assert hidden not in page, hidden


def test_a_helper_cannot_try_out_numbers(desk, helper, organizer):
    desk.somebody(name="水島　四郎", kana="ミズシマ　シロウ", phone="+81864263107")
    assert "水島　四郎" in organizer.get(f"{desk.list}?q=3107").text
    for word in ("3107", "0864263107", "example.jp"):
        assert "水島　四郎" not in helper.get(f"{desk.list}?q={word}").text, word
    assert "水島　四郎" in helper.get(f"{desk.list}?q=みずしま").text


def test_a_helper_comes_in_from_the_day_before_to_the_day_after(desk, helper):
    answers = []
    for days in (-2, -1, 0, 1, 2):
        with clock.fixed(NOW + timedelta(days=10 + days)):
            browser = browser_of(desk.site, "helper@city.example.jp")
            answers.append(browser.get(desk.sheet).status_code)
    assert answers == [404, 200, 200, 200, 404]


def test_what_one_may_not_see_looks_like_what_is_not_there(desk, helper, site):
    a_person(site, Role.ORGANIZER, email="far@city.example.jp", section="生涯学習課")
    stranger = browser_of(site, "far@city.example.jp")
    person = desk.somebody()
    with site.app_context():
        other = a_sitting(an_event()).id
    for client, address, unknown in (
        (stranger, desk.sheet, "/console/sittings/999/attendance/"),
        (stranger, f"{desk.roster}/", "/console/sittings/999/roster/"),
        (stranger, f"{desk.roster}.csv", "/console/sittings/999/roster.csv"),
        (stranger, desk.list, "/console/events/999/registrations/"),
        (stranger, f"/console/registrations/{person}/", "/console/registrations/999/"),
        (helper, f"/console/sittings/{other}/attendance/", "/console/sittings/999/attendance/"),
    ):
        forbidden, missing = client.get(address), client.get(unknown)
        assert (forbidden.status_code, missing.status_code) == (404, 404)
        assert bare(forbidden.text) == bare(missing.text)


def bare(page):
    return re.sub(r"[0-9a-f]{16}|nonce=\S+|value=\S+", "", page)
