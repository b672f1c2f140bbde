"""What must be true of proposals: what was handed in is whole, what was frozen adds up, each result was told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.delivery.models import OutboundMessage
from app.infra.db import db
from app.kernel.japanese_dates import local_date
from app.proposals import budget, found, rules
from app.proposals.messages import DECIDED
from app.proposals.models import (
    Proposal,
    ProposalCourse,
    ProposalDecision,
    ProposalProgramme,
    ProposalTheme,
    ReviewConflict,
    ReviewCriterion,
    ReviewEntry,
    Reviewer,
    ReviewRound,
    ReviewScore,
    ReviewSheet,
)
from app.proposals.types import ProposalRow, ProposalState
from app.stewardship.meetings import SWEPT_WITHIN
from app.stewardship.promises import Found, Promise


def unfinished() -> tuple[int, ...]:
    """Proposals that wait or were checked although something is missing or wrong in them."""
    handed_in = Proposal.state.in_([ProposalState.SUBMITTED, ProposalState.CHECKED])
    return tuple(
        row.id for row in _each(sa.select(Proposal.id).where(handed_in)) if rules.checked(row, row.answers).problems
    )


def overpaid() -> tuple[int, ...]:
    """Proposals that were granted more than they ask for, or than their course bears of the eligible costs."""
    decided = db.session.execute(sa.select(ProposalDecision.proposal_id, ProposalDecision.amount))
    amounts = {row.proposal_id: row.amount for row in decided}
    over = []
    for row in _each(sa.select(ProposalDecision.proposal_id)):
        sums = budget.sums(row.programme.definition, row.answers, row.course)
        if amounts[row.id] > min(sums.grant, sums.most):
            over.append(row.id)
    return tuple(over)


def _each(chosen: Found) -> Iterator[ProposalRow]:
    return (found.by_id(proposal_id) for proposal_id in sorted(db.session.scalars(chosen)))


def _elsewhere(_now: datetime) -> Found:
    """Its course, and its theme where it has one, are of its own programme."""
    return (
        sa.select(Proposal.id)
        .join(ProposalCourse, ProposalCourse.id == Proposal.course_id)
        .outerjoin(ProposalTheme, ProposalTheme.id == Proposal.theme_id)
        .where(
            sa.or_(
                ProposalCourse.programme_id != Proposal.programme_id,
                ProposalTheme.programme_id != Proposal.programme_id,
            )
        )
    )


def _stray_sheets(_now: datetime) -> Found:
    """A sheet is of a proposal that is in its round, and of a reviewer of the same programme."""
    entered = sa.exists().where(
        ReviewEntry.round_id == ReviewSheet.round_id, ReviewEntry.proposal_id == ReviewSheet.proposal_id
    )
    return (
        sa.select(ReviewSheet.id)
        .join(Reviewer, Reviewer.id == ReviewSheet.reviewer_id)
        .join(ReviewRound, ReviewRound.id == ReviewSheet.round_id)
        .where(sa.or_(~entered, Reviewer.programme_id != ReviewRound.programme_id))
    )


def _wrongly_counted(_now: datetime) -> Found:
    """A sheet counts once its round is closed, of a reviewer who until then was neither in conflict nor revoked."""
    out = sa.exists().where(
        ReviewConflict.reviewer_id == ReviewSheet.reviewer_id,
        ReviewConflict.proposal_id == ReviewSheet.proposal_id,
        ReviewConflict.at < ReviewRound.closed_at,
    )
    return (
        sa.select(ReviewSheet.id)
        .join(Reviewer, Reviewer.id == ReviewSheet.reviewer_id)
        .join(ReviewRound, ReviewRound.id == ReviewSheet.round_id)
        .where(
            ReviewSheet.counted,
            sa.or_(ReviewRound.closed_at.is_(None), Reviewer.revoked_at < ReviewRound.closed_at, out),
        )
    )


def _other_result(_now: datetime) -> Found:
    """What is kept of a proposal in a closed round is what its counted sheets give; an open round keeps nothing."""
    given, other = _given().subquery(), _given().subquery()
    better = sa.select(sa.func.count()).where(
        other.c.round_id == given.c.round_id, other.c.points * given.c.sheets > given.c.points * other.c.sheets
    )
    # Rounded half up to hundredths; said without a division, which the databases do not do alike.
    remainder = 200 * given.c.points + given.c.sheets - 2 * given.c.sheets * ReviewEntry.average
    same = sa.and_(
        ReviewEntry.sheets == given.c.sheets,
        remainder.between(0, 2 * given.c.sheets - 1),
        ReviewEntry.lowest == given.c.lowest,
        ReviewEntry.highest == given.c.highest,
        ReviewEntry.place == 1 + better.correlate(given).scalar_subquery(),
    )
    nothing = sa.and_(given.c.round_id.is_(None), ReviewEntry.sheets == 0, ReviewEntry.average.is_(None))
    return (
        sa.select(ReviewEntry.proposal_id)
        .outerjoin(
            given, sa.and_(given.c.round_id == ReviewEntry.round_id, given.c.proposal_id == ReviewEntry.proposal_id)
        )
        .where(sa.func.coalesce(sa.or_(same, nothing), sa.false()).is_(sa.false()))
        .distinct()
    )


def _given() -> sa.Select[int, int, int, int, int, int]:
    """By round and proposal: how many sheets count, and the sum, the least and the most of their weighted points."""
    sheet = (
        sa.select(
            ReviewSheet.round_id,
            ReviewSheet.proposal_id,
            sa.func.sum(ReviewScore.points * ReviewCriterion.weight).label("points"),
        )
        .join(ReviewScore, ReviewScore.sheet_id == ReviewSheet.id)
        .join(ReviewCriterion, ReviewCriterion.id == ReviewScore.criterion_id)
        .where(ReviewSheet.counted)
        .group_by(ReviewSheet.id, ReviewSheet.round_id, ReviewSheet.proposal_id)
        .subquery()
    )
    points = sheet.c.points
    return sa.select(
        sheet.c.round_id,
        sheet.c.proposal_id,
        sa.func.count().label("sheets"),
        sa.func.sum(points).label("points"),
        sa.func.min(points).label("lowest"),
        sa.func.max(points).label("highest"),
    ).group_by(sheet.c.round_id, sheet.c.proposal_id)


def _unscreened(_now: datetime) -> Found:
    """Nothing is decided of what no closed round has judged, or what an open one is judging."""
    own = sa.select(ReviewRound.id).join(ReviewEntry, ReviewEntry.round_id == ReviewRound.id)
    own = own.where(ReviewEntry.proposal_id == ProposalDecision.proposal_id)
    return sa.select(ProposalDecision.proposal_id).where(
        sa.or_(
            ~own.where(ReviewRound.closed_at.is_not(None)).exists(), own.where(ReviewRound.closed_at.is_(None)).exists()
        )
    )


def _untold(_now: datetime) -> Found:
    """A result was mailed once where the group was told and has an address, and never where not."""
    message = aliased(OutboundMessage)
    mails = (
        sa.select(sa.func.count(message.id))
        .where(
            message.thread == sa.literal("proposal:") + Proposal.public_id,
            message.kind == DECIDED,
            message.resend_of.is_(None),
        )
        .correlate(Proposal)
        .scalar_subquery()
    )
    due = sa.case((sa.and_(ProposalDecision.told_at.is_not(None), Proposal.email != ""), 1), else_=0)
    return (
        sa.select(Proposal.id).join(ProposalDecision, ProposalDecision.proposal_id == Proposal.id).where(mails != due)
    )


def _remembered(now: datetime) -> Found:
    """Who proposed or judged is not known for ever; the worker sweeps each hour, after a day none does."""
    over = ProposalProgramme.final_due_on <= local_date(now - rules.CONTACTS_KEPT - SWEPT_WITHIN)
    kept = [
        sa.exists().where(Proposal.programme_id == ProposalProgramme.id, Proposal.forgotten_at.is_(None)),
        sa.exists().where(Reviewer.programme_id == ProposalProgramme.id, Reviewer.email.is_not(None)),
    ]
    return sa.select(ProposalProgramme.id).where(over, sa.or_(*kept))


PROPOSED = (
    Promise("proposal_course", "提案書のコースまたはテーマが、別の年度の事業のものである", "proposal", _elsewhere),
    Promise(
        "review_sheet", "採点が、その審査にない提案書か、別の年度の審査委員のものである", "review_sheet", _stray_sheets
    ),
    Promise(
        "review_counted",
        "締め切っていない審査の採点、または外れた審査委員の採点を数えている",
        "review_sheet",
        _wrongly_counted,
    ),
    Promise("review_result", "審査の結果が、数えた採点と合わない", "proposal", _other_result),
    Promise("decision_screened", "審査を締め切っていない提案書の採否が決まっている", "proposal", _unscreened),
    Promise("decision_told", "採否の通知とお知らせの数が合わない", "proposal", _untold),
    Promise(
        "proposal_contacts",
        "消去する日を過ぎた団体または審査委員の連絡先が残っている",
        "proposal_programme",
        _remembered,
    ),
)
