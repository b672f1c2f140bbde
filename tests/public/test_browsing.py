"""What the public sees: the home page, the list with its filters, an event; drafts nowhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.events.types import Audience, EventStatus
from app.infra import clock
from app.kernel.japanese_dates import TOKYO
from tests.factories import NOW, a_series, a_sitting, an_event
from tests.public.conftest import form_of
from tests.public.door import applied, fields, read, seats_left

DAY = timedelta(days=1)


def an_evening(site: Flask, title: str, *, days: float = 10, capacity: int = 10, **changes: object) -> str:
    """An event with one sitting in `days` days; its slug."""
    with site.app_context():
        event = an_event(title=title, **changes)
        a_sitting(event, starts_at=NOW + days * DAY, capacity=capacity)
        return event.slug


def titles(client: FlaskClient, address: str, **asked: str) -> list[str]:
    """The events that a list shows, in its order."""
    answer = client.get(address, query_string=asked or None)
    assert answer.status_code == 200
    return re.findall(r'class="ts-teaser__title">\s*<a[^>]*>([^<]+)</a>', answer.text)


def listed(client: FlaskClient, **asked: str) -> list[str]:
    return titles(client, "/events/", **asked)


def test_the_list_shows_what_is_coming_by_date(site, visitor):
    for title, days in (("三番", 9), ("一番", 1), ("二番", 5), ("昔", -5)):
        an_evening(site, title, days=days)
    assert listed(visitor) == ["一番", "二番", "三番"]
    assert listed(visitor, when="past") == ["昔"]


def test_each_filter_finds_its_own_on_both_databases(any_site):
    visitor = any_site.test_client()
    with any_site.app_context():
        mine = a_series(slug="chiiki", title="地域づくり研修会")
        mine_id = mine.id
    an_evening(any_site, "応援講座 NPO", series_id=mine_id, summary="100%の_力", days=2)
    an_evening(any_site, "協働推進員研修", audience=Audience.STAFF, days=40)
    an_evening(any_site, "合同研修", audience=Audience.BOTH, audience_note="倉敷市に住む方", days=50)
    assert listed(visitor, q="応援") == ["応援講座 NPO"]
    assert listed(visitor, q="npo　応援") == ["応援講座 NPO"]
    assert listed(visitor, q="地域づくり") == ["応援講座 NPO"]
    assert listed(visitor, q="100%の_") == ["応援講座 NPO"]
    assert listed(visitor, q="倉敷市に住む") == ["合同研修"]
    assert listed(visitor, q="1%の") == listed(visitor, q="10_%") == listed(visitor, q="応援 協働") == []
    assert listed(visitor, series="chiiki") == ["応援講座 NPO"]
    assert listed(visitor, audience="staff") == ["協働推進員研修"]
    assert listed(visitor, month="2026-07") == ["協働推進員研修", "合同研修"]
    assert listed(visitor, month="2026-07", audience="both") == ["合同研修"]


def test_a_month_is_a_month_in_japan(site, visitor):
    first = datetime(2026, 7, 1, tzinfo=TOKYO)
    for title, start in (("六月", first - timedelta(minutes=1)), ("七月", first)):
        with site.app_context():
            a_sitting(an_event(title=title), starts_at=start, ends_at=start + timedelta(hours=2))
    assert listed(visitor, month="2026-06") == ["六月"]
    assert listed(visitor, month="2026-07") == ["七月"]


def test_december_ends_with_the_year(site, visitor):
    an_evening(site, "大晦日", days=(datetime(2026, 12, 31, 1, tzinfo=UTC) - NOW) / DAY)
    assert listed(visitor, month="2026-12") == ["大晦日"]
    assert listed(visitor, month="2027-01") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"month": "2026-13"}, {"month": "x"}, {"month": "2026-6"}, {"audience": "aliens"}, {"when": "never"},
        {"page": "-1"}, {"page": "0"}, {"page": "x"}, {"page": "9" * 5000}, {"page": "１"}, {"unknown": "1"},
        {"series": ""}, {"q": "　"},
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_no_filter(quiet_visitor, asked):
    assert listed(quiet_visitor, **asked) == ["講座"]


@pytest.mark.parametrize("word", ["'", "\\", "%", "_", "--", "<script>", "🎉", "あ" * 5000])
def test_a_word_that_nothing_holds_finds_nothing_and_stays_in_its_field(quiet_visitor, word):
    assert listed(quiet_visitor, q=word) == []
    assert fields(quiet_visitor.get("/events/", query_string={"q": word}))["q"] == [word[:60]]


def test_the_next_page_keeps_the_filters(site, visitor):
    for n in range(23):
        an_evening(site, f"連続講座{n:02}", days=n + 1)
    an_evening(site, "別の講演", days=1)
    first = visitor.get("/events/?q=連続&month=2026-06")
    second = re.search(r'<a class="ts-pages__step" href="([^"]+)" rel="next"', first.text)
    assert second is not None
    address = second[1].replace("&amp;", "&")
    assert "q=" in address
    assert "month=2026-06" in address
    assert titles(visitor, address) == ["連続講座20", "連続講座21", "連続講座22"]
    assert len(listed(visitor)) == 20


def test_the_home_page_shows_what_is_open_however_much_comes_before_it(site, visitor):
    for n in range(21):
        an_evening(site, f"受付前{n:02}", days=n + 1, opens_at=NOW + 0.5 * DAY)
    an_evening(site, "受付中", days=40)
    assert titles(visitor, "/") == ["受付中"]
    assert "（22件）" in visitor.get("/").text
    with clock.fixed(NOW + 0.5 * DAY):
        assert titles(visitor, "/") == [f"受付前{n:02}" for n in range(6)]


def test_the_home_page_shows_only_what_one_can_apply_for(site, visitor):
    an_evening(site, "受付前", opens_at=NOW + DAY)
    an_evening(site, "受付終了", closes_at=NOW - timedelta(minutes=1))
    an_evening(site, "中止", status=EventStatus.CANCELLED)
    an_evening(site, "受付中")
    assert titles(visitor, "/") == ["受付中"]


def test_an_event_shows_its_seats_and_where_to_apply(site, visitor):
    address = form_of(site, capacity=3)
    page = visitor.get(address.removesuffix("apply/"))
    assert seats_left(page) == [3]
    assert address in page.text
    for _ in range(3):
        applied(site.test_client(), address)
    full = visitor.get(address.removesuffix("apply/"))
    assert seats_left(full) == [0]
    assert "キャンセル待ちに申し込む" in full.text


def test_nobody_is_offered_a_seat_that_somebody_waits_for(site, visitor):
    address = form_of(site, capacity=2)
    for companions in ("0", "1"):
        applied(site.test_client(), address, companions=companions)
    assert seats_left(visitor.get(address.removesuffix("apply/"))) == [0]


DRAFT = "内密の計画"


def test_a_draft_stands_nowhere(site, visitor):
    slug = an_evening(site, DRAFT, status=EventStatus.DRAFT, published_at=None)
    past = an_evening(site, DRAFT, status=EventStatus.DRAFT, days=-5)
    public = ["/", "/events/", "/calendar.ics", "/feed.atom", "/sitemap.xml", "/robots.txt", "/about/calendar/"]
    public += ["/events/?when=past", f"/events/?q={DRAFT}", "/events/?month=2026-06", "/events/?page=2"]
    with site.app_context():
        public.append(f"/series/{a_series().slug}.ics")
    for address in public:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert DRAFT not in answer.text.replace(f'value="{DRAFT}"', ""), address
        assert slug not in answer.text, address
    for one in (slug, past):
        for part in (f"/events/{one}/", f"/events/{one}.ics", f"/events/{one}/apply/", f"/events/{one}/handouts/1/"):
            for method in ("GET", "HEAD"):
                assert visitor.open(part, method=method).status_code == 404, part
        assert visitor.post(f"/events/{one}/apply/", data={"confirmed": "1"}).status_code == 404


def test_a_page_tells_nothing_of_those_who_applied(site, visitor):
    address = form_of(site)
    person = {"name": "玉島　次郎", "kana": "タマシマ　ジロウ", "email": "jiro@example.jp", "phone": "086-522-8112"}
    applied(site.test_client(), address, **person)
    slug = address.split("/")[2]
    for page in ("/", "/events/", f"/events/{slug}/", address, f"/events/{slug}.ics", "/calendar.ics", "/feed.atom"):
        shown = visitor.get(page).text
        assert not [secret for secret in ("玉島", "タマシマ", "jiro", "522-8112") if secret in shown], page


def test_a_called_off_event_says_so_and_takes_nobody(site, visitor):
    slug = an_evening(site, "講座", status=EventStatus.CANCELLED, cancel_reason="台風のため")
    page = visitor.get(f"/events/{slug}/")
    assert "台風のため" in page.text
    assert "/apply/" not in page.text
    assert "この研修会は中止になりました" in "".join(read(visitor.get(f"/events/{slug}/apply/")).text)


@pytest.mark.parametrize("page", ["help", "calendar", "privacy", "accessibility"])
def test_standing_pages_stand(quiet_visitor, page):
    assert quiet_visitor.get(f"/about/{page}/").status_code == 200


@pytest.mark.parametrize("address", ["/events/x/", "/events/x.ics", "/series/x.ics", "/events/%F0%9F/"])
def test_what_does_not_exist_is_not_found(quiet_visitor, address):
    assert quiet_visitor.get(address).status_code == 404
