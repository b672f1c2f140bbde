"""Pure decisions about programmes and themes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from itertools import pairwise

from app.proposals.errors import WrongDates, WrongState
from app.proposals.types import Phase, ProgrammeDates, ProgrammeRow, ThemeState

# What each day is called, in the order in which the days must follow.
DAYS = {
    "themes_due_on": "テーマの提出期限",
    "opens_on": "申請の受付開始",
    "closes_on": "申請の締切",
    "correct_by": "補正の期限",
    "papers_on": "書類審査（1次）",
    "presentation_on": "公開プレゼンテーション（2次）",
    "decide_on": "採否の決定",
    "interim_due_on": "中間報告の期限",
    "final_due_on": "実績報告の期限",
}


def check_dates(dates: ProgrammeDates) -> None:
    """Raises WrongDates at the first day that lies before the one it follows."""
    names = [field.name for field in fields(dates)]
    for before, after in pairwise(names):
        if getattr(dates, after) < getattr(dates, before):
            raise WrongDates(f"「{DAYS[after]}」は、「{DAYS[before]}」以後の日にしてください。", after)


def phase(dates: ProgrammeDates, today: date) -> Phase:
    """Whether groups can apply on that day; first and last day included."""
    if today < dates.opens_on:
        return Phase.SOON
    return Phase.OPEN if today <= dates.closes_on else Phase.CLOSED


def takes_themes(programme: ProgrammeRow, today: date) -> bool:
    """Whether sections can hand in themes."""
    return programme.themes_published_at is None and today <= programme.dates.themes_due_on


def check_theme(state: ThemeState, *, among: Iterable[ThemeState], doing: str) -> None:
    """Raises WrongState where `doing` does not follow from `state`."""
    if state not in set(among):
        raise WrongState(f"{state.word}のため、{doing}ができません。画面を読み込み直して、状態を確かめてください。")
