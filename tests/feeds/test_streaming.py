"""A feed of any size needs the memory of a portion, and what is known already is not put together at all."""

from __future__ import annotations

import pytest
import vobject
from icalendar import Calendar

from app.events import queries, streaming
from app.events.streaming import Reach
from app.infra import clock
from tests.factories import NOW, a_series, a_sitting, an_event
from tests.feeds.many import add, read


@pytest.mark.parametrize("address", ["/calendar.ics", "/opendata/events.csv"])
def test_four_times_the_events_need_no_more_memory(site, program, monkeypatch, address):
    monkeypatch.setattr(streaming, "PORTION", 20)
    with site.app_context():
        add(150)
    read(program, address)  # what is made once stays
    size, most = read(program, address)
    with site.app_context():
        add(450)
    larger_size, larger_most = read(program, address)
    assert larger_size > 3.5 * size
    assert larger_most < 1.3 * most


def test_portions_leave_nothing_out_and_nothing_twice(any_app, monkeypatch):
    monkeypatch.setattr(streaming, "PORTION", 2)
    series = a_series()
    made = [a_sitting(an_event(series_id=series.id)).event_id for _ in range(5)]
    a_sitting(an_event())
    found = [event.id for event in streaming.rows(Reach(ends_after=NOW, series=series.slug), programme=True)]
    assert found == made
    assert streaming.extent(Reach(series=series.slug)).count == 5


def test_a_head_and_a_known_feed_read_no_event(site, program, monkeypatch):
    with site.app_context():
        add(3)
    known = program.get("/calendar.ics").headers["ETag"]

    def asked(*about, **more):
        raise AssertionError("events were read")

    monkeypatch.setattr(queries, "assemble", asked)
    assert program.get("/calendar.ics", headers={"If-None-Match": known}).status_code == 304
    assert program.head("/calendar.ics").headers["ETag"] == known


def test_two_libraries_read_the_same_calendar(site, program):
    with site.app_context():
        series = a_series(title="地域づくり研修会")
        event = an_event(series_id=series.id, title="講座；、,;\\", summary="一行目\n二行目 " + "長い概要" * 40)
        a_sitting(event, label="午前の部")
        a_sitting(event, label="午後の部")
    content = program.get("/calendar.ics").data
    one = [
        (str(e["UID"]), e.start, e.end, str(e["SUMMARY"]), str(e["DESCRIPTION"]))
        for e in Calendar.from_ical(content).events
    ]
    other = [
        (e.uid.value, e.dtstart.value, e.dtend.value, e.summary.value, e.description.value)
        for e in vobject.readOne(content.decode()).vevent_list
    ]
    assert len(one) == 2
    assert one == other


def test_time_alone_takes_an_event_out_and_the_mark_says_so(site, program):
    with site.app_context():
        sitting = a_sitting(an_event())
        over = sitting.ends_at
    before = program.get("/calendar.ics").headers["ETag"]
    with clock.fixed(over + streaming.FEED_TAIL):
        answer = program.get("/calendar.ics", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert b"VEVENT" not in answer.data
