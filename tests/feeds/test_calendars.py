"""Calendars to subscribe to: each sitting once, under a name that stays, and told when it moves or falls away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar, Event

from app.events import services as events
from app.events.models import Event as EventTable
from app.events.models import Sitting
from app.events.types import EventStatus
from app.infra import clock
from app.infra.db import db
from app.registrations import meetings
from tests.factories import NOW, ORGANIZER, a_series, a_sitting, a_venue, an_event, apply_for, basics

DAY = timedelta(days=1)
FEEDS = ["/calendar.ics", "/series/chiiki.ics", "/events/oen.ics"]


@pytest.fixture
def sittings(site: Flask) -> list[int]:
    """第1回 地域づくり研修会「応援講座」, in the morning and in the afternoon."""
    with site.app_context():
        series = a_series(slug="chiiki", title="地域づくり研修会")
        event = an_event(
            slug="oen", series_id=series.id, title="地域の課題解決応援講座", summary="一行目\n二行目；、,;\\"
        )
        hall = a_venue(
            name="くらしき健康福祉プラザ", room="201研修室", address="倉敷市笹沖180", latitude=34.58, longitude=133.77
        )
        later = {"starts_at": NOW + 10 * DAY + timedelta(hours=4), "ends_at": NOW + 10 * DAY + timedelta(hours=7)}
        morning = a_sitting(event, label="午前の部", venue_id=hall.id)
        return [morning.id, a_sitting(event, label="午後の部", venue_id=None, **later).id]


def calendar(program, address: str) -> Calendar:
    answer = program.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.data)


def entries(program, address: str) -> list[Event]:
    return list(calendar(program, address).walk("VEVENT"))


@pytest.mark.parametrize("address", FEEDS)
def test_every_sitting_is_an_entry_at_its_instant(program, sittings, address):
    morning, afternoon = entries(program, address)
    assert (morning.start, morning.end) == (NOW + 10 * DAY, NOW + 10 * DAY + timedelta(hours=3))
    assert morning["DTSTART"].params["TZID"] == "Asia/Tokyo"
    assert morning["SUMMARY"] == "第1回 地域づくり研修会「地域の課題解決応援講座」 午前の部"
    assert morning["LOCATION"] == "くらしき健康福祉プラザ　201研修室、倉敷市笹沖180"
    assert "一行目\n二行目；、,;\\" in morning["DESCRIPTION"]
    assert morning["URL"] == "https://tsudoi.example.jp/events/oen/"
    assert (morning["STATUS"], morning["CLASS"], morning["TRANSP"]) == ("CONFIRMED", "PUBLIC", "TRANSPARENT")
    assert morning["GEO"].to_ical() == "34.58;133.77"
    assert [e["UID"] for e in (morning, afternoon)] == [f"sitting-{i}@tsudoi.example.jp" for i in sittings]


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_says_its_name_its_source_and_how_often_to_ask(program, sittings, address):
    found = calendar(program, address)
    assert (found["METHOD"], found["VERSION"]) == ("PUBLISH", "2.0")
    assert found["X-WR-CALNAME"] == found["NAME"] != ""
    assert found["SOURCE"] == f"https://tsudoi.example.jp{address}"
    assert found["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert found["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert found["X-PUBLISHED-TTL"] == "PT6H"
    assert len(found.walk("VTIMEZONE")) == 1


@pytest.mark.parametrize("address", FEEDS)
def test_lines_end_and_fold_as_the_standard_says(program, sittings, address):
    content = program.get(address).data
    assert content.count(b"\n") == content.count(b"\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()


@pytest.mark.parametrize("address", FEEDS)
def test_nobody_who_applied_stands_in_a_public_calendar(site, program, sittings, address):
    with site.app_context():
        apply_for(sittings[0], name="玉島　次郎", email="jiro@example.jp")
    for entry in entries(program, address):
        assert "ATTENDEE" not in entry
        assert entry.walk("VALARM") == []
    shown = program.get(address).text
    assert "玉島" not in shown
    assert "jiro" not in shown


def reschedule(site: Flask, sitting_id: int, days: int, now=NOW) -> None:
    with site.app_context():
        start = NOW + days * DAY
        when = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
        meetings.reschedule(sitting_id, **when, venue_id=None, notify=False, by=ORGANIZER, now=now)


@pytest.mark.parametrize("address", FEEDS)
def test_a_moved_sitting_keeps_its_uid_under_a_higher_sequence(site, program, sittings, address):
    for number, days in enumerate((12, 14), start=1):
        reschedule(site, sittings[0], days, NOW + timedelta(minutes=number))
        moved = {entry["UID"]: entry for entry in entries(program, address)}[f"sitting-{sittings[0]}@tsudoi.example.jp"]
        assert (moved["SEQUENCE"], moved.start) == (number, NOW + days * DAY)
    others = [entry["SEQUENCE"] for entry in entries(program, address) if entry["UID"] != moved["UID"]]
    assert others == [0]


def test_a_new_title_raises_every_sequence(site, program):
    with site.app_context():
        made = events.create_draft(basics(), section="市民活動推進課", by=ORGANIZER, now=NOW)
        a_sitting(db.session.get_one(EventTable, made))
        event = db.session.get_one(EventTable, made)
        event.status, slug, revision = EventStatus.PUBLISHED, event.slug, event.revision
        db.session.commit()
    before = entries(program, f"/events/{slug}.ics")[0]
    with site.app_context():
        series_id = db.session.get_one(EventTable, made).series_id
        renamed = basics(series_id=series_id, title="改めた題")
        events.edit(made, renamed, revision=revision, by=ORGANIZER, now=NOW + timedelta(minutes=1))
    after = entries(program, f"/events/{slug}.ics")[0]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert "改めた題" in after["SUMMARY"]


def test_a_called_off_event_stays_in_the_calendars_until_a_month_after_its_date(site, program, sittings):
    with site.app_context():
        meetings.call_off(1, "台風のため", notify=False, by=ORGANIZER, now=NOW)
        over = db.session.get_one(Sitting, sittings[1]).ends_at
    for moment, stays in ((NOW, True), (over + 30 * DAY, True), (over + 32 * DAY, False)):
        with clock.fixed(moment):
            for address in FEEDS[:2]:
                found = entries(program, address)
                assert [(e["STATUS"], e["SEQUENCE"]) for e in found] == ([("CANCELLED", 1)] * 2 if stays else [])
    assert {e["STATUS"] for e in entries(program, FEEDS[2])} == {"CANCELLED"}


def test_a_series_holds_only_its_own(site, program, sittings):
    with site.app_context():
        other = an_event(title="ほかの事業の講座")
        a_sitting(other)
    assert len(entries(program, "/series/chiiki.ics")) == 2
    assert len(entries(program, "/calendar.ics")) == 3


def test_a_series_without_events_is_an_empty_calendar(site, program):
    with site.app_context():
        a_series(slug="kara", title="まだない事業")
    assert entries(program, "/series/kara.ics") == []
    assert entries(program, "/calendar.ics") == []


@pytest.mark.parametrize("address", FEEDS)
def test_who_asks_again_gets_the_same_bytes_or_only_that_nothing_changed(site, program, sittings, address):
    first = program.get(address)
    with clock.fixed(NOW + timedelta(hours=5)):
        again = program.get(address)
        assert again.data == first.data
        for known in (
            {"If-None-Match": first.headers["ETag"]},
            {"If-Modified-Since": first.headers["Last-Modified"]},
        ):
            answer = program.get(address, headers=known)
            assert (answer.status_code, answer.data) == (304, b"")
            assert answer.headers["ETag"] == first.headers["ETag"]
    reschedule(site, sittings[0], 12, NOW + timedelta(minutes=1))
    changed = program.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["Last-Modified"] != first.headers["Last-Modified"]
    assert changed.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in changed.headers


def test_seats_taken_change_no_calendar(site, program, sittings):
    before = program.get("/calendar.ics").headers["ETag"]
    with site.app_context():
        apply_for(sittings[0])
    assert program.get("/calendar.ics").headers["ETag"] == before


@pytest.mark.parametrize(
    "title",
    [
        "A;B,C\n\nATTENDEE:x",
        "BEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT",
        "𠮷" * 60,
        'a"b\\n;:^',
        "\u2028ATTENDEE:mailto:x@evil",
    ],
)
def test_a_title_is_one_line_of_text_whatever_it_holds(site, program, title):
    with site.app_context():
        a_sitting(an_event(slug="odd", title=title, section=title[:60], contact_email="a@example.jp"), label=title[:60])
    found = calendar(program, "/events/odd.ics")
    entry = found.walk("VEVENT")[0]
    assert len(found.walk("VEVENT")) == 1
    assert "ATTENDEE" not in entry
    plain = " ".join(title.replace("\u2028", "\n").split())
    assert plain in " ".join(str(entry["SUMMARY"]).split())
    assert "\n" not in entry["SUMMARY"]
    assert max(map(len, program.get("/events/odd.ics").data.split(b"\r\n"))) <= 75
