"""Why somebody who waits has no seat yet, in one or two sentences for them and for the organizer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.events.types import LargeParties
from app.kernel.japanese_dates import stamp_text
from app.registrations.rules import Waiting, fits


@dataclass(frozen=True, slots=True)
class Line:
    """Everybody who waits for a seat of a sitting, in order, and how the sitting stands.

    `by_phone`: seats are given by telephone now. `open_until`: the earliest end of an offer to somebody before them.
    """

    queue: Sequence[Waiting]
    free: int | None
    large: LargeParties
    begun: bool
    by_phone: bool
    open_until: datetime | None


def why(line: Line, seats: int, *, is_first: bool) -> str:
    """The reason for a party of `seats` that waits in `line`."""
    if line.begun:
        return "開始時刻を過ぎたため、繰上げは終わりました。"
    if line.by_phone:
        return _no_seat(line, seats) + "開催が近いため、席をご用意できる方には、担当から順番にお電話します。"
    if line.large is LargeParties.WAIT and not is_first and line.free != 0:
        return "先にお待ちの方の席がそろうまで、お待ちいただいています。" + _offered(line)
    return _no_seat(line, seats) + _offered(line)


def reasons(line: Line) -> dict[int, str]:
    """The reason for each of them, by registration."""
    return {one.id: why(line, one.seats, is_first=number == 0) for number, one in enumerate(line.queue)}


def _no_seat(line: Line, seats: int) -> str:
    if line.free == 0:
        return "空いている席がありません。"
    if not fits(line.free, seats):
        return f"空いている席は{line.free}席で、{seats}人分に足りません。"
    return ""


def _offered(line: Line) -> str:
    if line.open_until is None:
        return ""
    return f"先にお待ちの方に席をご案内しています。回答の期限は{stamp_text(line.open_until)}です。"
