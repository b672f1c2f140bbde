"""One's own registration by secret link: looking changes nothing, and the page says no more than its owner needs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from app.events.models import Event
from app.infra import clock
from app.infra.db import db
from app.registrations import meetings, services
from tests.factories import NOW, ORGANIZER, a_sitting, an_event, apply_for
from tests.public.conftest import form_of
from tests.public.door import applied, everything_stored, fields, problems, read, receipt, rows
from tests.staff import post

SECRETS = ("hanako@example.jp", "hanako", "0864263107", "086-426-3107", "81864263107", "426-3107")


@pytest.fixture
def own(visitor, form) -> str:
    """The address of one's own page."""
    return applied(visitor, form, companions="1", district="児島", needs=["wheelchair"])


def pages(own: str) -> list[str]:
    return [own + part for part in ("", "done/", "change/", "cancel/", "invitation.ics")]


def registration(site: Flask, number: int = 0) -> dict:
    return rows(site, "registration")[number]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_any_page_changes_nothing(site, own, method):
    scanner, before = site.test_client(), everything_stored(site)
    for address in [*pages(own), own + "cancel", own + "nothing/"]:
        for _ in range(3):
            scanner.open(address, method=method)
    assert everything_stored(site) == before


def test_cancelling_frees_the_seats_and_a_second_time_changes_nothing(any_site):
    visitor = any_site.test_client()
    own = applied(visitor, form_of(any_site), companions="1")
    answer = post(visitor, own + "cancel/", reason="都合が悪くなりました")
    assert (answer.status_code, answer.location) == (303, own)
    before = everything_stored(any_site)
    token = fields(visitor.get(form_of_first(any_site)))["csrf_token"]
    again = visitor.post(own + "cancel/", data={"csrf_token": token})
    assert (again.status_code, again.location) == (303, own)
    after = everything_stored(any_site)
    assert {t: after[t] for t in after} == before
    assert receipt(visitor.get(own))[1] == "cancelled"
    assert registration(any_site)["cancel_reason"] == "都合が悪くなりました"
    assert rows(any_site, "sitting")[0]["seats_taken"] == 0


def form_of_first(site: Flask) -> str:
    return f"/events/{rows(site, 'event')[0]['slug']}/apply/"


def test_the_link_alone_works_in_a_browser_that_was_never_here(site, own):
    other = site.test_client()
    assert post(other, own + "cancel/").status_code == 303
    assert registration(site)["status"] == "cancelled"


def test_nothing_is_cancelled_without_the_forms_own_token(site, own):
    stranger = site.test_client()
    for data in ({}, {"csrf_token": "x"}):
        assert stranger.post(own + "cancel/", data=data).status_code == 400
    assert registration(site)["status"] == "confirmed"


def test_whoever_waits_moves_up_when_a_seat_is_given_back(site, visitor):
    address = form_of(site, capacity=1)
    first, second = applied(visitor, address), applied(site.test_client(), address)
    post(visitor, first + "cancel/")
    assert receipt(visitor.get(second))[1] == "confirmed"


def test_nobody_cancels_or_changes_by_link_once_it_began(site, visitor, own):
    with clock.fixed(NOW + timedelta(days=10)):
        for part in ("cancel/", "change/"):
            answer = post(visitor, own + part, **{**flat(fields(visitor.get(own + part))), "name": "倉敷　花"})
            assert answer.status_code == 422
            assert "問合せ先へお電話ください" in answer.text
        assert "cancel/" not in visitor.get(own).text
    assert registration(site)["status"] == "confirmed"


def flat(found: dict[str, list[str]]) -> dict[str, object]:
    return {name: value if len(value) > 1 else value[0] for name, value in found.items() if name != "csrf_token"}


def changed(visitor, own: str, **typed: object):
    return post(visitor, own + "change/", **{**flat(fields(visitor.get(own + "change/"))), **typed})


def test_details_are_put_right_and_contacts_left_empty_stay(site, visitor, own):
    answer = changed(visitor, own, name="倉敷　太郎", companions="2", district="玉島")
    assert (answer.status_code, answer.location) == (303, own)
    kept = registration(site)
    assert (kept["name"], kept["companions"], kept["district"]) == ("倉敷　太郎", 2, "玉島")
    assert (kept["email"], kept["phone"], kept["version"]) == ("hanako@example.jp", "+81864263107", 2)
    assert rows(site, "sitting")[0]["seats_taken"] == 3


def test_sending_the_form_as_it_stands_changes_nothing(site, visitor, own):
    before = everything_stored(site)
    assert changed(visitor, own).status_code == 303
    assert everything_stored(site) == before


def test_what_the_event_no_longer_asks_is_not_lost_by_a_change_of_the_name(site, visitor, own):
    with site.app_context():
        event = db.session.get_one(Event, 1)
        event.asks_needs = event.asks_district = False
        event.max_companions = 0
        event.revision += 1
        db.session.commit()
    assert changed(visitor, own, name="倉敷　太郎").status_code == 303
    kept = registration(site)
    assert (kept["name"], kept["companions"], kept["district"]) == ("倉敷　太郎", 1, "児島")
    with site.app_context():
        assert db.session.connection().exec_driver_sql("SELECT wheelchair FROM registration_needs").scalar()


def test_two_tabs_do_not_overwrite_one_another(site, visitor, own):
    old = flat(fields(visitor.get(own + "change/")))
    changed(visitor, own, name="倉敷　太郎")
    answer = post(visitor, own + "change/", **{**old, "name": "倉敷　次郎"})
    assert answer.status_code == 422
    assert "ほかの画面でこの申込みが変更されました" in answer.text
    assert registration(site)["name"] == "倉敷　太郎"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"kana": "漢字"}, "kana"),
        ({"email": "x"}, "email"),
        ({"companions": "9"}, "companions"),
    ],
)
def test_a_change_is_refused_at_its_field(site, visitor, own, typed, field):
    answer = changed(visitor, own, **typed)
    assert answer.status_code == 422
    assert list(problems(answer)) == [field]
    assert registration(site)["version"] == 1


def test_more_companions_than_seats_are_refused_at_their_field(site, visitor):
    own = applied(visitor, form_of(site, capacity=2))
    applied(site.test_client(), form_of_first(site))
    answer = changed(visitor, own, companions="1")
    assert answer.status_code == 422
    assert list(problems(answer)) == ["companions"]


def test_fields_that_the_change_has_not_are_ignored(site, visitor, own):
    odd = {"status": "cancelled", "sitting": "2", "event_id": "2", "attended": "1", "note": "x", "reference": "0"}
    before = registration(site)
    changed(visitor, own, **odd)
    post(visitor, own + "cancel/", **{**odd, "status": "confirmed"})
    after = registration(site)
    assert after["status"] == "cancelled"
    for name in ("sitting_id", "event_id", "attended", "note", "reference", "link_hash", "applied_at"):
        assert after[name] == before[name]


def test_contacts_stand_masked_on_every_page(visitor, own):
    for address in pages(own)[:-1]:
        answer = visitor.get(address)
        assert not [secret for secret in SECRETS if secret in answer.text], address
    assert "h•••@example.jp" in visitor.get(own + "change/").text
    assert "•••-•••-3107" in visitor.get(own + "change/").text


def test_every_answer_is_kept_nowhere_and_sends_no_referrer(visitor, own):
    answers = [visitor.get(address) for address in pages(own)]
    answers += [changed(visitor, own, name=""), changed(visitor, own), post(visitor, own + "cancel/")]
    answers += [visitor.get("/r/no-such-link-of-22-chars/"), visitor.post(own + "cancel/")]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store", answer.request.path
        assert answer.headers["Referrer-Policy"] == "no-referrer", answer.request.path
    assert "/r/" not in visitor.get("/sitemap.xml").text
    assert "Disallow: /r/" in visitor.get("/robots.txt").text


@pytest.mark.parametrize("part", ["", "done/", "change/", "cancel/", "invitation.ics"])
def test_a_wrong_link_opens_nothing(visitor, own, part):
    token = own.split("/")[2]
    for wrong in (token[:-1], token + "A", token.swapcase(), "x", "あ", f"{token}%00", "%F0%9F%92%A9", "1 OR 1=1"):
        answer = visitor.get(f"/r/{wrong}/{part}")
        assert answer.status_code in {400, 404}, wrong
        assert token not in answer.text


def test_the_reference_number_opens_nothing(visitor, own):
    reference, _status = receipt(visitor.get(own))
    for word in (reference, reference.replace("-", "")):
        assert visitor.get(f"/r/{word}/").status_code == 404


def test_the_link_of_one_person_shows_nothing_of_another(site, visitor, form, own):
    other = applied(site.test_client(), form, name="児島　次郎", kana="コジマ　ジロウ", email="jiro@example.jp")
    shown = visitor.get(other).text + visitor.get(other + "change/").text
    assert "児島　次郎" in shown
    assert "倉敷　花子 様" not in shown
    assert own.split("/")[2] not in shown


def test_the_calendar_file_is_ones_own_place(site, visitor, own):
    answer = visitor.get(own + "invitation.ics")
    assert answer.mimetype == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    calendar = Calendar.from_ical(answer.data)
    event = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("REQUEST", "CONFIRMED", 0)
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert event.start == NOW + timedelta(days=10)
    uid = event["UID"]
    assert own.split("/")[2] not in uid
    post(visitor, own + "cancel/")
    called_off = Calendar.from_ical(visitor.get(own + "invitation.ics").data)
    again = called_off.walk("VEVENT")[0]
    assert (called_off["METHOD"], again["STATUS"], again["SEQUENCE"], again["UID"]) == ("CANCEL", "CANCELLED", 1, uid)


def test_a_seat_not_held_fills_no_calendar(site, visitor):
    address = form_of(site, capacity=1)
    applied(site.test_client(), address)
    waiting = applied(visitor, address)
    assert visitor.get(waiting + "invitation.ics").status_code == 404
    assert "invitation.ics" not in visitor.get(waiting).text


def test_after_a_move_the_calendar_file_has_a_higher_sequence_and_the_same_uid(site, visitor, own):
    first = Calendar.from_ical(visitor.get(own + "invitation.ics").data).walk("VEVENT")[0]
    start = NOW + timedelta(days=12)
    with site.app_context():
        meetings.reschedule(
            1, starts_at=start, ends_at=start + timedelta(hours=2), venue_id=None, notify=False, by=ORGANIZER, now=NOW
        )
    moved = Calendar.from_ical(visitor.get(own + "invitation.ics").data).walk("VEVENT")[0]
    assert (moved["UID"], moved["SEQUENCE"], moved.start) == (first["UID"], 1, start)


def test_a_called_off_event_says_so_on_ones_own_page(site, visitor, own):
    with site.app_context():
        meetings.call_off(1, "台風のため", notify=True, by=ORGANIZER, now=NOW)
    page = visitor.get(own)
    assert receipt(page)[1] == "cancelled"
    assert "台風のため" in "".join(read(page).text)


def test_a_cancelled_registration_offers_nothing_to_change(visitor, own):
    post(visitor, own + "cancel/")
    for part in ("change/", "cancel/"):
        answer = visitor.get(own + part)
        assert (answer.status_code, answer.location) == (303, own)
    assert "change/" not in visitor.get(own).text


def test_the_link_opens_nothing_a_month_after_the_sitting(site, visitor):
    with site.app_context():
        sitting = a_sitting(an_event())
        token = apply_for(sitting).token
        over = sitting.ends_at
    with clock.fixed(over + timedelta(days=29)):
        assert visitor.get(f"/r/{token}/").status_code == 200
    with clock.fixed(over + timedelta(days=31)):
        assert visitor.get(f"/r/{token}/").status_code == 404


def test_a_registration_that_staff_cancelled_says_so(site, visitor, own):
    with site.app_context():
        services.cancel(1, reason="お電話により", by=ORGANIZER, now=NOW)
    assert "お電話により" in "".join(read(visitor.get(own)).text)
