"""Pure decisions about attendance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from app.attendance.errors import CountDiffers, PartyTooLarge, SomeUnmarked
from app.attendance.types import Order, Presence, Totals
from app.events.audiences import Category
from app.kernel import text
from app.kernel.japanese_dates import local_date

# Larger groups of walk-ins are a slip of the finger.
LARGEST_WALK_IN = 50
# The first letters of the blocks of 五十音; what follows a letter up to the next one belongs to its block.
_ROWS = "アカサタナハマヤラワ"

T = TypeVar("T")


def day_has_come(starts_at: datetime, now: datetime) -> bool:
    """True from midnight in Japan of the day of the sitting."""
    return local_date(now) >= local_date(starts_at)


def in_order(rows: Iterable[T], order: Order, affiliation: Callable[[T], str]) -> list[T]:
    """`rows`, which are in フリガナ order, in `order`; who gave no affiliation comes last."""
    if order is Order.KANA:
        return list(rows)
    return sorted(rows, key=lambda row: (affiliation(row) == "", affiliation(row)))


def kana_block(kana: str) -> str:
    """The block of 五十音 that a reading belongs to: ガ行 counts as カ行; Latin letters are その他."""
    first = text.kana_order(kana)[:1]
    below = [row for row in _ROWS if row <= first <= "ン"]
    return f"{below[-1]}行" if below else "その他"


def people_who_came(presence: Presence, people: int | None, seats: int) -> int:
    """How many of a party of `seats` a mark counts: all unless told otherwise, nobody of those who did not come.

    Raises PartyTooLarge.
    """
    if not presence.came:
        return 0
    if people is None:
        return seats
    if not 1 <= people <= seats:
        raise PartyTooLarge(
            f"来場人数は1人から申込みの{seats}人までで入力してください。増えた方は当日受付に入力してください。"
        )
    return people


def tally(
    marks: Iterable[tuple[Category, Presence | None, int]],
    walk_ins: Iterable[tuple[Category, int]],
    headcount: Mapping[Category, int],
) -> Totals:
    """Totals from marks of registrations (None: not marked yet), walk-ins and plain numbers."""
    people: Counter[Category] = Counter(headcount)
    presences: Counter[Presence | None] = Counter()
    for category, presence, came in marks:
        presences[presence] += 1
        if presence is not None and presence.came:
            people[category] += came
    unannounced = 0
    for category, came in walk_ins:
        people[category] += came
        unannounced += came
    return Totals(
        by_category={c: people[c] for c in Category if people[c]},
        walk_ins=unannounced,
        absent=presences[Presence.ABSENT],
        excused=presences[Presence.EXCUSED],
        unmarked=presences[None],
    )


def check_complete(totals: Totals, sheet_count: int | None) -> None:
    """Say no to closing while the record and the paper do not agree. Raises SomeUnmarked, CountDiffers."""
    if totals.unmarked:
        raise SomeUnmarked(
            f"まだ入力していない方が{totals.unmarked}件あります。入力するか、「未入力の方を欠席にする」を選んでください。"
        )
    if sheet_count is not None and sheet_count != totals.people:
        raise CountDiffers(
            f"名簿で数えた人数（{sheet_count}人）と入力した来場人数（{totals.people}人）が合いません。"
            "名簿と入力のどちらかを確かめて、直してください。"
        )
