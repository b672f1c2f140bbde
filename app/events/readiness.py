"""What an event needs before it can be published, and what an organizer should look at. Pure."""

from __future__ import annotations

from datetime import datetime

from app.events import admission
from app.events.types import EventRow


def missing(event: EventRow, now: datetime) -> list[str]:
    """What residents must be told and is not there yet, in words. A past event needs nothing but its dates."""
    if not event.sittings:
        return ["日時（回）"]
    if event.ends_at is not None and event.ends_at <= now:
        return []
    needed = (
        ("問合せ先の電話番号またはメールアドレス", event.contact_phone or event.contact_email),
        ("申込みで集める個人情報の利用目的", event.purpose),
        ("申込みの受付開始", event.opens_at),
    )
    lacking = [*(word for word, value in needed if not value), *admission.lacking(event)]
    if event.completed_after is not None and event.completed_after > len(event.sittings):
        lacking.append(f"修了に必要な出席の回数（{len(event.sittings)}回までにします）")
    return lacking


def cautions(event: EventRow, now: datetime) -> list[str]:
    """What is allowed but often a slip, as sentences."""
    found = []
    starts_at = event.starts_at
    if starts_at is not None and starts_at <= now:
        found.append("最初の回の開始時刻を過ぎています。")
    elif event.closes_at is not None and event.closes_at <= now:
        found.append("申込みの締切を過ぎています。")
    if starts_at is not None and event.closes_at is not None and event.closes_at > starts_at:
        found.append("申込みの締切が、最初の回の開始より後です。回の開始後は、その回の申込みを受け付けません。")
    if any(sitting.venue is None for sitting in event.sittings):
        found.append("会場の決まっていない回があります。")
    if any(sitting.capacity is None for sitting in event.sittings):
        found.append("定員のない回があります。人数に限りがあるときは定員を入れてください。")
    return found
