"""Two kinds of message for tests, and how to write them down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.delivery import outbox
from app.delivery.rendering import renders, still_wanted
from app.delivery.types import CalendarEntry, Message, Method, Rendered
from app.infra.db import transaction

NOW = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)


def an_entry(**changes: object) -> CalendarEntry:
    start = datetime(2026, 6, 2, 4, 30, tzinfo=UTC)
    values = {
        "uid": "abc-1@tsudoi.example.jp",
        "sequence": 0,
        "method": Method.REQUEST,
        "status": "CONFIRMED",
        "starts_at": start,
        "ends_at": start + timedelta(hours=3),
        "summary": "第1回 地域づくり研修会",
        "location": "市民交流センター 大会議室, 本町1-1",
        "description": "次第\n1 開会\n2 講演; 質疑",
        "url": "https://tsudoi.example.jp/r/secret/",
        "organizer_name": "市民活動推進課",
        "organizer_email": "kyodo@city.example.jp",
        "attendee_name": "𠮷田　花子",
        "attendee_email": "hanako@example.jp",
        "partstat": "ACCEPTED",
        "created_at": NOW,
        "modified_at": NOW,
        "stamp_at": NOW,
        "geo": (34.585, 133.772),
    }
    return CalendarEntry(**(values | changes))


@renders("test.note", "お知らせ")
def _note(payload):
    return Rendered(f"【お知らせ】{payload.get('n', '')}", "本文です。\n", "<p>本文です。</p>")


@renders("test.invitation", "申込確定")
def _invitation(payload):
    return Rendered(
        "【申込確定】第1回 地域づくり研修会",
        "参加が確定しました。\n",
        "<p>参加が確定しました。</p>",
        an_entry(),
        reply_to="kyodo@city.example.jp",
        from_name="倉敷市 市民活動推進課",
    )


@renders("test.broken")
def _broken(payload):
    raise ValueError("cannot be rendered")


@renders("test.reminder")
def _reminder(payload):
    return _note(payload)


@still_wanted("test.reminder")
def _still_coming(payload):
    return bool(payload["coming"])


def a_message(n: int = 1, **changes: object) -> Message:
    values = {
        "kind": "test.note",
        "thread": f"registration:{n}",
        "to_name": "𠮷田　花子",
        "to_email": f"p{n}@example.jp",
        "payload": {"n": n},
    }
    return Message(**(values | changes))


@transaction
def write_down(*messages: Message, now: datetime = NOW) -> list[int]:
    return [outbox.enqueue(message, now=now) for message in messages]
