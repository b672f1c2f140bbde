"""The list that every section can begin its plan with."""

from __future__ import annotations

import calendar
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from app.year_plan.types import EntryDraft


def entries(year: int) -> list[EntryDraft]:
    """The shipped list with the days of a fiscal year."""
    return [
        EntryDraft(
            key=row["key"],
            title=row["title"],
            note=row.get("note", ""),
            watch=row.get("watch", ""),
            starts_on=_day(row["from"], year),
            ends_on=_day(row["to"], year),
        )
        for row in _rows()
    ]


def _day(month_and_day: str, year: int) -> date:
    """`2-28` is the last day of February, in a leap year too."""
    month, day = (int(part) for part in month_and_day.split("-"))
    in_year = year + (month < 4)
    if (month, day) == (2, 28):
        day = calendar.monthrange(in_year, 2)[1]
    return date(in_year, month, day)


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(resources.files("app.year_plan").joinpath("shipped.yaml").read_text(encoding="utf-8")))
