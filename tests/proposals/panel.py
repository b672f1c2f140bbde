"""A screening for tests: criteria, reviewers with their links, points given by the verb."""

from __future__ import annotations

from collections.abc import Sequence

from app.proposals import reviewing, reviews, screening
from app.proposals.screening_types import ReviewerDraft, RoundKind
from app.proposals.types import ProgrammeRow
from tests.factories import NOW, ORGANIZER


def the_criteria(programme: ProgrammeRow) -> list[int]:
    """Two, the second of which counts twice; their ids."""
    for label, weight in (("必要性", 1), ("実現性", 2)):
        screening.add_criterion(programme.id, label, "", weight, by=ORGANIZER, now=NOW)
    return [one.id for one in reviews.criteria(programme.id)]


def the_reviewers(programme: ProgrammeRow, number: int = 5) -> list[tuple[int, str]]:
    """Invited reviewers: id and token."""
    found = []
    for n in range(number):
        draft = ReviewerDraft(f"委員{n}", "大学", f"reviewer{n}@example.jp")
        who = screening.invite(programme.id, draft, by=ORGANIZER, now=NOW)
        found.append((who, reviews.with_link(reviews.reviewer(who).public_id)[1]))
    return found


def a_round(programme: ProgrammeRow, proposals: Sequence[int], kind: RoundKind = RoundKind.PAPERS) -> int:
    """A round that was opened; its id."""
    return screening.open_round(programme.id, kind, proposals, by=ORGANIZER, now=NOW)


def give(token: str, round_id: int, proposal_id: int, criteria: Sequence[int], *points: int, comment: str = "") -> None:
    """Points for the criteria in their order."""
    given = dict(zip(criteria, points, strict=False))
    reviewing.score(token, round_id, proposal_id, given, comment, now=NOW)
