"""Why somebody who waits has no seat yet, in one or two sentences for them and for the organizer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.events.choices import LargeParties
from app.kernel.japanese_dates import stamp_text
from app.registrations.free_seats import FreeSeats
from app.registrations.rules import Waiting


@dataclass(frozen=True, slots=True)
class Line:
    """Everybody who waits for a seat of a sitting, in order, and how the sitting stands.

    `by_phone`: seats are given by telephone now. `open_until`: the earliest end of an offer to somebody before them.
    """

    queue: Sequence[Waiting]
    free: FreeSeats
    large: LargeParties
    begun: bool
    by_phone: bool
    open_until: datetime | None


def why(line: Line, one: Waiting, *, is_first: bool) -> str:
    """The reason for `one` who waits in `line`."""
    if line.begun:
        return "開始時刻を過ぎたため、繰上げは終わりました。"
    if line.by_phone:
        return _no_seat(line.free, one) + "開催が近いため、席をご用意できる方には、担当から順番にお電話します。"
    if line.large is LargeParties.WAIT and not is_first and line.free.of(one.category) != 0:
        return "先にお待ちの方の席がそろうまで、お待ちいただいています。" + _offered(line)
    return _no_seat(line.free, one) + _offered(line)


def reasons(line: Line) -> dict[int, str]:
    """The reason for each of them, by registration."""
    return {one.id: why(line, one, is_first=number == 0) for number, one in enumerate(line.queue)}


def _no_seat(free: FreeSeats, one: Waiting) -> str:
    if free.fit(one.category, one.seats):
        return ""
    if free.of(one.category):
        return f"空いている席は{free.of(one.category)}席で、{one.seats}人分に足りません。"
    return "空いている席は、ほかの参加区分の方の枠です。" if free.total else "空いている席がありません。"


def _offered(line: Line) -> str:
    if line.open_until is None:
        return ""
    return f"先にお待ちの方に席をご案内しています。回答の期限は{stamp_text(line.open_until)}です。"
