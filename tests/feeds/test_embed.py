"""The list of what is coming in frames of other sites, and as JSON for their scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import create_app
from app.events.types import Audience, EventStatus
from app.infra import clock
from app.infra.db import db
from config import Config, WrongSetting
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, a_series, a_sitting, a_venue, an_event, apply_for
from tests.feeds.conftest import BASE

CITY = "https://www.city.example.jp"
PAGE, DATA = "/embed/events/", "/embed/events.json"


def listed(site) -> int:
    """An open event of a series, one for staff, one that is over, a draft; the first one's sitting."""
    with site.app_context():
        series = a_series(slug="chiiki", title="地域づくり研修会")
        event = an_event(slug="oen", series_id=series.id, title="応援講座", audience=Audience.RESIDENTS)
        hall = a_venue(name="健康福祉プラザ", room="201研修室", address="倉敷市笹沖180")
        made = a_sitting(event, label="午前の部", venue_id=hall.id).id
        a_sitting(an_event(slug="shokuin", audience=Audience.STAFF))
        a_sitting(an_event(slug="sunda"), starts_at=NOW - timedelta(days=9))
        a_sitting(an_event(slug="mada", status=EventStatus.DRAFT, published_at=None))
        return made


def test_json_says_what_is_coming_in_fields_that_stay(site, program):
    sitting = listed(site)
    with site.app_context():
        apply_for(sitting, name="玉島　次郎", email="jiro@example.jp")
    answer = program.get(f"{DATA}?series=chiiki")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json == {
        "total": 1,
        "next": None,
        "events": [
            {
                "id": "oen",
                "url": f"{BASE}/events/oen/",
                "title": "第1回 地域づくり研修会「応援講座」",
                "series": "chiiki",
                "series_title": "地域づくり研修会",
                "summary": "",
                "audience": "residents",
                "status": "open",
                "status_text": "受付中",
                "opens_at": "2026-05-25T10:00:00+09:00",
                "closes_at": "2026-06-08T10:00:00+09:00",
                "fee": "",
                "updated_at": "2026-05-25T10:00:00+09:00",
                "sittings": [
                    {
                        "id": sitting,
                        "label": "午前の部",
                        "starts_at": "2026-06-11T10:00:00+09:00",
                        "ends_at": "2026-06-11T13:00:00+09:00",
                        "venue": "健康福祉プラザ　201研修室",
                        "place": "健康福祉プラザ　201研修室、倉敷市笹沖180",
                        "capacity": 10,
                        "seats_left": 9,
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"oen", "shokuin"}),
        ("?audience=staff", {"shokuin"}),
        ("?series=chiiki", {"oen"}),
        ("?series=nothing", set()),
    ],
)
def test_page_and_data_are_narrowed_down_alike_and_show_public_events_to_come(site, program, query, shown):
    listed(site)
    assert {event["id"] for event in program.get(DATA + query).json["events"]} == shown
    page = program.get(PAGE + query).text
    assert {slug for slug in ("oen", "shokuin", "sunda", "mada") if f"{BASE}/events/{slug}/" in page} == shown


def test_who_asks_again_is_told_that_nothing_changed_until_a_seat_is_taken(site, program):
    sitting = listed(site)
    for address in (PAGE, DATA):
        known = {"If-None-Match": program.get(address).headers["ETag"]}
        assert program.get(address, headers=known).status_code == 304
    with site.app_context():
        apply_for(sitting)
    assert program.get(DATA, headers=known).status_code == 200


@pytest.fixture
def framed(tmp_path):
    """A site that the city's own may frame."""
    site = create_app(config_for(tmp_path, embed_ancestors=(CITY, "https://*.example.jp")))
    with site.app_context():
        make_tables()
    with clock.fixed(NOW):
        yield site
    with site.app_context():
        db.engine.dispose()


def test_only_the_list_may_be_framed_and_only_by_the_sites_that_are_named(framed):
    visitor = framed.test_client()
    answer = visitor.get(PAGE)
    assert f"frame-ancestors {CITY} https://*.example.jp;" in answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "EMBED_ANCESTORS" not in answer.text
    known = visitor.get(PAGE, headers={"If-None-Match": answer.headers["ETag"]})
    assert (known.status_code, "X-Frame-Options" in known.headers) == (304, False)
    for other in ("/", "/events/", "/my/sign-in/", DATA, "/embed/nothing/"):
        headers = visitor.get(other).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], other
        assert headers["X-Frame-Options"] == "DENY", other


def test_without_a_setting_nobody_frames_it_and_the_page_says_how(site, program):
    answer = program.get(PAGE)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "EMBED_ANCESTORS" in answer.text
    assert "&lt;iframe" in answer.text


def test_the_page_runs_no_script_and_its_links_leave_the_frame(framed):
    page = framed.test_client().get(PAGE).text
    assert "<script" not in page
    assert '<base target="_top">' in page
    assert "Set-Cookie" not in framed.test_client().get(PAGE).headers


@pytest.mark.parametrize(
    "wrong", ["*", "www.city.example.jp", "https://a.example.jp/path", "https://a.jp;script-src", "'self'"]
)
def test_an_ancestor_that_is_no_origin_stops_the_start(wrong):
    with pytest.raises(WrongSetting, match="EMBED_ANCESTORS"):
        Config.from_environ({"SECRET_KEY": "k" * 40, "EMBED_ANCESTORS": f"{CITY} {wrong}"})
