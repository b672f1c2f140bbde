"""What strangers type, ask and send stands on pages and in mails as text, and decides no address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.test import TestResponse

from app.delivery import rendering
from app.events.models import AgendaItem, Handout, Speaker
from app.events.types import EventStatus
from app.infra.db import db
from tests.factories import a_series, a_sitting, a_venue, an_event
from tests.public.conftest import form_of
from tests.public.door import PERSON, applied, filled_in, rows
from tests.staff import post

EVIL = "\"'><evil-tag onload=x></title></textarea></script>{{7*7}}${7*7}<evil-tag>"
BASE = "https://tsudoi.example.jp"


class Suspicious(HTMLParser):
    """Finds what a page may never hold: tags and attributes that came from text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "evil-tag":
            self.found.append(tag)
        for name, value in attrs:
            leads = name in {"href", "src", "action", "formaction"}
            if name.startswith("on") or (leads and (value or "").strip().lower().startswith("javascript:")):
                self.found.append(f"{tag} {name}={value}")


def suspicious(page: str) -> list[str]:
    return Suspicious(page).found + (["49"] if "${49}" in page or ">49<" in page else [])


def an_evil_event(site: Flask, number: int = 0, status: EventStatus = EventStatus.PUBLISHED) -> str:
    """An event with the payload in every field of text; its slug."""
    event_texts = ("title", "summary", "audience_note", "section", "organizer", "contact_phone", "contact_fax", "fee")
    event_texts += ("contact_email", "bring", "purpose", "cancel_reason")
    venue_texts = ("name", "address", "access", "parking", "barrier_free")
    with site.app_context():
        series = a_series(title=f"事業{EVIL}", description=EVIL).id
        event = an_event(
            **dict.fromkeys(event_texts, EVIL),
            asks_affiliation=True,
            asks_district=True,
            series_id=series,
            status=status,
        )
        a_sitting(event, label=EVIL, venue_id=a_venue(**dict.fromkeys(venue_texts, EVIL), room=f"{EVIL}{number}").id)
        item = AgendaItem(event_id=event.id, position=1, kind=EVIL, title=EVIL)
        db.session.add(item)
        db.session.flush()
        for of in (item.id, None):
            who = {"name": EVIL, "affiliation": EVIL, "title": EVIL}
            db.session.add(Speaker(event_id=event.id, agenda_item_id=of, position=1, **who))
        file = {"title": EVIL, "file_name": f"{EVIL}.pdf", "media_type": "application/pdf", "size": 1}
        db.session.add(Handout(event_id=event.id, file_key="k" * (number + 1), **file))
        db.session.commit()
        return event.slug


def test_what_organizers_write_is_text_on_every_page(site, visitor):
    statuses = (EventStatus.PUBLISHED, EventStatus.CANCELLED, EventStatus.FINISHED)
    slugs = [an_evil_event(site, n, status) for n, status in enumerate(statuses)]
    pages = ["/", "/events/", "/events/?when=past", "/about/calendar/"]
    pages += [f"/events/{slug}/{part}" for slug in slugs for part in ("", "apply/")]
    for address in pages:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert not suspicious(answer.text), address
    shown = visitor.get(f"/events/{slugs[0]}/").text
    assert shown.count("&lt;evil-tag onload=x&gt;") >= 15
    assert "{{7*7}}" in shown


def test_what_residents_write_is_text_on_every_page(site, visitor):
    address = f"/events/{an_evil_event(site)}/apply/"
    typed = {"name": EVIL[:60], "affiliation": EVIL, "district": EVIL[:60], "needs_note": EVIL}
    refused = visitor.post(address, data={**filled_in(visitor, address, **typed), "consent": ""})
    confirm = visitor.post(address, data=filled_in(visitor, address, **typed))
    own = applied(visitor, address, **typed)
    answers = [refused, confirm] + [visitor.get(own + part) for part in ("", "done/", "change/", "cancel/")]
    answers.append(
        post(visitor, own + "change/", **{**typed, "name": EVIL * 2, "kana": EVIL, "email": EVIL, "phone": EVIL})
    )
    answers.append(post(visitor, own + "cancel/", reason=EVIL * 20))
    post(visitor, own + "cancel/", reason=EVIL)
    answers.append(visitor.get(own))
    for answer in answers:
        assert not suspicious(answer.text), answer.request.path
        assert "&lt;evil-tag" in answer.text, answer.request.path


@pytest.mark.parametrize("field", ["name", "kana", "email", "phone", "companions", "sitting", "submission_id", "needs"])
def test_what_is_refused_is_shown_as_text(quiet_visitor, quiet_form, field):
    answer = quiet_visitor.post(quiet_form, data={**filled_in(quiet_visitor, quiet_form), field: EVIL})
    assert answer.status_code == 422
    assert not suspicious(answer.text)


@pytest.mark.parametrize("name", ["q", "series", "month", "audience", "when", "page", "anything", EVIL])
def test_what_is_searched_for_is_shown_as_text(quiet_visitor, name):
    for value in (EVIL, "javascript:alert(1)"):
        answer = quiet_visitor.get("/events/", query_string={name: value})
        assert answer.status_code == 200
        assert not suspicious(answer.text)


class Links(HTMLParser):
    """The addresses that a mail leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in {"href", "src"}]


def hrefs(page: str) -> list[str]:
    reader = Links()
    reader.feed(page)
    return reader.found


class Forger(FlaskClient):
    """A browser behind a hostile proxy, at the address of the configuration."""

    forged: Mapping[str, str] = {}

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return super().open(*args, base_url=BASE, headers=dict(self.forged), **more)


def mails(site: Flask) -> list[tuple[str, str, str]]:
    """Subject, text and HTML of each message, as it would leave now."""
    with site.app_context():
        made = [rendering.render(m["kind"], m["payload"]) for m in rows(site, "outbound_message")]
        return [(mail.subject, mail.text, mail.html) for mail in made]


@pytest.mark.parametrize(
    "name",
    [
        "<a href=//evil>確認</a>",
        "[x](http://evil.example)",
        "{url}",
        "{{7*7}}",
        "{event.__class__}",
        "http://evil.example",
    ],
)
def test_a_name_is_text_in_the_mail_and_never_a_link_or_a_template(site, visitor, form, name):
    applied(visitor, form, name=name)
    subject, plain, html = mails(site)[0]
    kept = rows(site, "registration")[0]["name"]
    assert kept.replace("\u3000", " ") == name
    assert kept not in subject
    assert f"{kept} 様" in plain
    assert not [href for href in hrefs(html) if "evil" in href]
    assert escape(kept) in html


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\u0085", "\u2028", "\x0b", "\x00", "%0d%0a"])
def test_no_line_break_gets_into_a_header(site, visitor, form, break_):
    sent = filled_in(
        visitor, form, name=f"倉敷{break_}Bcc: x@evil.example", email=f"a@example.jp{break_}Bcc:x@evil.example"
    )
    answer = visitor.post(form, data={**sent, "confirmed": "1"})
    assert answer.status_code in {400, 422}
    sent["email"] = "a@example.jp"
    if visitor.post(form, data={**sent, "confirmed": "1"}).status_code == 303:
        kept = rows(site, "outbound_message")[0]
        assert kept["to_email"] == "a@example.jp"
        assert not re.search(r"[\r\n\u0085\u2028\x0b\x00]", kept["to_name"])


FORGED = [
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/evil.example"},
    {"Forwarded": "host=evil.example;proto=http", "X-Original-URL": "/evil.example", "X-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example", "X-Rewrite-URL": "http://evil.example/", "Referer": "http://evil.example/"},
]


# Where a sitting can be put into somebody's own calendar, the licence of the open data, the words of JSON-LD.
FOREIGN = {
    "https://calendar.google.com",
    "https://outlook.live.com",
    "https://creativecommons.org",
    "https://schema.org",
}


@pytest.mark.parametrize("headers", FORGED)
def test_links_come_from_the_configuration_whatever_the_request_says(make_site, headers):
    site = make_site(base_url=BASE)
    form = form_of(site)
    client = Forger(site, site.response_class)
    client.forged = headers
    own = applied(client, form)
    slug = form.split("/")[2]
    pages = ["/", "/events/?q=x&page=2", f"/events/{slug}/", form, own, own + "done/", "/about/calendar/", "/nothing"]
    pages += [
        "/calendar.ics",
        f"/events/{slug}.ics",
        "/feed.atom",
        "/sitemap.xml",
        "/robots.txt",
        own + "invitation.ics",
    ]
    answers = [client.get(address) for address in pages]
    texts = [answer.text.replace("\r\n ", "") for answer in answers]
    texts += [part for mail in mails(site) for part in mail]
    for text in texts:
        assert "evil.example" not in text
        links = set(re.findall(r"https?://[^/\"'<>\s\\]+", text)) - {"http://www.w3.org", "http://www.sitemaps.org"}
        assert links <= {BASE, *FOREIGN}, links
    for answer in answers:
        assert "evil.example" not in str(answer.headers)


@pytest.mark.parametrize(
    "host", ["evil.example", "tsudoi.example.jp.evil.example", "tsudoi.example.jp@evil.example", "x y"]
)
def test_a_request_for_another_host_is_refused(make_site, host):
    site = make_site(base_url=BASE)
    form = form_of(site)
    for address in ("/", "/events/", form, "/calendar.ics", "/feed.atom"):
        answer = site.test_client().get(address, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text
    assert site.test_client().post(form, data=PERSON, headers={"Host": host}).status_code == 400
    assert rows(site, "registration") == []


@pytest.mark.parametrize(
    "address", ["//evil.example", "//evil.example/events", "/\\evil.example", "/events//evil.example"]
)
def test_no_redirect_leads_elsewhere(quiet_visitor, address):
    answer = quiet_visitor.get(address)
    location = answer.headers.get("Location", "/")
    assert not location.startswith(("//", "/\\", "http://evil", "https://evil"))
