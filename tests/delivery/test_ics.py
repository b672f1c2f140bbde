"""Calendar objects, read back by two independent libraries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from app.delivery import ics
from app.delivery.sender import sender
from app.delivery.types import Method
from tests.delivery.kinds import an_entry

START = datetime(2026, 6, 2, 4, 30, tzinfo=UTC)
# What a person can have typed once kernel.text cleaned it: no control characters, which RFC 5545 forbids as well.
typed = st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cc", "Cs"]), st.sampled_from('𠮷;,\\:"^\n')))


def parsed(content: bytes) -> tuple[icalendar.Event, object]:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event, vobject.readOne(content.decode())


@pytest.mark.parametrize(
    ("method", "status", "sequence", "partstat"),
    [
        (Method.REQUEST, "CONFIRMED", 0, "ACCEPTED"),
        (Method.REQUEST, "CONFIRMED", 3, "ACCEPTED"),
        (Method.CANCEL, "CANCELLED", 4, None),
        (Method.PUBLISH, "CONFIRMED", 1, None),
    ],
)
def test_two_libraries_read_the_same_invitation(method, status, sequence, partstat):
    entry = an_entry(method=method, status=status, sequence=sequence, partstat=partstat)
    content = ics.invitation(entry)
    event, other = parsed(content)

    calendar = icalendar.Calendar.from_ical(content)
    assert calendar["METHOD"] == other.method.value == method.value
    assert event["UID"] == other.vevent.uid.value == entry.uid
    assert event["SEQUENCE"] == int(other.vevent.sequence.value) == sequence
    assert event["STATUS"] == other.vevent.status.value == status
    assert event["DTSTART"].dt.astimezone(UTC) == other.vevent.dtstart.value.astimezone(UTC) == START
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=3)
    assert event["SUMMARY"] == other.vevent.summary.value == entry.summary
    assert event["DESCRIPTION"] == other.vevent.description.value == entry.description
    assert event["LOCATION"] == other.vevent.location.value == entry.location
    assert event["ATTENDEE"].params.get("PARTSTAT") == partstat


def test_an_invitation_names_one_attendee_and_the_organizer():
    event, other = parsed(ics.invitation(an_entry(rsvp=True, partstat="NEEDS-ACTION")))

    assert event["ATTENDEE"] == "mailto:hanako@example.jp"
    assert event["ATTENDEE"].params["CN"] == other.vevent.attendee.params["CN"][0] == "𠮷田　花子"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["ORGANIZER"] == "mailto:kyodo@city.example.jp"
    assert event["ORGANIZER"].params["CN"] == "市民活動推進課"
    assert (event["CLASS"], event["TRANSP"]) == ("PRIVATE", "OPAQUE")
    assert event["GEO"].to_ical() == "34.585;133.772"
    assert event["DTSTAMP"].dt.tzinfo is not None


def test_a_section_without_mailbox_is_reached_at_the_senders_address():
    sender.address = "tsudoi@example.jp"
    event, _ = parsed(ics.invitation(an_entry(organizer_email=None)))

    assert event["ORGANIZER"] == "mailto:tsudoi@example.jp"


def test_only_an_invitation_that_is_held_reminds_the_day_before():
    held, cancelled = (
        icalendar.Calendar.from_ical(ics.invitation(an_entry(method=m))) for m in (Method.REQUEST, Method.CANCEL)
    )

    (alarm,) = held.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(days=-1)
    assert cancelled.walk("VALARM") == []


def test_the_zone_is_part_of_the_object():
    content = ics.invitation(an_entry())

    assert b"BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\n" in content
    assert b"DTSTART;TZID=Asia/Tokyo:20260602T133000\r\n" in content
    assert b"CREATED:20260601T000000Z\r\n" in content


def test_a_feed_is_public_and_tells_nobodys_name():
    entries = [an_entry(uid=f"e{n}@x", method=Method.PUBLISH) for n in range(3)]
    content = b"".join(ics.feed(entries, name="つどい：研修会", source="https://tsudoi.example.jp/calendar.ics"))
    calendar = icalendar.Calendar.from_ical(content)
    vobject.readOne(content.decode())

    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "つどい：研修会"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in content
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in content
    assert b"SOURCE;VALUE=URI:https://tsudoi.example.jp/calendar.ics\r\n" in content
    events = calendar.walk("VEVENT")
    assert len(events) == 3
    assert all("ATTENDEE" not in e and (e["CLASS"], e["TRANSP"]) == ("PUBLIC", "TRANSPARENT") for e in events)
    assert calendar.walk("VALARM") == []
    assert len(calendar.walk("VTIMEZONE")) == 1


@settings(max_examples=100, deadline=None)
@given(summary=typed, description=typed, location=typed, name=typed)
def test_any_text_comes_back_and_no_line_is_too_long(summary, description, location, name):
    entry = replace(
        an_entry(), summary=summary, description=description, location=location, attendee_name=name, geo=None
    )
    content = ics.invitation(entry)

    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()  # no character is cut in two
    assert content.count(b"\r\nATTENDEE") == 1
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["SUMMARY"]) == ics.flat(summary)
    assert str(event["LOCATION"]) == ics.flat(location)
    assert str(event["DESCRIPTION"]) == ics.clean_text(description)
    assert len(event.subcomponents) == 1


def test_a_hostile_title_stays_a_title_in_both_libraries():
    title = "A;B,C\\n\n\r\nATTENDEE:mailto:x@y\nEND:VEVENT"
    event, other = parsed(ics.invitation(an_entry(summary=title)))

    assert event["SUMMARY"] == other.vevent.summary.value == ics.flat(title)
    assert len(other.vevent.contents["attendee"]) == 1
