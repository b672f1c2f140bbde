"""What is refused is refused at its field, in a sentence that says what to do, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.events.types import EventStatus
from app.infra import clock
from app.infra.db import db
from tests.factories import NOW, a_sitting, an_event
from tests.public.conftest import form_of
from tests.public.door import confirmation, fields, filled_in, problems, read, ready, rows

REFUSED = [
    ("name", "", "「お名前」を入力してください。"),
    ("name", "　 \u200b", "「お名前」を入力してください。"),
    ("name", "花" * 61, "60文字以内"),
    ("name", "倉敷🎉花子", "「🎉」は印刷できない文字です"),
    ("kana", "", "「フリガナ」を入力してください。"),
    ("kana", "倉敷花子", "「フリガナ」はカタカナで入力してください。"),
    ("kana", "ク" * 61, "60文字以内"),
    ("email", "hanako", "「メールアドレス」の形が正しくありません"),
    ("email", "hanako@example", "の形が正しくありません"),
    ("email", "a@example.jp,b@example.jp", "の形が正しくありません"),
    ("email", "a@evil.example,b.docomo.ne.jp", "の形が正しくありません"),
    ("email", "<a@example.jp>", "の形が正しくありません"),
    ("email", "a@<b>.docomo.ne.jp", "の形が正しくありません"),
    ("email", f"a@{'x' * 300}.docomo.ne.jp", "の形が正しくありません"),
    ("email", f"a@{'.'.join(['b' * 60] * 5)}.jp", "の形が正しくありません"),
    ("phone", "12345", "「電話番号」は市外局番から入力してください。"),
    ("phone", "電話", "「電話番号」は市外局番から入力してください。"),
    ("companions", "5", "0から4までの数字"),
    ("companions", "-1", "0から4までの数字"),
    ("companions", "二人", "0から4までの数字"),
    ("companions", "9" * 5000, "0から4までの数字"),
    ("affiliation", "団" * 101, "100文字以内"),
    ("affiliation", "瀬戸\U0001f3eeの会", "印刷できない文字です"),
    ("district", "児" * 61, "60文字以内"),
    ("needs_note", "長" * 401, "400文字以内"),
    ("consent", None, "利用目的をお読みになり、チェックを入れてください。"),
    ("sitting", "999999", "一覧の中から選んでください。"),
    ("sitting", "x", "一覧の中から選んでください。"),
    ("needs", "free_lunch", "一覧の中から選んでください。"),
]


@pytest.mark.parametrize("last_step", [False, True], ids=["form", "last step"])
@pytest.mark.parametrize(("field", "typed", "said"), REFUSED, ids=[f"{f}={str(t)[:12]}" for f, t, _ in REFUSED])
def test_a_rule_is_told_at_its_field_and_the_typed_text_stays(quiet_visitor, quiet_form, field, typed, said, last_step):
    sent = {**filled_in(quiet_visitor, quiet_form, needs_note="段差なし", affiliation="会"), field: typed}
    sent = {name: value for name, value in sent.items() if value is not None}
    answer = quiet_visitor.post(quiet_form, data={**sent, **({"confirmed": "1"} if last_step else {})})
    assert answer.status_code == 422
    page = read(answer)
    assert said in page.problems[field]
    assert list(page.problems) == [field]
    assert f'href="#{field}"' in answer.text
    for name in {"name", "kana", "email", "phone", "affiliation", "needs_note", "consent"} - {field}:
        assert page.fields.get(name), name
    if typed and field in {"name", "email", "phone", "companions", "affiliation", "district", "needs_note"}:
        assert page.fields[field] == [typed.strip("　 \u200b")]
    assert rows(quiet_visitor.application, "registration") == []


def test_one_way_to_reach_a_person_is_needed_and_either_is_enough(quiet_visitor, quiet_form):
    neither = confirmation(quiet_visitor, quiet_form, email="", phone="")
    assert problems(neither)["email"].count("どちらか一つは入力してください") == 1
    assert neither.status_code == 422
    for one in ({"email": ""}, {"phone": ""}):
        assert confirmation(quiet_visitor, quiet_form, **one).status_code == 200


def test_several_mistakes_are_told_at_once_in_the_order_of_the_page(quiet_visitor, quiet_form):
    answer = confirmation(quiet_visitor, quiet_form, name="", kana="漢字", email="x", consent=None)
    assert list(problems(answer)) == ["name", "kana", "email", "consent"]
    assert "<title>エラー：" in answer.text


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "倉敷 \t 花子", "倉敷　花子"),
        ("name", "髙﨑 𠮷郎", "髙﨑　𠮷郎"),
        ("name", "Anne-Marie O'Neil", "Anne-Marie O'Neil"),
        ("kana", "ｸﾗｼｷ ﾊﾅｺﾞﾛｳ", "クラシキ　ハナゴロウ"),
        ("kana", "か\u3099くらしき", "ガクラシキ"),
        ("email", " ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ ", "hanako@example.jp"),
        ("email", "a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ("phone", "（０８６）４２６－３１０７", "086-426-3107"),
        ("phone", "+81 86 426 3107", "086-426-3107"),
    ],
)
def test_what_people_type_is_understood(quiet_visitor, quiet_form, field, typed, kept):
    answer = confirmation(quiet_visitor, quiet_form, **{field: typed})
    assert answer.status_code == 200
    assert kept.replace("'", "&#39;") in answer.text


def test_a_sitting_of_another_event_cannot_be_chosen(site, visitor, form):
    with site.app_context():
        other = a_sitting().id
    for last_step in ({}, {"confirmed": "1"}):
        answer = visitor.post(form, data={**filled_in(visitor, form), "sitting": other, **last_step})
        assert answer.status_code == 422
        assert problems(answer)["sitting"] == "＊一覧の中から選んでください。"
    assert rows(site, "registration") == []


def test_nobody_is_chosen_for_where_several_sittings_are_open(site, visitor):
    with site.app_context():
        event = an_event()
        for label in ("午前の部", "午後の部"):
            a_sitting(event, label=label)
        address = f"/events/{event.slug}/apply/"
    assert problems(confirmation(visitor, address))["sitting"] == "＊「参加する回」を選んでください。"


@pytest.mark.parametrize(
    ("moment", "accepted"),
    [(-1, False), (0, True), (59, True), (60, False), (61, False)],
)
def test_the_window_is_kept_to_the_second_by_our_clock_with_a_form_fetched_earlier(site, visitor, moment, accepted):
    address = form_of(site, closes_at=NOW + timedelta(seconds=60), opens_at=NOW)
    sent = ready(visitor, address)
    with clock.fixed(NOW + timedelta(seconds=moment)):
        answer = visitor.post(address, data=sent)
        first_step = visitor.post(address, data={**sent, "confirmed": ""})
    assert [answer.status_code, first_step.status_code] == ([303, 200] if accepted else [422, 422])
    assert len(rows(site, "registration")) == accepted
    if not accepted:
        assert "まだ始まっていません" in answer.text if moment < 0 else "受付は終了しました" in answer.text


def test_a_sitting_that_began_takes_nobody_while_another_one_does(site, visitor):
    with site.app_context():
        event = an_event(closes_at=None)
        early, late = a_sitting(event), a_sitting(event, starts_at=NOW + timedelta(days=20))
        begun, coming, starts_at = early.id, late.id, early.starts_at
        address = f"/events/{event.slug}/apply/"
    sent = ready(visitor, address, sitting=begun)
    with clock.fixed(starts_at):
        answer = visitor.post(address, data=sent)
        assert answer.status_code == 422
        assert "受付は終了しました" in answer.text
        assert fields(answer)["name"] == ["倉敷　花子"]
        assert f'value="{begun}"' not in answer.text
        assert visitor.post(address, data={**sent, "sitting": coming}).status_code == 303


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.FINISHED, EventStatus.DRAFT])
def test_an_event_that_does_not_take_place_takes_nobody(site, visitor, status):
    sent = ready(visitor, form_of(site))
    address = form_of(site, status=status)
    for last_step in ("", "1"):
        answer = visitor.post(address, data={**sent, "confirmed": last_step})
        assert answer.status_code == (404 if status is EventStatus.DRAFT else 422)
    assert rows(site, "registration") == []


def test_more_people_than_the_hall_holds_are_refused_at_the_companions(site, visitor):
    address = form_of(site, capacity=2)
    answer = visitor.post(address, data=ready(visitor, address, companions="2"))
    assert answer.status_code == 422
    assert problems(answer)["companions"] == "＊定員を超える人数では申し込めません。"
    assert fields(answer)["companions"] == ["2"]


@pytest.mark.parametrize(
    "odd", ["state=confirmed", "status=confirmed&event_id=2&seats_taken=-5&capacity=999&role=admin"]
)
def test_fields_that_the_form_has_not_are_ignored(site, visitor, odd):
    address = form_of(site, capacity=1)
    visitor.post(address, data=ready(visitor, address))
    more = dict(pair.split("=") for pair in odd.split("&"))
    more |= {
        "is_staff": "1",
        "created_at": "2000-01-01",
        "checked_in": "1",
        "attended": "1",
        "note": "x",
        "queue_no": "0",
    }
    more |= {"channel": "counter", "category": "staff", "reference": "00000000", "id": "77", "version": "9"}
    visitor = site.test_client()
    assert visitor.post(address, data={**ready(visitor, address), **more}).status_code == 303
    kept = rows(site, "registration")[-1]
    assert {n: kept[n] for n in ("id", "status", "event_id", "channel", "note", "version", "attended")} == {
        "id": 2, "status": "waitlisted", "event_id": 1, "channel": "web", "note": "", "version": 1, "attended": False,
    }  # fmt: skip
    assert (kept["category"], kept["queue_no"], kept["applied_at"]) == ("resident", 1, NOW)
    assert rows(site, "sitting")[0]["capacity"] == rows(site, "sitting")[0]["seats_taken"] == 1


def test_what_an_event_does_not_ask_is_not_kept(site, visitor):
    with site.app_context():
        event = an_event(asks_needs=False, max_companions=0)
        a_sitting(event)
        address = f"/events/{event.slug}/apply/"
    sent = {**ready(visitor, address), "companions": "3", "district": "児島", "needs": "childcare", "needs_note": "x"}
    assert visitor.post(address, data=sent).status_code == 303
    kept = rows(site, "registration")[0]
    assert (kept["companions"], kept["district"]) == (0, "")
    with site.app_context():
        assert db.session.connection().exec_driver_sql("SELECT COUNT(*) FROM registration_needs").scalar() == 0


def test_a_field_sent_many_times_counts_once(site, visitor, form):
    sent = ready(visitor, form)
    answer = visitor.post(form, data={**sent, "companions": ["1"] * 100, "name": ["甲　乙", "丙　丁"]})
    assert answer.status_code == 303
    kept = rows(site, "registration")
    assert [(r["companions"], r["name"]) for r in kept] == [(1, "甲　乙")]
