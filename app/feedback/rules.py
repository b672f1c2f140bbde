"""Pure decisions about feedback: when answers are taken, and which figures would say too much of one person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import product

from app.feedback.errors import WrongLastDay
from app.feedback.types import State
from app.kernel.japanese_dates import date_text, local_date
from app.questions.types import Kind, Question

# Fewer answers than this are not shown by themselves.
LEAST = 5
# How long after the event's end one may answer: what is asked a season later is not remembered.
LONGEST = timedelta(days=60)
USUAL = timedelta(days=14)
# More groups than this leave too few answers in each.
MOST_GROUPS = 12

Place = tuple[int, int]
Cells = Sequence[Sequence[int]]


def state(opens_at: datetime | None, last_day: date, now: datetime) -> State:
    """Open from the end of the first sitting until the end of the last day in Japan."""
    if local_date(now) > last_day:
        return State.CLOSED
    return State.OPEN if opens_at is not None and opens_at <= now else State.SOON


def too_late(ends_at: datetime | None, now: datetime) -> bool:
    """Whether the last day that a form of that event could have is over."""
    return ends_at is not None and local_date(now) > local_date(ends_at) + LONGEST


def check_last_day(last_day: date, ends_at: datetime, today: date) -> None:
    """Raises WrongLastDay."""
    held = local_date(ends_at)
    if last_day < max(held, today):
        raise WrongLastDay(f"{date_text(max(held, today))}以降の日付を入力してください。")
    if last_day > held + LONGEST:
        raise WrongLastDay(f"開催の{LONGEST.days}日後（{date_text(held + LONGEST)}）までの日付を入力してください。")


def breaks_down(question: Question) -> bool:
    """Whether others may be broken down by its answers: one choice among few, asked of everybody."""
    few = question.kind is Kind.YES_NO or (question.kind is Kind.SINGLE and len(question.options) <= MOST_GROUPS)
    return few and question.condition is None


def withheld(cells: Cells) -> frozenset[Place]:
    """The cells (row, column) of a table that are not shown, where the sums of its rows and columns are known.

    First each with fewer than five answers; then others, small ones first, until nobody can work out a withheld one
    from what is shown. What the sums alone say already, whatever is withheld, is not protected by this.
    """
    every = frozenset((row, column) for row, line in enumerate(cells) for column in range(len(line)))
    hidden = {(row, column) for row, column in every if cells[row][column] < LEAST}
    said_by_sums = {place for place in every if not _could_differ(cells, every, place)}
    while exposed := _first_exposed(cells, hidden, said_by_sums):
        hidden |= _hiding(cells, hidden, every - hidden - said_by_sums, exposed)
    return frozenset(hidden)


def _hiding(cells: Cells, hidden: Collection[Place], shown: Collection[Place], place: Place) -> set[Place]:
    """Cells of `shown` that, left out too, hide `place`: the smallest three that make a ring with it.

    Where none do, the smallest of all: step by step there will be a ring.
    """
    row, column = place
    best: tuple[int, set[Place]] | None = None
    for other, across in product(range(len(cells)), range(len(cells[0]))):
        corners = (place, (row, across), (other, column), (other, across))
        if other == row or across == column or not all(one in hidden or one in shown for one in corners):
            continue
        own, beside, below, opposite = (cells[at][over] for at, over in corners)
        added = {one for one in corners if one in shown}
        cost = sum(cells[at][over] for at, over in added)
        if added and ((beside and below) or (own and opposite)) and (best is None or cost < best[0]):
            best = cost, added
    return best[1] if best else {min(shown, key=lambda one: (cells[one[0]][one[1]], one))}


def _first_exposed(cells: Cells, hidden: Collection[Place], said_by_sums: Collection[Place]) -> Place | None:
    protected = (place for place in sorted(hidden) if place not in said_by_sums)
    return next((place for place in protected if not _could_differ(cells, hidden, place)), None)


def _could_differ(cells: Cells, free: Collection[Place], place: Place) -> bool:
    """Whether another table has the same sums, the same cells outside `free`, and another number at `place`.

    Two such tables differ by rings of cells that go up and down by turns, so it is enough to look for one ring.
    """
    return _ring(cells, free, place, up=True) or (cells[place[0]][place[1]] > 0 and _ring(cells, free, place, up=False))


def _ring(cells: Cells, free: Collection[Place], start: Place, *, up: bool) -> bool:
    """Whether `start` can go up (or down) by one: a way from its column back to its row over other free cells."""
    seen, waiting = {start[1]}, [start[1]]
    while waiting:
        column = waiting.pop()
        for row in _steps(cells, free, column, start, falls=up):
            if row == start[0]:
                return True
            onward = _columns(cells, free, row, falls=not up) - seen
            seen |= onward
            waiting += onward
    return False


def _steps(cells: Cells, free: Collection[Place], column: int, start: Place, *, falls: bool) -> Iterator[int]:
    for row, line in enumerate(cells):
        if (row, column) in free and (row, column) != start and (not falls or line[column] > 0):
            yield row


def _columns(cells: Cells, free: Collection[Place], row: int, *, falls: bool) -> set[int]:
    return {column for column, number in enumerate(cells[row]) if (row, column) in free and (not falls or number > 0)}
