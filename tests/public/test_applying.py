"""A resident applies: form, confirmation page, done page; each submission counts once and belongs to one browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.infra import clock
from app.infra.tokens import is_reference
from tests.factories import NOW, a_sitting, an_event
from tests.public.conftest import form_of
from tests.public.door import (
    PERSON,
    applied,
    confirmation,
    fields,
    filled_in,
    problems,
    read,
    ready,
    receipt,
    rows,
)


def registrations(site: Flask) -> list[dict]:
    return rows(site, "registration")


def test_the_whole_way_ends_with_a_reference_number_on_both_databases(any_site: Flask):
    visitor, address = any_site.test_client(), form_of(any_site)
    answer = visitor.post(address, data=ready(visitor, address))
    assert answer.status_code == 303
    reference, status = receipt(visitor.get(answer.location))
    assert status == "confirmed"
    assert is_reference(reference.replace("-", ""))
    kept = registrations(any_site)[0]
    assert (kept["name"], kept["kana"]) == ("倉敷　花子", "クラシキ　ハナコ")
    assert (kept["email"], kept["phone"]) == ("hanako@example.jp", "+81864263107")


def test_the_confirmation_page_shows_what_was_understood_and_stores_nothing(site, visitor, form):
    page = confirmation(visitor, form, companions="２人", needs=["wheelchair"], needs_note="段差\r\n手すり")
    assert page.status_code == 200
    for said in (
        "クラシキ　ハナコ",
        "3人（あなたと同伴者2人）",
        "車いす席",
        "086-426-3107",
        "まだ申込みは終わっていません",
    ):
        assert said in page.text
    assert registrations(site) == []


def test_a_visitor_is_told_before_applying_that_the_seats_do_not_suffice(site, visitor):
    address = form_of(site, capacity=2)
    assert "キャンセル待ちになります" not in confirmation(visitor, address, companions="1").text
    applied(site.test_client(), address)
    assert "キャンセル待ちになります" in confirmation(visitor, address, companions="1").text


def test_who_comes_after_the_last_seat_is_told_the_place_in_line(site, visitor):
    address = form_of(site, capacity=1)
    applied(site.test_client(), address)
    page = visitor.get(applied(visitor, address) + "done/")
    assert receipt(page)[1] == "waitlisted"
    assert 'data-position="1"' in page.text


def test_going_back_shows_everything_as_it_was_typed(site, visitor, form):
    typed = {"companions": "2", "needs": ["wheelchair", "childcare"], "needs_note": "一行目\r\n二行目"}
    sent = {**ready(visitor, form, **typed, affiliation="瀬戸の会", district="児島"), "back": "1"}
    del sent["confirmed"]
    page = visitor.post(form, data=sent)
    assert page.status_code == 200
    shown = fields(page)
    assert shown["phone"] == ["086-426-3107"]
    assert shown["needs"] == ["wheelchair", "childcare"]
    assert shown["needs_note"] == ["一行目\n二行目"]
    assert [shown[n] for n in ("name", "affiliation", "district", "companions", "consent")] == [
        ["倉敷　花子"], ["瀬戸の会"], ["児島"], ["2"], ["y"],
    ]  # fmt: skip
    assert problems(page) == {}


def test_pressing_the_button_twice_gives_the_same_answer_and_one_registration(site, visitor, form):
    sent = ready(visitor, form)
    first, second = visitor.post(form, data=sent), visitor.post(form, data=sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(registrations(site)) == len(rows(site, "outbound_message")) == 1


def test_an_answer_that_was_lost_is_given_again_after_sign_up_closed(site, visitor):
    address = form_of(site, closes_at=NOW + timedelta(minutes=5))
    sent = ready(visitor, address)
    first = visitor.post(address, data=sent)
    with clock.fixed(NOW + timedelta(minutes=6)):
        second = visitor.post(address, data=sent)
    assert (second.status_code, second.location) == (303, first.location)


def test_an_answer_that_was_lost_is_given_again_after_ones_sitting_began(site, visitor):
    with site.app_context():
        event = an_event(closes_at=None)
        morning, _evening = a_sitting(event, label="朝"), a_sitting(event, starts_at=NOW + timedelta(days=30))
        chosen, starts_at = morning.id, morning.starts_at
    address = f"/events/{event_slug(site)}/apply/"
    sent = ready(visitor, address, sitting=chosen)
    first = visitor.post(address, data=sent)
    with clock.fixed(starts_at):
        second = visitor.post(address, data=sent)
    assert (second.status_code, second.location) == (303, first.location)


def event_slug(site: Flask) -> str:
    return rows(site, "event")[0]["slug"]


@pytest.mark.parametrize("other", [{"name": "倉敷　太郎"}, {"companions": "1"}, {"email": "other@example.jp"}])
def test_the_same_submission_with_other_content_is_refused(site, visitor, form, other):
    sent = ready(visitor, form)
    visitor.post(form, data=sent)
    answer = visitor.post(form, data={**sent, **other})
    assert answer.status_code == 422
    assert "この申込みは受付済みです" in answer.text
    assert len(registrations(site)) == 1


def test_a_family_applies_one_after_the_other_from_one_browser(site, visitor, form):
    applied(visitor, form)
    applied(visitor, form, name="倉敷　太郎", kana="クラシキ　タロウ")
    assert [r["name"] for r in registrations(site)] == ["倉敷　花子", "倉敷　太郎"]


def test_a_key_from_another_browser_is_never_answered_with_the_first_persons_data(site, visitor, form):
    sent = ready(visitor, form)
    first = visitor.post(form, data=sent)
    stranger = site.test_client()
    own_token = fields(stranger.get(form))["csrf_token"]
    for token in (sent["csrf_token"], own_token):
        answer = stranger.post(form, data={**sent, "csrf_token": token})
        assert answer.status_code == 422
        assert first.location.split("/")[2] not in answer.text
        assert answer.location is None
    assert len(registrations(site)) == 1


def test_a_key_of_another_event_is_not_taken_and_the_typed_text_stays(site, visitor, form):
    other = form_of(site)
    key = ready(visitor, form)["submission_id"]
    sent = {**ready(visitor, other), "submission_id": key}
    answer = visitor.post(other, data=sent)
    assert answer.status_code == 422
    assert registrations(site) == []
    assert fields(answer)["name"] == ["倉敷　花子"]
    assert fields(answer)["submission_id"] != key


@pytest.mark.parametrize("forged", ["", ".", "x.y", "あ.い", "a" * 5000, "\ud83d.x"])
def test_a_made_up_key_is_not_taken(quiet_site, quiet_visitor, quiet_form, forged):
    sent = {**ready(quiet_visitor, quiet_form), "submission_id": forged.encode(errors="replace")}
    assert quiet_visitor.post(quiet_form, data=sent).status_code == 422
    assert registrations(quiet_site) == []


@pytest.mark.parametrize("step", [{}, {"confirmed": "1"}])
def test_an_expired_session_shows_the_form_again_with_everything_typed(site, visitor, form, step):
    sent = filled_in(visitor, form, affiliation="瀬戸の会", companions="2", needs=["captioning"])
    visitor.delete_cookie("sid")
    answer = visitor.post(form, data={**sent, **step})
    assert answer.status_code == 422
    shown = fields(answer)
    assert {n: shown[n] for n in ("name", "email", "phone", "affiliation", "companions", "needs", "consent")} == {
        "name": ["倉敷　花子"], "email": ["hanako@example.jp"], "phone": ["086-426-3107"],
        "affiliation": ["瀬戸の会"], "companions": ["2"], "needs": ["captioning"], "consent": ["y"],
    }  # fmt: skip
    again = visitor.post(form, data=shown)
    assert "申込み内容の確認" in again.text
    assert registrations(site) == []


def test_an_expired_form_says_what_to_do_in_japanese(visitor, form):
    sent = filled_in(visitor, form)
    visitor.delete_cookie("sid")
    said = "".join(read(visitor.post(form, data=sent)).text)
    assert "もう一度「確認へ進む」を押してください" in said
    assert "CSRF" not in said


def test_the_last_step_alone_applies_only_with_a_key_of_the_form(site, visitor, form):
    person = {**PERSON, "consent": "y", "confirmed": "1", "sitting": rows(site, "sitting")[0]["id"]}
    assert visitor.post(form, data=person).status_code == 422
    assert registrations(site) == []


@pytest.mark.parametrize("not_yet", ["", "0", "false"])
def test_only_the_button_of_the_confirmation_page_applies(site, visitor, form, not_yet):
    answer = visitor.post(form, data={**filled_in(visitor, form), "confirmed": not_yet})
    assert answer.status_code == 200
    assert "申込み内容の確認" in answer.text
    assert registrations(site) == []


def test_the_screen_is_the_same_for_a_known_and_an_unknown_address_and_the_mailbox_is_told(site, form):
    def way(email: str) -> str:
        client = site.test_client()
        page = client.get(applied(client, form, email=email, phone="") + "done/")
        token, reference = page.request.path.split("/")[2], receipt(page)[0]
        shown = re.sub(r'nonce="[^"]*"', "", page.text)
        return shown.replace(token, "TOKEN").replace(reference, "REFERENCE").replace(email, "EMAIL")

    first = way("hanako@example.jp")
    assert way("hanako@example.jp") == first == way("HANAKO@example.jp") == way("new@example.jp")
    told = [m["payload"]["duplicate"] for m in rows(site, "outbound_message")]
    assert told == [False, True, True, False]


def test_an_application_by_telephone_alone_waits_to_be_called(site, visitor, form):
    page = visitor.get(applied(visitor, form, email="") + "done/")
    assert "お知らせはお電話で行います" in page.text
    assert [m["state"] for m in rows(site, "outbound_message")] == ["call"]


def test_the_link_of_a_sitting_chooses_it(site, visitor):
    with site.app_context():
        event = an_event()
        a_sitting(event)
        evening = a_sitting(event, starts_at=NOW + timedelta(days=11)).id
        address = f"/events/{event.slug}/apply/"
    assert fields(visitor.get(f"{address}?sitting={evening}"))["sitting"] == [str(evening)]
    for odd in ("", "x", "-1", "999999", "9" * 30, "9" * 5000, "１"):
        assert visitor.get(address, query_string={"sitting": odd}).status_code == 200, odd[:40]


@pytest.mark.parametrize(
    ("changes", "moment", "said"),
    [
        ({"opens_at": NOW + timedelta(days=1)}, NOW, "まだ始まっていません"),
        ({"closes_at": NOW - timedelta(days=1)}, NOW, "受付は終了しました"),
        ({"closes_at": None}, NOW + timedelta(days=10, minutes=1), "受付は終了しました"),
    ],
)
def test_who_comes_outside_the_window_reads_why_and_whom_to_ask(site, visitor, changes, moment, said):
    with clock.fixed(moment):
        page = visitor.get(form_of(site, **changes))
    assert page.status_code == 200
    assert said in page.text
    assert "086-000-0000" in page.text
    assert "submission_id" not in page.text


def test_answers_of_the_form_are_kept_by_no_cache(site, visitor, form):
    sent = ready(visitor, form)
    for answer in (
        visitor.get(form),
        visitor.post(form, data={**sent, "confirmed": ""}),
        visitor.post(form, data=sent),
    ):
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_is_asked_and_kept_only_where_letters_go_to_somebody_without_mail(site, visitor):
    address = form_of(site, asks_address=True)
    lives = {"postcode": "〒７１０ー８５６５", "postal_address": "倉敷市西中新田640\r\n見本ビル3階"}
    assert "郵便番号だけでは郵送できません" in problems(
        confirmation(visitor, address, **lives | {"postal_address": ""})
    ).get("postal_address", "")
    wrong = confirmation(visitor, address, **lives | {"postcode": "710"})
    assert "7桁の数字" in problems(wrong)["postcode"]
    assert fields(wrong)["postcode"] == ["710"]
    applied(visitor, address, **lives)
    applied(visitor, address, **lives, email="")
    with_mail, without = registrations(site)
    assert (with_mail["postcode"], with_mail["address"]) == ("", "")
    assert (without["postcode"], without["address"]) == ("7108565", "倉敷市西中新田640\n見本ビル3階")
    assert [message["state"] for message in rows(site, "outbound_message")] == ["pending", "letter"]
    assert "postal_address" not in fields(visitor.get(form_of(site)))
