"""A message to many through a real mail server: what arrives is what the preview showed."""

from __future__ import annotations

from html import unescape

from app.delivery.sending import send_due
from app.events import mailing
from app.events import queries as events
from app.events.drafts import Upload
from app.events.wordings import MailSender
from app.infra import clock
from app.infra.db import db
from app.registrations import bulk, previews, queries, writing
from app.registrations.recipients import Group
from app.registrations.writing import BulkDraft
from tests.factories import NOW, ORGANIZER, a_sitting, apply_for

BY = {"by": ORGANIZER, "now": NOW}
HOSTILE = "{url} {{7*7}} <i>花子</i>, x@evil.example"


def test_each_person_gets_just_what_the_preview_showed_from_the_address_of_the_installation(sink, time):
    time.now = NOW
    sitting = a_sitting()
    event_id, places = sitting.event_id, [apply_for(sitting, name=name) for name in (HOSTILE, "乙")]
    mailing.set_sender(event_id, MailSender("研修会事務局", "jimu@example.jp"), **BY)
    bulk_id = writing.begin(event_id, BulkDraft("{name}様へ", "{name}様\n\n駐車場は東側です。", Group()), **BY)
    writing.attach(bulk_id, Upload("", "駐車場の地図.pdf", b"%PDF-1.7"), **BY)
    writing.try_out(bulk_id, to_name="担当", to_email="tantou@city.example.jp", **BY)
    writing.send(bulk_id, version=2, expected=2, **BY)
    with clock.fixed(NOW):
        sent_all(time)
        person = queries.by_token(places[0].token, now=NOW)
        shown = previews.preview(events.by_id(event_id), "bulk", bulk.one(bulk_id).wording, person)
    mine = [
        one for one in sink.received if one.message["Subject"].endswith("様へ") and "evil" in one.message["Subject"]
    ]
    (received,) = mine
    mail = received.message
    assert received.recipients == [person.details.email]
    assert (mail["From"], mail["Reply-To"]) == ("研修会事務局 <tsudoi@example.jp>", "jimu@example.jp")
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    shown_text = shown.text.replace("/r/mihon/", f"/r/{places[0].token}/")
    assert text.replace("\r\n", "\n") == shown_text
    assert html.replace("\r\n", "\n") == shown.html.replace("/r/mihon/", f"/r/{places[0].token}/")
    assert f"{HOSTILE}様" in text
    assert f"{HOSTILE}様" in unescape(html)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["駐車場の地図.pdf"]
    assert [one.recipients for one in sink.received].count([person.details.email]) == 2  # the confirmation, and this


def sent_all(time) -> None:
    db.session.rollback()
    assert send_due(time) == 5  # two confirmations, the test mail, two of the message
