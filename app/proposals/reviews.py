"""Reading the screening: criteria, reviewers, rounds with their sheets, results and decisions.

Sheets of a round that is open leave here only one reviewer's at a time, or as numbers of how many are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from app.infra import tokens
from app.infra.db import db
from app.infra.links import links
from app.kernel.errors import NotFound
from app.proposals import scoring
from app.proposals.models import (
    Proposal,
    ProposalCourse,
    ProposalDecision,
    ReviewConflict,
    ReviewCriterion,
    ReviewEntry,
    Reviewer,
    ReviewRound,
    ReviewScore,
    ReviewSheet,
)
from app.proposals.screening_types import (
    AdoptedRow,
    ConflictRow,
    CriterionRow,
    DecisionDraft,
    DecisionRow,
    Outcome,
    ReviewerRow,
    RoundRow,
    Score,
    SheetRow,
)
from app.proposals.types import ProposalState, title_of

LINK = "reviewer"


def criteria(programme_id: int) -> list[CriterionRow]:
    """What points are given for."""
    chosen = sa.select(ReviewCriterion).filter_by(programme_id=programme_id).order_by(ReviewCriterion.id)
    return [CriterionRow(one.id, one.label, one.note, one.weight) for one in db.session.scalars(chosen)]


def reviewers(programme_id: int) -> list[ReviewerRow]:
    """Everybody who was invited, in that order."""
    chosen = sa.select(Reviewer).filter_by(programme_id=programme_id).order_by(Reviewer.id)
    return [_reviewer(one) for one in db.session.scalars(chosen)]


def reviewer(reviewer_id: int) -> ReviewerRow:
    """One reviewer. Raises NotFound."""
    return _one_reviewer(Reviewer.id == reviewer_id)


def by_token(token: str) -> ReviewerRow:
    """The reviewer behind a secret link. Raises NotFound, also once it was revoked."""
    return _one_reviewer(sa.and_(Reviewer.link_hash == tokens.fingerprint(token), Reviewer.revoked_at.is_(None)))


def with_link(public_id: str) -> tuple[ReviewerRow, str]:
    """A reviewer for a mail to them, with their link's token. Raises NotFound, also once it was revoked."""
    row = _one_reviewer(sa.and_(Reviewer.public_id == public_id, Reviewer.revoked_at.is_(None)))
    kept = db.session.execute(
        sa.select(Reviewer.link_nonce, Reviewer.link_hash).where(Reviewer.public_id == public_id)
    ).one()
    return row, links.token_again(LINK, kept.link_nonce, kept.link_hash)


def conflicts(programme_id: int) -> list[ConflictRow]:
    """Who keeps out of which proposal."""
    chosen = sa.select(ReviewConflict).join(Reviewer, Reviewer.id == ReviewConflict.reviewer_id)
    found = db.session.scalars(chosen.where(Reviewer.programme_id == programme_id).order_by(ReviewConflict.at))
    return [ConflictRow(one.reviewer_id, one.proposal_id, one.reason, one.declared_by) for one in found]


def conflicts_of(reviewer_id: int) -> set[int]:
    """The proposals that a reviewer keeps out of."""
    chosen = sa.select(ReviewConflict.proposal_id).filter_by(reviewer_id=reviewer_id)
    return set(db.session.scalars(chosen))


def rounds(programme_id: int) -> list[RoundRow]:
    """The rounds that were opened, the first one first."""
    chosen = sa.select(ReviewRound).filter_by(programme_id=programme_id).order_by(ReviewRound.id)
    found = db.session.scalars(chosen.execution_options(populate_existing=True))
    return [RoundRow(one.id, one.programme_id, one.kind, one.opened_at, one.closed_at) for one in found]


def entries(round_id: int) -> list[int]:
    """The proposals of a round that their groups did not withdraw."""
    chosen = sa.select(ReviewEntry.proposal_id).join(Proposal, Proposal.id == ReviewEntry.proposal_id)
    there = chosen.where(ReviewEntry.round_id == round_id, Proposal.state != ProposalState.WITHDRAWN)
    return list(db.session.scalars(there.order_by(ReviewEntry.proposal_id)))


def is_screened(proposal_id: int) -> bool:
    """Whether a proposal is or was in a round."""
    chosen = sa.select(ReviewEntry.round_id).filter_by(proposal_id=proposal_id).limit(1)
    return db.session.scalar(chosen) is not None


def sheets(round_id: int, *, reviewer_id: int | None = None) -> list[SheetRow]:
    """The sheets of a round, or one reviewer's. Whoever shows all of an open round's breaks the rule of this room."""
    chosen = sa.select(ReviewSheet).where(ReviewSheet.round_id == round_id).order_by(ReviewSheet.id)
    if reviewer_id is not None:
        chosen = chosen.where(ReviewSheet.reviewer_id == reviewer_id)
    found = db.session.scalars(chosen).all()
    points: dict[int, dict[int, int]] = defaultdict(dict)
    for one in db.session.scalars(sa.select(ReviewScore).where(ReviewScore.sheet_id.in_([row.id for row in found]))):
        points[one.sheet_id][one.criterion_id] = one.points
    return [
        SheetRow(row.reviewer_id, row.proposal_id, points[row.id], row.comment, row.counted, row.updated_at)
        for row in found
    ]


def complete(one: RoundRow) -> dict[int, int]:
    """How many complete sheets each reviewer has in a round: a number, never the points."""
    asked = criteria(one.programme_id)
    found: dict[int, int] = defaultdict(int)
    out = {(conflict.reviewer_id, conflict.proposal_id) for conflict in conflicts(one.programme_id)}
    for sheet in sheets(one.id):
        if scoring.total(asked, sheet.points) is not None and (sheet.reviewer_id, sheet.proposal_id) not in out:
            found[sheet.reviewer_id] += 1
    return dict(found)


def scores(one: RoundRow) -> list[Score]:
    """The result of a closed round, the best first; none while it is open."""
    if one.closed_at is None:
        return []
    chosen = sa.select(ReviewEntry).filter_by(round_id=one.id)
    found = [
        Score(row.proposal_id, row.sheets, row.average, row.lowest, row.highest, row.place)
        for row in db.session.scalars(chosen.execution_options(populate_existing=True))
    ]
    return sorted(found, key=lambda score: (score.place is None, score.place, score.proposal_id))


def decisions(proposal_ids: Iterable[int]) -> dict[int, DecisionRow]:
    """What was decided, by proposal."""
    chosen = sa.select(ProposalDecision).where(ProposalDecision.proposal_id.in_(list(proposal_ids)))
    found = db.session.scalars(chosen.execution_options(populate_existing=True))
    return {
        one.proposal_id: DecisionRow(
            one.proposal_id,
            DecisionDraft(one.outcome, one.amount, one.conditions, one.reasons),
            one.decided_at,
            one.decided_by,
            one.told_at,
        )
        for one in found
    }


def adopted(programme_id: int) -> list[AdoptedRow]:
    """What residents see: the projects that were adopted, once the groups know."""
    chosen = (
        sa.select(Proposal.answers, Proposal.group_name, ProposalCourse.name, ProposalDecision.amount)
        .join(ProposalDecision, ProposalDecision.proposal_id == Proposal.id)
        .join(ProposalCourse, ProposalCourse.id == Proposal.course_id)
        .where(
            Proposal.programme_id == programme_id,
            ProposalDecision.outcome != Outcome.DECLINED,
            ProposalDecision.told_at.is_not(None),
            Proposal.state == ProposalState.CHECKED,
        )
        .order_by(ProposalCourse.id, Proposal.id)
    )
    return [AdoptedRow(title_of(answers), *rest) for answers, *rest in db.session.execute(chosen)]


def _one_reviewer(which: sa.ColumnElement[bool]) -> ReviewerRow:
    row = db.session.scalar(sa.select(Reviewer).where(which).execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return _reviewer(row)


def _reviewer(row: Reviewer) -> ReviewerRow:
    return ReviewerRow(
        row.id, row.programme_id, row.public_id, row.name, row.affiliation, row.email or "", row.revoked_at
    )
