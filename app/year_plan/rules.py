"""Pure decisions about the year's plan: days of another year, how far something has come."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date

from app.kernel.fiscal_year import fiscal_year
from app.year_plan.errors import WrongDay, WrongPage
from app.year_plan.types import EntryDraft, EntryRow, Standing, State

_PAGE = re.compile(r"/(?!/)[\w./?=&%+-]*", re.ASCII)
_SAID = tuple(one.name for one in fields(EntryDraft))


def carried(entries: Iterable[EntryRow], year: int) -> list[EntryDraft]:
    """A plan of an earlier year with the days of this one, nothing of it done."""
    return [
        replace(
            EntryDraft(**{name: getattr(entry, name) for name in _SAID}),
            starts_on=moved(entry.starts_on, year - entry.fiscal_year),
            ends_on=moved(entry.ends_on, year - entry.fiscal_year),
        )
        for entry in entries
    ]


def moved(day: date, years: int) -> date:
    """The same day so many years later; the end of February stays the end of February."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    is_last = day.month == 2 and day.day == calendar.monthrange(day.year, 2)[1]
    return day.replace(year=day.year + years, day=last if is_last else day.day)


def check(draft: EntryDraft, year: int) -> None:
    """Raises WrongDay, WrongPage."""
    if draft.ends_on < draft.starts_on:
        raise WrongDay("「終わりの日」は、始めの日と同じか、後の日にしてください。", "ends_on")
    for name, day in (("starts_on", draft.starts_on), ("ends_on", draft.ends_on)):
        if fiscal_year(day) != year:
            raise WrongDay(f"{year}年4月1日から{year + 1}年3月31日までの日にしてください。", name)
    if draft.page and not _PAGE.fullmatch(draft.page):
        raise WrongPage("「画面のアドレス」は、/console/ のように / から始まる、このサイトのアドレスにしてください。")


def state(entry: EntryRow, standing: Standing | None, today: date) -> State:
    """How far an entry has come by the data, where they can tell, and by the tick.

    What nothing tells of is under way from its first day on.
    """
    if entry.done_at is not None or (standing is not None and standing.done):
        return State.DONE
    if today > entry.ends_on:
        return State.LATE
    begun = standing.begun if standing is not None else today >= entry.starts_on
    return State.UNDER_WAY if begun else State.NOT_BEGUN


def concerns(entry: EntryRow, today: date) -> bool:
    """Whether an entry has a day in this month, or was to be done before it."""
    last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return entry.starts_on <= last
