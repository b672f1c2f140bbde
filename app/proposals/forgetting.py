"""Contacts are not kept for ever: what the worker deletes a year after the final reports. Figures and words stay."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.delivery import outbox
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM
from app.proposals import rules
from app.proposals.applying import OBJECT
from app.proposals.messages import thread_of, thread_of_reviewer
from app.proposals.models import Proposal, ProposalProgramme, Reviewer


@transaction
def sweep(*, now: datetime) -> int:
    """Forget how to reach the groups and reviewers of programmes that ended a year ago; how many that were.

    The mails to them go, too, and a reviewer's link opens nothing any more. The programme, the groups' names, their
    answers, files, points and decisions stay, and so do the reviewers' names: they are the record of who judged.
    """
    ended = sa.select(ProposalProgramme.id).where(
        ProposalProgramme.final_due_on <= local_date(now - rules.CONTACTS_KEPT)
    )
    groups = _groups(ended, now)
    people = _reviewers(ended, now)
    outbox.forget(
        [*(thread_of(one.public_id) for one in groups), *(thread_of_reviewer(one.public_id) for one in people)]
    )
    for one in groups:
        audit.record("proposal.forgotten", OBJECT, one.id, by=SYSTEM, at=now)
    for one in people:
        audit.record("reviewer.forgotten", "reviewer", one.id, by=SYSTEM, at=now)
    return len(groups) + len(people)


def _groups(ended: sa.Select[int], now: datetime) -> list[sa.Row[int, str]]:
    gone = (
        sa.update(Proposal)
        .where(Proposal.programme_id.in_(ended), Proposal.forgotten_at.is_(None))
        .values(contact_name="", email="", phone="", postcode="", address="", forgotten_at=now)
        .returning(Proposal.id, Proposal.public_id)
    )
    return sorted(db.session.execute(gone).all())


def _reviewers(ended: sa.Select[int], now: datetime) -> list[sa.Row[int, str]]:
    gone = (
        sa.update(Reviewer)
        .where(Reviewer.programme_id.in_(ended), Reviewer.email.is_not(None))
        .values(email=None, revoked_at=sa.func.coalesce(Reviewer.revoked_at, now))
        .returning(Reviewer.id, Reviewer.public_id)
    )
    return sorted(db.session.execute(gone).all())
