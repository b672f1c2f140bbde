"""What came of a programme's screening, as a table that leaves the service."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.documents.types import Cell
from app.infra.db import db
from app.kernel.japanese_dates import local_date
from app.proposals import budget, reviews
from app.proposals.models import Proposal
from app.proposals.screening_types import DecisionRow, RoundKind, Score
from app.proposals.types import CourseRow, ProgrammeRow, ProposalState, title_of

ROUNDS = {RoundKind.PAPERS: "1次", RoundKind.PRESENTATION: "2次"}
HEADER = (
    "受付番号", "事業の名称", "団体", "コース", "年数", "求めた額（円）",
    *(f"{name}の{what}" for name in ROUNDS.values() for what in ("順位", "平均", "最高", "最低", "採点した委員")),
    "採否", "決定した額（円）", "条件", "理由", "決定日", "通知日", "通知の方法",
)  # fmt: skip


def results(programme: ProgrammeRow) -> list[list[Cell]]:
    """A row for each proposal whose papers are in order, its cells those of HEADER.

    Scores are those of closed rounds: what a round that is open has gathered stays with the reviewers.
    """
    chosen = sa.select(Proposal).filter_by(programme_id=programme.id, state=ProposalState.CHECKED)
    rows = db.session.scalars(chosen.order_by(Proposal.id)).all()
    decided = reviews.decisions(row.id for row in rows)
    scores = {
        one.kind: {score.proposal_id: score for score in reviews.scores(one)} for one in reviews.rounds(programme.id)
    }
    courses = {one.id: one for one in programme.courses}
    return [
        [
            *_proposal(row, programme, courses[row.course_id]),
            *(cell for kind in ROUNDS for cell in _score(scores.get(kind, {}), row.id)),
            *_decision(decided.get(row.id)),
            _way(row) if row.id in decided else None,
        ]
        for row in rows
    ]


def _proposal(row: Proposal, programme: ProgrammeRow, course: CourseRow) -> list[Cell]:
    number = f"{row.reference[:4]}-{row.reference[4:]}"
    asked = budget.sums(programme.definition, row.answers, course).grant
    return [number, title_of(row.answers), row.group_name, course.name, row.support_year, asked]


def _score(scores: Mapping[int, Score], proposal_id: int) -> list[Cell]:
    one = scores.get(proposal_id)
    if one is None or one.average is None:
        return [None] * 5
    return [one.place, one.average / 100, one.highest, one.lowest, one.sheets]


def _decision(one: DecisionRow | None) -> list[Cell]:
    if one is None:
        return ["未定", *[None] * 5]
    told = local_date(one.told_at).isoformat() if one.told_at else None
    draft, day = one.draft, local_date(one.decided_at).isoformat()
    return [draft.outcome.word, draft.amount, draft.conditions, draft.reasons, day, told]


def _way(row: Proposal) -> Cell:
    """How the group is told; None once nobody knows any more whether it had an address."""
    if row.forgotten_at is not None:
        return None
    return "メール" if row.email else "郵送"
