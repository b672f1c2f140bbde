"""How a message to many reads: by mail to each of its people, and as the test mail to its author."""

from __future__ import annotations

from collections.abc import Mapping

from app.delivery.rendering import renders
from app.delivery.types import Attachment, Rendered
from app.events import mailing
from app.events import queries as events
from app.events.types import EventRow
from app.infra import clock
from app.kernel.types import JSON
from app.registrations import bulk, previews, queries
from app.registrations.renderings import composed
from app.registrations.writing import KIND, TEST_KIND

TEMPLATE = "bulk"


def _to_one(payload: Mapping[str, JSON]) -> Rendered:
    registration, token = queries.with_link(int(str(payload["registration"])))
    event = events.one(registration.event_slug)
    wording, files = bulk.content(int(str(payload["bulk"])))
    subject, text, html = composed(TEMPLATE, payload, registration, event, wording, token)
    return _rendered((subject, text, html), event, files)


def _to_author(payload: Mapping[str, JSON]) -> Rendered:
    event = events.by_id(int(str(payload["event"])))
    wording, files = bulk.content(int(str(payload["bulk"])))
    shown = previews.preview(event, TEMPLATE, wording, previews.specimen(event, now=clock.now()))
    return _rendered((shown.subject, shown.text, shown.html), event, files)


def _rendered(said: tuple[str, str, str], event: EventRow, files: tuple[Attachment, ...]) -> Rendered:
    sender = mailing.sender_of(event.id)
    reply_to = sender.reply_to or event.contact_email or None
    return Rendered(*said, reply_to=reply_to, from_name=sender.name or event.section, attachments=files)


def register() -> None:
    """Tell the delivery room how both read."""
    renders(KIND, "担当者からのお知らせ")(_to_one)
    renders(TEST_KIND, "お知らせの試し送り")(_to_author)
