"""New events for feed readers, pages for search engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask import Flask

from app.events.types import EventStatus
from app.registrations import meetings
from tests.factories import NOW, ORGANIZER, a_sitting, a_venue, an_event, apply_for

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://tsudoi.example.jp"
EVIL = "</title><script>alert(1)</script> & \"'<![CDATA[ ]]>"


@pytest.fixture
def published(site: Flask) -> None:
    """Three events, each published a day after the one before."""
    with site.app_context():
        for n in range(3):
            event = an_event(
                slug=f"koza-{n}", title=f"講座{n}", summary="概要", published_at=NOW - timedelta(days=9 - n)
            )  # fmt: skip
            a_sitting(event, venue_id=a_venue(name=f"第{n}会館").id)


def feed(program) -> ET.Element:
    answer = program.get("/feed.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.data)


def test_the_feed_has_all_that_rfc_4287_requires(program, published):
    found = feed(program)
    for name in ("id", "title", "updated", "author"):
        assert len(found.findall(ATOM + name)) == 1, name
    assert found.findtext(f"{ATOM}author/{ATOM}name") == "倉敷市"
    assert found.findtext(f"{ATOM}id") == f"{BASE}/feed.atom"
    links = {link.get("rel", "alternate"): link.get("href") for link in found.findall(f"{ATOM}link")}
    assert links == {"self": f"{BASE}/feed.atom", "alternate": f"{BASE}/events/"}
    for entry in found.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "published", "link", "summary"):
            assert len(entry.findall(ATOM + name)) == 1, name
        for name in ("updated", "published"):
            assert datetime.fromisoformat(entry.findtext(ATOM + name)).tzinfo is not None


def test_the_newest_comes_first_with_its_time_and_place(program, published):
    entries = feed(program).findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}id") for e in entries] == [f"{BASE}/events/koza-{n}/" for n in (2, 1, 0)]
    assert "令和8年6月11日（木）10時～13時 第2会館　大会議室 概要" in entries[0].findtext(f"{ATOM}summary")
    published_at = datetime.fromisoformat(entries[0].findtext(f"{ATOM}published"))
    assert published_at == NOW - timedelta(days=7)


def test_an_entry_keeps_its_id_and_says_when_it_changed(site, program, published):
    def story() -> list[tuple[str, str]]:
        return [(e.findtext(f"{ATOM}id"), e.findtext(f"{ATOM}updated")) for e in feed(program).findall(f"{ATOM}entry")]

    before = story()
    with site.app_context():
        meetings.call_off(1, "台風のため", notify=False, by=ORGANIZER, now=NOW)
    after = story()
    assert [i for i, _ in after] == [i for i, _ in before]
    changed = [(old, new) for (_, old), (_, new) in zip(before, after, strict=True) if old != new]
    assert [datetime.fromisoformat(new) for _, new in changed] == [NOW]
    assert datetime.fromisoformat(feed(program).findtext(f"{ATOM}updated")) == NOW


def test_a_feed_reader_finds_no_fault_and_reads_the_same(site, program, published):
    with site.app_context():
        a_sitting(an_event(title=EVIL, summary=EVIL, published_at=NOW), venue_id=a_venue().id)
    answer = program.get("/feed.atom")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    read = feedparser.parse(answer.data, response_headers=headers, sanitize_html=False)
    assert (read.bozo, read.version, read.encoding) == (False, "atom10", "utf-8")
    entries = feed(program).findall(f"{ATOM}entry")
    for ours, theirs in zip(entries, read.entries, strict=True):
        assert ours.findtext(f"{ATOM}id") == theirs.id == theirs.link
        assert ours.findtext(f"{ATOM}title").endswith(theirs.title)
        assert theirs.title_detail.type == theirs.summary_detail.type == "text/plain"
        for name in ("published", "updated"):
            moment = datetime(*theirs[f"{name}_parsed"][:6], tzinfo=UTC)
            assert moment == datetime.fromisoformat(ours.findtext(ATOM + name)).replace(microsecond=0)
    assert read.feed.author == "倉敷市"


def test_a_feed_reader_notices_what_is_no_feed():
    assert feedparser.parse(b"<feed xmlns='http://www.w3.org/2005/Atom'><entry></feed>").bozo


@pytest.mark.parametrize("address", ["/feed.atom", "/sitemap.xml"])
def test_without_events_both_are_still_whole(program, address):
    assert ET.fromstring(program.get(address).data) is not None


def test_text_stays_text(site, program):
    with site.app_context():
        a_sitting(an_event(title=EVIL, summary=f"{EVIL}\n二行目"), venue_id=a_venue(name=EVIL).id)
    entry = feed(program).find(f"{ATOM}entry")
    assert EVIL in entry.findtext(f"{ATOM}title")
    assert EVIL in entry.findtext(f"{ATOM}summary")
    assert entry.find(f".//{ATOM}script") is None


def test_the_sitemap_lists_every_public_page_once(site, program, published):
    with site.app_context():
        a_sitting(an_event(slug="mienai", status=EventStatus.DRAFT, published_at=None))
    found = ET.fromstring(program.get("/sitemap.xml").data)
    places = [url.findtext(f"{SITEMAP}loc") for url in found]
    lists = [f"{BASE}/", f"{BASE}/events/", f"{BASE}/issues/", f"{BASE}/reports/"]
    assert sorted(places) == sorted([*lists, *(f"{BASE}/events/koza-{n}/" for n in range(3))])
    changed = [url.findtext(f"{SITEMAP}lastmod") for url in found if url.find(f"{SITEMAP}lastmod") is not None]
    assert len([datetime.fromisoformat(moment) for moment in changed]) == 3


def test_robots_are_told_where_not_to_go_and_where_the_map_is(program):
    answer = program.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    for private in ("/r/", "/my/", "/console/"):
        assert f"Disallow: {private}" in lines
    assert f"Sitemap: {BASE}/sitemap.xml" in lines


@pytest.mark.parametrize("address", ["/feed.atom", "/sitemap.xml", "/robots.txt"])
def test_who_asks_again_is_told_that_nothing_changed(site, program, published, address):
    first = program.get(address)
    known = {"If-None-Match": first.headers["ETag"]}
    assert (program.get(address, headers=known).status_code, program.get(address, headers=known).data) == (304, b"")
    with site.app_context():
        apply_for(1)
    assert program.get(address, headers=known).status_code == 304
    assert first.headers["Cache-Control"] == "public, max-age=300"
    head = program.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
