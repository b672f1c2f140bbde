"""Pure decisions: who owes, where they stand, which reminder is due."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from app.attendance.types import Presence
from app.compliance.types import Facts, Holding, Line, SheetStanding, Standing, SubstituteRule
from app.org.types import UnitRow
from app.registrations.types import Status

_BETWEEN = re.compile(r"[\s,、;]+")


def seen(place: Facts, *, by_substitute: bool) -> Facts:
    """What a mark on the sheet says of the officer: where a colleague came in their place, the officer did not."""
    if not by_substitute or place.presence is None or not place.presence.came:
        return place
    return replace(place, presence=Presence.ABSENT, substituted=True)


def standing(facts: Facts, substitutes: SubstituteRule) -> Standing:
    """Where somebody stands. Having come counts more than any paper; a paper more than a missed sitting."""
    if facts.presence is not None and facts.presence.came:
        return Standing.ATTENDED
    if facts.elsewhere:
        return Standing.ELSEWHERE
    if facts.course:
        return Standing.COURSE
    if facts.exempt:
        return Standing.EXEMPT
    if facts.substituted and substitutes is not SubstituteRule.REFUSED:
        return Standing.SUBSTITUTED
    if facts.presence is not None:
        return Standing.ABSENT
    return Standing.NOT_COMPLETED if facts.by_course_alone else _by_place(facts.status)


def _by_place(status: Status | None) -> Standing:
    if status is Status.CONFIRMED:
        return Standing.REGISTERED
    if status in {Status.PENDING, Status.WAITLISTED, Status.OFFERED}:
        return Standing.WAITING
    return Standing.NOT_REGISTERED


def is_done(found: Standing, substitutes: SubstituteRule) -> bool:
    """True where nothing is owed any more."""
    if found is Standing.SUBSTITUTED:
        return substitutes is SubstituteRule.COUNTS
    return found in {Standing.EXEMPT, Standing.ELSEWHERE, Standing.COURSE, Standing.ATTENDED}


def sheet_done(found: Standing, sheet: SheetStanding | None) -> bool:
    """True where no worksheet is owed: none is demanded, it was accepted, or the person is exempt."""
    return sheet in {None, SheetStanding.ACCEPTED} or found is Standing.EXEMPT


def why_not_certified(line: Line, substitutes: SubstituteRule) -> str:
    """Why somebody has not completed the requirement, in words; "" for who has. Who is exempt has not."""
    if line.standing is Standing.EXEMPT:
        return "免除"
    if line.standing is Standing.SUBSTITUTED and not is_done(line.standing, substitutes):
        return "代理出席（本人の受講が残る）"
    if not is_done(line.standing, substitutes):
        return line.standing.word
    return "" if line.done or line.sheet is None else f"棚卸シート{line.sheet.word}"


def awaits_acceptance(line: Line, substitutes: SubstituteRule) -> bool:
    """True where somebody has done their part and only the organizer has still to accept the worksheet."""
    handed_in = line.sheet is not None and line.sheet.handed_in
    return handed_in and not line.done and is_done(line.standing, substitutes)


def owing(holdings: Iterable[Holding], due_on: date, today: date) -> Holding | None:
    """Who of one section's holders owes: until the due date who holds the duty now, afterwards who held it then.

    Before anybody began, the first who will. None where nobody holds it on that day.
    """
    ordered = sorted(holdings, key=lambda one: one.starts_on)
    if not ordered:
        return None
    day = max(min(due_on, today), ordered[0].starts_on)
    return next((h for h in ordered if h.starts_on <= day and (h.ends_on is None or day <= h.ends_on)), None)


def unit_on(postings: Iterable[Holding], day: date) -> int | None:
    """Where somebody works on that day; None where nobody knows."""
    return next((p.unit_id for p in postings if p.starts_on <= day and (p.ends_on is None or day <= p.ends_on)), None)


def last_unit(postings: Iterable[Holding], first: date, last: date) -> int | None:
    """Where somebody works on the last day, or worked last since the first; None where nowhere."""
    days = [(p.starts_on, p.unit_id) for p in postings if p.starts_on <= last and (p.ends_on or last) >= first]
    return max(days)[1] if days else None


def inside(chosen: Iterable[int], chart: Iterable[UnitRow]) -> set[int]:
    """These units and everything below them; `chart` from the top down."""
    found = set(chosen)
    for unit in chart:
        if unit.parent_id in found:
            found.add(unit.id)
    return found


def listed(typed: str) -> list[tuple[int, str]]:
    """The staff numbers in what was typed or pasted out of a sheet, each with its line, counted from 1."""
    lines = unicodedata.normalize("NFKC", typed).split("\n")
    return [(place, number) for place, line in enumerate(lines, 1) for number in _BETWEEN.split(line) if number]


def copies(step: int, steps: Sequence[int]) -> tuple[bool, bool]:
    """Whether the section's manager and the coordinator get a copy: from the first, from the second after the date."""
    late = [one for one in sorted(steps) if one > 0]
    place = late.index(step) + 1 if step in late else 0
    return place >= 1, place >= 2
