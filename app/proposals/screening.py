"""What the organizer does in the screening: criteria, reviewers, conflicts, rounds. Each verb is one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.infra import audit, tokens
from app.infra.db import db, insert_into, rows_changed, run, transaction
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.proposals import found, messages, reviews, scoring
from app.proposals.errors import CriteriaFixed, NotScreenable, ReviewerKnown, SheetsMissing
from app.proposals.models import (
    ReviewConflict,
    ReviewCriterion,
    ReviewEntry,
    Reviewer,
    ReviewRound,
    ReviewSheet,
)
from app.proposals.screening_types import ReviewerDraft, RoundKind, RoundRow
from app.proposals.services import PROGRAMME, locked
from app.proposals.types import ProposalState


@transaction
def add_criterion(programme_id: int, label: str, note: str, weight: int, *, by: Actor, now: datetime) -> int:
    """One more thing to give points for; its id. Raises NotFound, CriteriaFixed."""
    locked(programme_id)
    _check_unscored(programme_id, label)
    row = ReviewCriterion(programme_id=programme_id, label=label, note=note, weight=weight)
    db.session.add(row)
    db.session.flush()  # the caller wants the id
    audit.record("proposal_programme.criterion_added", PROGRAMME, programme_id, by=by, at=now)
    return row.id


@transaction
def remove_criterion(programme_id: int, criterion_id: int, *, by: Actor, now: datetime) -> None:
    """Take one away. Raises NotFound, CriteriaFixed."""
    locked(programme_id)
    _check_unscored(programme_id, "")
    gone = sa.delete(ReviewCriterion).filter_by(id=criterion_id, programme_id=programme_id)
    if not rows_changed(gone):
        raise NotFound
    audit.record("proposal_programme.criterion_removed", PROGRAMME, programme_id, by=by, at=now)


@transaction
def invite(programme_id: int, draft: ReviewerDraft, *, by: Actor, now: datetime) -> int:
    """One more reviewer, whose secret link is mailed to them and to nobody else; their id.

    Raises NotFound, ReviewerKnown.
    """
    locked(programme_id)
    if any(one.email == draft.email.lower() for one in reviews.reviewers(programme_id)):
        raise ReviewerKnown("このメールアドレスの審査委員は、すでに登録されています。")
    nonce = tokens.random_id()
    row = Reviewer(
        programme_id=programme_id,
        public_id=tokens.random_id(),
        name=draft.name,
        affiliation=draft.affiliation,
        email=draft.email.lower(),
        link_nonce=nonce,
        link_hash=tokens.fingerprint(links.token(reviews.LINK, nonce)),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()  # its id is part of the entry below
    audit.record("reviewer.invited", "reviewer", row.id, by=by, at=now)
    messages.invited(row, now=now)
    return row.id


@transaction
def revoke(reviewer_id: int, *, by: Actor, now: datetime) -> None:
    """Their link opens nothing any more, and their sheets of rounds that are open do not count. Raises NotFound."""
    row = db.session.get(Reviewer, reviewer_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = now
        audit.record("reviewer.revoked", "reviewer", reviewer_id, by=by, at=now)


@transaction
def declare(reviewer_id: int, proposal_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """Keep a reviewer out of a proposal; a second time changes nothing. Raises NotFound."""
    if reviews.reviewer(reviewer_id).programme_id != found.by_id(proposal_id).programme.id:
        raise NotFound
    keep_out(reviewer_id, proposal_id, reason, by=by, now=now)


@transaction
def lift(reviewer_id: int, proposal_id: int, *, by: Actor, now: datetime) -> None:
    """A conflict was declared by mistake. Raises NotFound."""
    if not rows_changed(sa.delete(ReviewConflict).filter_by(reviewer_id=reviewer_id, proposal_id=proposal_id)):
        raise NotFound
    audit.record("reviewer.conflict_lifted", "reviewer", reviewer_id, by=by, at=now, fields=[f"proposal={proposal_id}"])


@transaction
def open_round(programme_id: int, kind: RoundKind, proposals: Collection[int], *, by: Actor, now: datetime) -> int:
    """Let the reviewers give points for these proposals; the round's id. Raises NotFound, NotScreenable.

    Papers come before presentations, and only proposals whose papers are in order take part.
    """
    locked(programme_id)
    earlier = reviews.rounds(programme_id)
    if any(one.kind is kind for one in earlier):
        raise NotScreenable("この審査は、すでに始めています。")
    if kind is RoundKind.PRESENTATION and not any(one.closed_at for one in earlier):
        raise NotScreenable("先に、書類審査を締め切ってください。")
    ready = {one.id for one in found.lines(programme_id) if one.state is ProposalState.CHECKED}
    chosen = sorted(ready.intersection(proposals))
    if not chosen:
        raise NotScreenable("審査する提案書を、一つ以上選んでください。")
    if not reviews.criteria(programme_id) or not reviews.reviewers(programme_id):
        raise NotScreenable("審査の項目と審査委員を登録してから始めてください。")
    row = ReviewRound(programme_id=programme_id, kind=kind, opened_at=now)
    db.session.add(row)
    db.session.flush()  # its id is part of the rows below
    db.session.add_all(ReviewEntry(round_id=row.id, proposal_id=one, sheets=0) for one in chosen)
    fields = [f"rows={len(chosen)}"]
    audit.record(f"proposal_programme.{kind}_opened", PROGRAMME, programme_id, by=by, at=now, fields=fields)
    return row.id


@transaction
def close_round(round_id: int, *, anyway: bool, by: Actor, now: datetime) -> None:
    """Nobody gives points any more, and the result is kept as it is now. A second time changes nothing.

    Sheets that are not complete, those of a reviewer in conflict and of one who was revoked do not count.
    Raises NotFound, SheetsMissing (unless `anyway`), NotScreenable: a proposal without any sheet.
    """
    row = locked_round(round_id)
    if row.closed_at is not None:
        return
    view = RoundRow(row.id, row.programme_id, row.kind, row.opened_at, None)
    if not anyway and missing(view):
        raise SheetsMissing("そろっていない採点があります。このまま締め切るときは、確認にチェックを入れてください。")
    out = _left_out(view)
    asked, entered = reviews.criteria(row.programme_id), reviews.entries(round_id)
    sheets = [one for one in reviews.sheets(round_id) if one.proposal_id in entered]
    for score in scoring.results(entered, asked, sheets, out):
        if score.average is None:
            raise NotScreenable("一人も採点していない提案書があるため、締め切れません。")
        values = {"sheets": score.sheets, "average": score.average, "lowest": score.lowest, "highest": score.highest}
        kept = sa.update(ReviewEntry).filter_by(round_id=round_id, proposal_id=score.proposal_id)
        db.session.execute(kept.values(place=score.place, **values))
    for sheet in sheets:
        key = (sheet.reviewer_id, sheet.proposal_id)
        if key not in out and scoring.total(asked, sheet.points) is not None:
            mark = sa.update(ReviewSheet).filter_by(round_id=round_id, reviewer_id=key[0], proposal_id=key[1])
            db.session.execute(mark.values(counted=True))
    row.closed_at = now
    audit.record(f"proposal_programme.{row.kind}_closed", PROGRAMME, row.programme_id, by=by, at=now)


def missing(view: RoundRow) -> int:
    """How many complete sheets an open round still lacks, conflicts left aside."""
    active = [one.id for one in reviews.reviewers(view.programme_id) if one.revoked_at is None]
    entered, out = reviews.entries(view.id), _left_out(view)
    wanted = sum(1 for who in active for proposal in entered if (who, proposal) not in out)
    there = reviews.complete(view)
    return wanted - sum(there.get(who, 0) for who in active)


def locked_round(round_id: int) -> ReviewRound:
    """The round, held until the caller's transaction ends. Raises NotFound."""
    row = db.session.scalar(sa.select(ReviewRound).filter_by(id=round_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def keep_out(reviewer_id: int, proposal_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """Step of the caller's transaction: the conflict stands, once."""
    row = insert_into(ReviewConflict).values(
        reviewer_id=reviewer_id, proposal_id=proposal_id, reason=reason, declared_by=by.label, at=now
    )
    added = row.on_conflict_do_nothing().returning(ReviewConflict.reviewer_id)
    if run(added).scalar_one_or_none() is not None:
        fields = [f"proposal={proposal_id}"]
        audit.record("reviewer.conflict_declared", "reviewer", reviewer_id, by=by, at=now, fields=fields)


def _left_out(view: RoundRow) -> set[tuple[int, int]]:
    """(reviewer, proposal) pairs whose sheets do not count."""
    out = {(one.reviewer_id, one.proposal_id) for one in reviews.conflicts(view.programme_id)}
    gone = [one.id for one in reviews.reviewers(view.programme_id) if one.revoked_at is not None]
    return out | {(who, proposal) for who in gone for proposal in reviews.entries(view.id)}


def _check_unscored(programme_id: int, label: str) -> None:
    if reviews.rounds(programme_id):
        raise CriteriaFixed("審査を始めたため、審査の項目は変えられません。")
    if any(one.label == label for one in reviews.criteria(programme_id)):
        raise CriteriaFixed("同じ名称の項目が、すでにあります。", "label")
