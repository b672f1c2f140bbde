"""Links that put a sitting into somebody's calendar: the right instants, and no word of whose place it is."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import html5lib

from app.events.types import EventStatus
from tests.factories import NOW, a_sitting, a_venue, an_event, apply_for


def links(page: str) -> dict[str, dict[str, list[str]]]:
    """Query of each link that leaves for a calendar, by host; each must keep this page's address to itself."""
    found = {}
    for link in html5lib.parse(page, namespaceHTMLElements=False).iter("a"):
        target = urlsplit(link.get("href", ""))
        if target.hostname in {"calendar.google.com", "outlook.live.com"}:
            assert {"noreferrer", "noopener"} <= set(link.get("rel").split())
            found[target.hostname] = parse_qs(target.query)
    return found


def test_both_calendars_get_the_sitting_and_the_public_page(site, visitor):
    with site.app_context():
        hall = a_venue(name="健康福祉プラザ", room="", address="倉敷市笹沖180").id
        a_sitting(an_event(slug="oen", title="A&B=C"), label="午前の部", venue_id=hall)
    found = links(visitor.get("/events/oen/").text)
    google, outlook = found["calendar.google.com"], found["outlook.live.com"]
    assert google["dates"] == ["20260611T100000/20260611T130000"]
    assert google["ctz"] == ["Asia/Tokyo"]
    starts = datetime.fromisoformat(outlook["startdt"][0])
    assert starts == datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
    for title, details in ((google["text"], google["details"]), (outlook["subject"], outlook["body"])):
        assert "「A&B=C」 午前の部" in title[0]
        assert details == ["http://127.0.0.1:8000/events/oen/"]
    assert google["location"] == outlook["location"] == ["健康福祉プラザ、倉敷市笹沖180"]


def test_the_page_of_ones_own_place_gives_its_secret_to_nobody(site, visitor):
    with site.app_context():
        sitting = a_sitting(an_event(slug="oen"), capacity=1)
        held, waiting = (apply_for(sitting, now=NOW).token for _ in range(2))
    page = visitor.get(f"/r/{held}/").text
    assert len(links(page)) == 2
    assert not [one for one in links(page).values() if held in str(one)]
    assert links(visitor.get(f"/r/{waiting}/").text) == {}


def test_what_is_called_off_goes_into_no_calendar(site, visitor):
    with site.app_context():
        a_sitting(an_event(slug="oen", status=EventStatus.CANCELLED))
    assert links(visitor.get("/events/oen/").text) == {}


def test_calendars_are_subscribed_to_with_one_press(site, visitor):
    page = visitor.get("/about/calendar/").text
    assert "webcal://127.0.0.1:8000/calendar.ics" in page
    assert "/opendata/events.csv" in page
    assert "creativecommons.org/licenses/by/4.0/" in page
