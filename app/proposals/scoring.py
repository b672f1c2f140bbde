"""What becomes of points: pure sums, averages and places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from app.proposals.screening_types import MOST_POINTS, CriterionRow, Score, SheetRow


def total(criteria: Iterable[CriterionRow], points: Mapping[int, int]) -> int | None:
    """The weighted points of a sheet; None while a criterion is without."""
    found = 0
    for one in criteria:
        if one.id not in points:
            return None
        found += points[one.id] * one.weight
    return found


def most(criteria: Iterable[CriterionRow]) -> int:
    """The most that a sheet can give."""
    return sum(MOST_POINTS * one.weight for one in criteria)


def results(
    proposals: Sequence[int],
    criteria: Sequence[CriterionRow],
    sheets: Iterable[SheetRow],
    out: Collection[tuple[int, int]],
) -> list[Score]:
    """Each proposal with its average, spread and place, the best first.

    Sheets that lack a criterion do not count, nor those of (reviewer, proposal) in `out`. Equal averages share a place;
    where no sheet counts there is none. An average is rounded half up to hundredths, and places compare the exact ones.
    """
    totals: dict[int, list[int]] = {proposal: [] for proposal in proposals}
    for sheet in sheets:
        points = total(criteria, sheet.points)
        if points is not None and (sheet.reviewer_id, sheet.proposal_id) not in out and sheet.proposal_id in totals:
            totals[sheet.proposal_id].append(points)
    found = [_score(proposal, given, totals) for proposal, given in totals.items()]
    return sorted(found, key=lambda one: (one.place is None, one.place, one.proposal_id))


def _score(proposal: int, given: list[int], totals: Mapping[int, list[int]]) -> Score:
    if not given:
        return Score(proposal, 0, None, None, None, None)
    # Compared crosswise: sums over counts as whole numbers, never as rounded ones.
    better = sum(1 for other in totals.values() if other and sum(other) * len(given) > sum(given) * len(other))
    average = (200 * sum(given) + len(given)) // (2 * len(given))
    return Score(proposal, len(given), average, min(given), max(given), 1 + better)
