"""What search engines and other calendars read of an event's page: schema.org Event as JSON-LD."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.events.types import EventStatus
from app.registrations import meetings
from tests.factories import NOW, ORGANIZER, a_sitting, a_venue, an_event, apply_for
from tests.public.conftest import form_of
from tests.public.door import applied


def json_ld(client: FlaskClient, address: str) -> dict[str, Any]:
    page = client.get(address).text
    start = page.index('<script type="application/ld+json">') + len('<script type="application/ld+json">')
    return json.loads(page[start : page.index("</script>", start)])


def test_each_sitting_is_a_part_of_the_event_with_its_own_seats(site, visitor):
    with site.app_context():
        event = an_event(title="協働推進員研修", organizer="倉敷市", fee="無料", summary="一行目\n二行目")
        hall = a_venue(name="真備保健福祉会館", room="大会議室", latitude=34.6, longitude=133.7).id
        morning = a_sitting(event, label="午前の部", capacity=40, venue_id=hall)
        later = {"starts_at": morning.starts_at + timedelta(hours=4), "ends_at": morning.starts_at + timedelta(hours=7)}
        a_sitting(event, label="午後の部", capacity=30, venue_id=hall, **later)
        apply_for(morning, companions=2)
        address = f"/events/{event.slug}/"
    data = json_ld(visitor, address)
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Event")
    assert data["url"] == f"http://127.0.0.1:8000{address}"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert (data["startDate"], data["endDate"]) == ("2026-06-11T10:00:00+09:00", "2026-06-11T17:00:00+09:00")
    assert (data["maximumAttendeeCapacity"], data["remainingAttendeeCapacity"]) == (70, 67)
    assert [(s["maximumAttendeeCapacity"], s["remainingAttendeeCapacity"]) for s in data["subEvent"]] == [
        (40, 37), (30, 30),
    ]  # fmt: skip
    assert [s["startDate"][11:16] for s in data["subEvent"]] == ["10:00", "14:00"]
    assert data["location"]["name"] == "真備保健福祉会館　大会議室"
    assert data["location"]["geo"]["latitude"] == 34.6
    assert data["isAccessibleForFree"] is True
    assert data["description"] == "一行目\n二行目"


def test_the_seats_of_the_data_are_those_of_the_moment(site, visitor):
    address = form_of(site, capacity=2)
    for left in (2, 1, 0, 0):
        assert json_ld(visitor, address.removesuffix("apply/"))["remainingAttendeeCapacity"] == left
        applied(site.test_client(), address)


def test_where_no_limit_was_set_none_is_claimed(site, visitor):
    data = json_ld(visitor, form_of(site, capacity=None).removesuffix("apply/"))
    assert "maximumAttendeeCapacity" not in json.dumps(data)
    assert "remainingAttendeeCapacity" not in json.dumps(data)


def test_a_called_off_event_is_cancelled_in_every_part(site, visitor):
    address = form_of(site).removesuffix("apply/")
    with site.app_context():
        meetings.call_off(1, "台風のため", notify=False, by=ORGANIZER, now=NOW)
    data = json_ld(visitor, address)
    assert {data["eventStatus"], *(s["eventStatus"] for s in data["subEvent"])} == {"https://schema.org/EventCancelled"}


def test_unknown_facts_are_left_out(site, visitor):
    with site.app_context():
        event = an_event(summary="", status=EventStatus.FINISHED)
        a_sitting(event, venue_id=None, capacity=None)
        address = f"/events/{event.slug}/"
    data = json_ld(visitor, address)
    for unknown in ("location", "description", "performer", "maximumAttendeeCapacity"):
        assert unknown not in data


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", '"\\ \u2028 &amp; <!--', "𠮷田'講座'"])
def test_a_title_stands_in_the_data_as_it_is(site, visitor, title):
    data = json_ld(visitor, form_of(site, title=title).removesuffix("apply/"))
    assert title in data["name"]
