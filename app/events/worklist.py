"""What an organizer should do something about, and what is coming up. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.events.types import EventRow, EventStatus, SittingRow
from app.kernel.japanese_dates import local_date

PUBLISH_BEFORE = timedelta(days=45)
DECIDE_BEFORE = timedelta(days=30)
MOST_COMING = 8


class Kind(StrEnum):
    """What there is to do."""

    FINISH = "finish"
    DRAW = "draw"
    PUBLISH = "publish"
    DATES = "dates"
    VENUE = "venue"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to look at, with the sentence that says why."""

    event: EventRow
    kind: Kind
    text: str


def tasks(events: Sequence[EventRow], now: datetime, *, undrawn: Collection[int] = ()) -> list[Task]:
    """The most pressing thing of each event, in the order of `events`; nothing for those that run by themselves.

    `undrawn` names the events whose list of entries is closed and that are not drawn yet.
    """
    found = (_draw(event, now) if event.id in undrawn else _task(event, now) for event in events)
    return [task for task in found if task is not None]


def coming(events: Sequence[EventRow], now: datetime) -> list[tuple[EventRow, SittingRow]]:
    """The next published sittings, by date."""
    published = [event for event in events if event.status is EventStatus.PUBLISHED]
    sittings = [(event, sitting) for event in published for sitting in event.sittings if sitting.ends_at > now]
    return sorted(sittings, key=lambda pair: (pair[1].starts_at, pair[1].id))[:MOST_COMING]


def _draw(event: EventRow, now: datetime) -> Task | None:
    if event.starts_at is None or event.starts_at <= now:
        return _task(event, now)
    days = _days(event.starts_at, now)
    return Task(event, Kind.DRAW, f"申込みを締め切りました。開催まであと{days}日です。抽選をしてください。")


def _task(event: EventRow, now: datetime) -> Task | None:
    checks: tuple[tuple[Kind, Callable[[EventRow, datetime], str]], ...] = (
        (Kind.FINISH, _over),
        (Kind.DATES, _undated),
        (Kind.PUBLISH, _unpublished),
        (Kind.VENUE, _nowhere),
        (Kind.WAITING, _waited_for),
    )
    for kind, check in checks:
        text = check(event, now)
        if text:
            return Task(event, kind, text)
    return None


def _over(event: EventRow, now: datetime) -> str:
    if event.status is EventStatus.PUBLISHED and event.ends_at is not None and event.ends_at <= now:
        return "すべての回が終わりました。出欠を確かめて、「終了」にしてください。"
    return ""


def _undated(event: EventRow, _now: datetime) -> str:
    return "" if event.sittings else "日時と会場がまだ入力されていません。"


def _unpublished(event: EventRow, now: datetime) -> str:
    if event.status is not EventStatus.DRAFT or event.starts_at is None:
        return ""
    if event.starts_at <= now:
        return "開催の日を過ぎた下書きです。日付を直すか、削除してください。"
    if event.starts_at - now > PUBLISH_BEFORE:
        return ""
    return f"開催まであと{_days(event.starts_at, now)}日です。まだ公開していません。"


def _nowhere(event: EventRow, now: datetime) -> str:
    soon = [s for s in event.sittings if s.venue is None and now < s.starts_at <= now + DECIDE_BEFORE]
    return f"開催まであと{_days(soon[0].starts_at, now)}日です。会場が決まっていません。" if soon else ""


def _waited_for(event: EventRow, now: datetime) -> str:
    waiting = sum(sitting.waiting for sitting in event.offered if sitting.starts_at > now)
    return f"キャンセル待ちが{waiting}件あります。" if waiting else ""


def _days(until: datetime, now: datetime) -> int:
    return (local_date(until) - local_date(now)).days
