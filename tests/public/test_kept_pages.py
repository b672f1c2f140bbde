"""Pages that are kept are never old: what changes is on the very next answer, in every process."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.accounts.permissions import Role
from app.events import catalogue, queries
from app.events.drafts import SeriesDetails
from app.infra import clock
from app.registrations import meetings
from tests.factories import NOW, ORGANIZER, a_sitting, an_event
from tests.public.conftest import form_of
from tests.public.door import applied, rows, seats_left, statements
from tests.staff import post, signed_in


def nonce_of(answer) -> str:
    return re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]


def without_nonce(answer) -> str:
    return re.sub(r'nonce="[^"]*"', "", answer.text)


def event_page(form: str) -> str:
    return form.removesuffix("apply/")


@pytest.fixture(params=["/", "/events/", "event"])
def page(request, form) -> str:
    """Each page that is kept."""
    return event_page(form) if request.param == "event" else request.param


def test_a_seat_taken_is_gone_on_the_very_next_page_in_every_process(make_site, database_url):
    here, there = make_site(database_url=database_url), make_site(database_url=database_url)
    address = form_of(here, capacity=3)
    readers = [here.test_client(), there.test_client()]
    own = ""
    for left in (3, 2, 1):
        for reader in readers:
            assert seats_left(reader.get(event_page(address))) == [left]
            assert seats_left(reader.get(event_page(address))) == [left]
            for listing in ("/", "/events/"):
                assert f"残り{left}席" in reader.get(listing).text
        own = applied(there.test_client(), address)
    assert post(readers[1], own + "cancel/").status_code == 303
    assert [seats_left(reader.get(event_page(address))) for reader in readers] == [[1], [1]]


def test_a_second_look_asks_the_database_one_question(site, visitor, page):
    visitor.get(page)
    with statements(site) as seen:
        assert visitor.get(page).status_code == 200
    assert len(seen) <= 1


def test_each_answer_has_a_nonce_of_its_own_that_stands_at_its_scripts(visitor, page):
    seen = set()
    for _ in range(20):
        answer = visitor.get(page)
        nonce = nonce_of(answer)
        assert set(re.findall(r'<script type="module"[^>]*nonce="([^"]*)"', answer.text)) == {nonce}
        seen.add(nonce)
    assert len(seen) == 20


def test_who_has_the_page_already_gets_no_body_and_no_new_policy(visitor, page):
    etag = visitor.get(page).headers["ETag"]
    for known in (etag, f'"other", {etag}', "*", etag.removeprefix("W/")):
        answer = visitor.get(page, headers={"If-None-Match": known})
        assert (answer.status_code, answer.data) == (304, b""), known
        # The browser would put it onto the page that it kept, whose scripts carry an older nonce.
        assert "Content-Security-Policy" not in answer.headers
        assert answer.headers["ETag"] == etag
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert visitor.get(page, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_page_that_changed_is_sent_again(visitor, form, page):
    etag = visitor.get(page).headers["ETag"]
    applied(visitor, form)
    answer = visitor.get(page, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag


def test_looking_at_the_head_is_looking_at_the_page(visitor, page):
    head = visitor.head(page)
    whole = visitor.get(page)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == whole.headers[name]


def words(client: FlaskClient, address: str) -> str:
    return re.search(r"受付前|受付中|残りわずか|受付終了|キャンセル待ち受付中|終了", client.get(address).text)[0]


def test_the_page_opens_and_closes_by_the_clock_alone(site, visitor):
    opens, closes = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    with site.app_context():
        event = an_event(opens_at=opens, closes_at=closes)
        sitting = a_sitting(event, capacity=100)
        address, begins, ends = f"/events/{event.slug}/", sitting.starts_at, sitting.ends_at
    second = timedelta(seconds=1)
    story = [
        (opens - second, "受付前"), (opens, "受付中"), (closes - second, "受付中"), (closes, "受付終了"),
        (begins, "受付終了"), (ends - second, "受付終了"), (ends, "終了"),
    ]  # fmt: skip
    for moment, word in story:
        with clock.fixed(moment):
            for _ in range(2):
                assert words(visitor, address) == word, moment
                assert ("/apply/" in visitor.get(address).text) is (word == "受付中")
                if moment < ends:
                    assert words(visitor, "/events/").startswith(word)
                assert ("ts-teaser" in visitor.get("/").text) is (word == "受付中")


def test_what_is_over_leaves_the_list_by_the_clock_alone(site, visitor):
    with site.app_context():
        sitting = a_sitting(an_event(title="きょうの講座"))
        ends = sitting.ends_at
    for moment, listed in ((ends - timedelta(seconds=1), True), (ends, False)):
        with clock.fixed(moment):
            assert ("きょうの講座" in visitor.get("/events/").text) is listed


def test_staff_who_are_signed_in_get_the_same_page(site, visitor, page):
    staff = signed_in(site, Role.ORGANIZER)
    own, shown = staff.get(page), visitor.get(page)
    assert without_nonce(own) == without_nonce(shown)
    for answer in (own, shown):
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=5"
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers


def test_an_edit_by_the_organizer_is_on_the_next_page(site, visitor, form):
    pages = ("/events/", event_page(form))
    for address in pages:
        visitor.get(address)
    starts_at = NOW + timedelta(days=33)
    with site.app_context():
        when = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
        meetings.reschedule(1, **when, venue_id=None, notify=False, by=ORGANIZER, now=NOW)
    for address in pages:
        assert "令和8年7月4日" in visitor.get(address).text
    with site.app_context():
        meetings.call_off(1, "台風のため", notify=False, by=ORGANIZER, now=NOW)
    for address in pages:
        assert "中止" in visitor.get(address).text


def test_a_series_can_be_chosen_a_minute_after_it_was_named(site, visitor, form):
    series_id = None
    for minute, title in enumerate(("新しい事業", "名を改めた事業")):
        with clock.fixed(NOW + timedelta(minutes=minute)):
            visitor.get("/events/")
        with site.app_context():
            details = SeriesDetails(slug="atarashii", title=title)
            series_id = catalogue.save_series(details, series_id=series_id, by=ORGANIZER, now=NOW)
        with clock.fixed(NOW + timedelta(minutes=minute + 1)):
            assert title in visitor.get("/events/").text


def test_a_filtered_list_does_not_take_the_place_of_the_whole_one(visitor, form):
    whole = without_nonce(visitor.get("/events/"))
    assert without_nonce(visitor.get("/events/?q=nothing")) != whole
    assert without_nonce(visitor.get("/events/")) == whole


def test_pages_that_do_not_exist_are_not_kept(site, visitor):
    for _ in range(3):
        assert visitor.get("/events/later/").status_code == 404
    with site.app_context():
        a_sitting(an_event(slug="later"))
    assert visitor.get("/events/later/").status_code == 200
    assert len(rows(site, "event")) == 1


def test_a_kept_page_whose_database_went_away_is_an_error_page_with_an_id(site, visitor, form, monkeypatch):
    visitor.get(event_page(form))

    def lost(*_arguments: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(queries, "read_row", lost)
    answer = visitor.get(event_page(form))
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_kept_page_is_not_shown_under_a_foreign_name(visitor, page):
    visitor.get(page)
    assert visitor.get(page, headers={"Host": "evil.example"}).status_code == 400
