"""A message to look at: `flask mail check` shows with it what this installation would send."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.delivery.mailer import mailer
from app.delivery.mime import Letter
from app.delivery.rendering import mail_text
from app.delivery.sender import sender
from app.delivery.types import CalendarEntry, Method, Rendered
from app.infra import tokens
from app.infra.links import links


def letter(address: str, *, now: datetime) -> Letter:
    """A letter to `address` with all its parts, never sent. Raises BadAddress."""
    context = {"server": mailer.server or "instance/outbox/", "base_url": links.base_url, "now": now}
    subject, plain, html = mail_text("delivery", "specimen", context)
    start = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    entry = CalendarEntry(
        uid=f"specimen-1@{links.host}",
        sequence=0,
        method=Method.REQUEST,
        status="CONFIRMED",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        summary="見本の研修会",
        location="見本会館 第1会議室",
        description="送信される内容を確かめるための見本です。",
        url=links.base_url,
        organizer_name=sender.name,
        organizer_email=sender.address,
        attendee_name="見本 太郎",
        attendee_email=address,
        partstat="ACCEPTED",
        created_at=now,
        modified_at=now,
        stamp_at=now,
    )
    return Letter(
        Rendered(subject, plain, html, entry),
        to_name="見本　太郎",
        to_email=address,
        message_id=f"<{tokens.random_id()}@{links.host}>",
        earlier=[],
        written_at=now,
        at=now,
    )
