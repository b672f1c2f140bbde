"""What the organizer does with a proposal before it is screened. Each verb is one transaction."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.proposals import messages, queries, reviews, rules
from app.proposals.applying import OBJECT
from app.proposals.errors import NoRemark, WrongState
from app.proposals.models import Proposal
from app.proposals.types import ProposalState


@transaction
def accept(proposal_id: int, *, by: Actor, now: datetime) -> None:
    """The papers are in order. Raises NotFound, WrongState."""
    row = locked(proposal_id)
    rules.check_proposal(row.state, among=[ProposalState.SUBMITTED], doing="書類の確認")
    row.state, row.updated_at = ProposalState.CHECKED, now
    audit.record("proposal.checked", OBJECT, proposal_id, by=by, at=now)


@transaction
def return_(proposal_id: int, remark: str, *, by: Actor, now: datetime) -> None:
    """Ask the group to put something right until the programme's day of corrections.

    Raises NotFound, WrongState: that day is over, or it is screened; NoRemark.
    """
    row = locked(proposal_id)
    rules.check_proposal(row.state, among=[ProposalState.SUBMITTED, ProposalState.CHECKED], doing="補正の依頼")
    if reviews.is_screened(proposal_id):
        raise WrongState("審査を始めたため、補正を依頼できません。")
    if local_date(now) > queries.programme(row.programme_id).dates.correct_by:
        raise WrongState("補正の期限が過ぎています。日程で期限を延ばしてから依頼してください。")
    if not remark:
        raise NoRemark("直してほしいことを入力してください。")
    row.state, row.remark, row.updated_at = ProposalState.RETURNED, remark, now
    audit.record("proposal.returned", OBJECT, proposal_id, by=by, at=now)
    messages.returned(row, now=now)


@transaction
def send_link(proposal_id: int, *, by: Actor, now: datetime) -> None:
    """Mail the group its link once more, to the address it gave. Raises NotFound, WrongState: it gave none."""
    row = locked(proposal_id)
    if not row.email:
        raise WrongState("メールアドレスのない団体には送れません。")
    audit.record("proposal.link_sent", OBJECT, proposal_id, by=by, at=now)
    messages.link_again(row, now=now)


def locked(proposal_id: int) -> Proposal:
    """The proposal, held until the caller's transaction ends. Raises NotFound."""
    row = db.session.scalar(sa.select(Proposal).filter_by(id=proposal_id).with_for_update())
    if row is None:
        raise NotFound
    return row
