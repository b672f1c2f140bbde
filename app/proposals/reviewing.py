"""What a reviewer does by their secret link. Each verb is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor, ActorKind
from app.proposals import reviews, screening
from app.proposals.errors import InConflict, WrongState
from app.proposals.models import ReviewScore, ReviewSheet
from app.proposals.screening_types import MOST_POINTS, ReviewerRow


@transaction
def score(
    token: str, round_id: int, proposal_id: int, points: Mapping[int, int], comment: str, *, now: datetime
) -> None:
    """Keep the points by criterion and the comment; what is missing can follow until the round is closed.

    Raises NotFound: no reviewer's link, or not of this round; WrongState: it is closed; InConflict.
    """
    who = _of_round(token, round_id, proposal_id)
    asked = {one.id for one in reviews.criteria(who.programme_id)}
    if not set(points) <= asked or not all(0 <= given <= MOST_POINTS for given in points.values()):
        raise NotFound
    chosen = sa.select(ReviewSheet).filter_by(round_id=round_id, reviewer_id=who.id, proposal_id=proposal_id)
    sheet = db.session.scalar(chosen)
    if sheet is None:
        sheet = ReviewSheet(round_id=round_id, reviewer_id=who.id, proposal_id=proposal_id, counted=False)
        db.session.add(sheet)
    sheet.comment, sheet.updated_at = comment, now
    db.session.flush()  # its id is part of the rows below
    db.session.execute(sa.delete(ReviewScore).filter_by(sheet_id=sheet.id))
    db.session.add_all(ReviewScore(sheet_id=sheet.id, criterion_id=one, points=given) for one, given in points.items())
    audit.record("reviewer.scored", "reviewer", who.id, by=_actor(who), at=now, fields=[f"proposal={proposal_id}"])


@transaction
def keep_out(token: str, round_id: int, proposal_id: int, reason: str, *, now: datetime) -> None:
    """The reviewer has to do with the group. Raises NotFound, WrongState, InConflict: known already."""
    who = _of_round(token, round_id, proposal_id)
    screening.keep_out(who.id, proposal_id, reason, by=_actor(who), now=now)


def _of_round(token: str, round_id: int, proposal_id: int) -> ReviewerRow:
    """Who holds the link, the round held. Raises NotFound, WrongState, InConflict."""
    who = reviews.by_token(token)
    row = screening.locked_round(round_id)
    if row.programme_id != who.programme_id or proposal_id not in reviews.entries(round_id):
        raise NotFound
    if row.closed_at is not None:
        raise WrongState("この審査は締め切られました。採点は、もう変えられません。")
    if proposal_id in reviews.conflicts_of(who.id):
        raise InConflict("関係のある提案のため、採点できません。")
    return who


def _actor(who: ReviewerRow) -> Actor:
    return Actor(ActorKind.RESIDENT, who.public_id, "審査委員")
