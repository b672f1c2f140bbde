"""What is decided of a proposal, and that the groups are told. Each verb is one transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.types import Actor
from app.proposals import budget, checking, found, messages, reviews, rules
from app.proposals.applying import OBJECT
from app.proposals.errors import NoConditions, NotScreenable, WrongAmount, WrongState
from app.proposals.models import Proposal, ProposalDecision
from app.proposals.screening_types import DecisionDraft, Outcome
from app.proposals.services import PROGRAMME, locked
from app.proposals.types import ProposalRow, ProposalState


@transaction
def decide(proposal_id: int, draft: DecisionDraft, *, by: Actor, now: datetime) -> None:
    """Decide, or decide otherwise until the group was told.

    Raises NotFound, WrongState, NotScreenable: no closed round, or one that is open; WrongAmount, NoConditions.
    """
    row = checking.locked(proposal_id)
    rules.check_proposal(row.state, among=[ProposalState.CHECKED], doing="採否の決定")
    view = found.by_id(proposal_id)
    check(view, draft)
    _check_screened(view)
    known = db.session.get(ProposalDecision, proposal_id)
    if known is not None and known.told_at is not None:
        raise WrongState("結果を通知したため、変えられません。")
    decision = known or ProposalDecision(proposal_id=proposal_id)
    decision.outcome, decision.amount = draft.outcome, draft.amount
    decision.conditions, decision.reasons = draft.conditions, draft.reasons
    decision.decided_at, decision.decided_by = now, by.label
    db.session.add(decision)
    audit.record("proposal.decided", OBJECT, proposal_id, by=by, at=now)


@transaction
def tell(programme_id: int, *, by: Actor, now: datetime) -> int:
    """Tell every group whose proposal is decided and that was not told yet; returns how many.

    From then on residents see what was adopted. Raises NotFound, WrongState: nothing is decided.
    """
    locked(programme_id)
    chosen = (
        sa.select(ProposalDecision, Proposal)
        .join(Proposal, Proposal.id == ProposalDecision.proposal_id)
        .where(Proposal.programme_id == programme_id, ProposalDecision.told_at.is_(None))
        .where(Proposal.state == ProposalState.CHECKED)
        .order_by(Proposal.id)
        .with_for_update()
    )
    waiting = db.session.execute(chosen).all()
    if not waiting:
        raise WrongState("これから通知する結果はありません。")
    for decision, row in waiting:
        decision.told_at = now
        messages.decided(row, now=now)
    fields = [f"rows={len(waiting)}"]
    audit.record("proposal_programme.results_told", PROGRAMME, programme_id, by=by, at=now, fields=fields)
    return len(waiting)


def check(view: ProposalRow, draft: DecisionDraft) -> None:
    """Raises WrongAmount, NoConditions."""
    asked = budget.sums(view.programme.definition, view.answers, view.course).grant
    if draft.outcome is Outcome.DECLINED and draft.amount:
        raise WrongAmount("不採択のときは、金額を0にしてください。")
    if draft.outcome is not Outcome.DECLINED and not 0 < draft.amount <= asked:
        raise WrongAmount(f"金額は、1円から、求められた{asked:,}円までにしてください。")
    if (draft.outcome is Outcome.CONDITIONAL) != bool(draft.conditions):
        raise NoConditions("条件は、条件付き採択のときだけ入力してください。")


def _check_screened(view: ProposalRow) -> None:
    own = [one for one in reviews.rounds(view.programme.id) if view.id in reviews.entries(one.id)]
    if not own or any(one.closed_at is None for one in own):
        raise NotScreenable("審査を締め切ってから、採否を決めてください。")
