"""What residents send about an issue, and how it is dealt with. Each verb is one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, insert_into, rows_changed, transaction
from app.kernel.errors import NotFound
from app.kernel.types import RESIDENT, SYSTEM, Actor
from app.shared_issues import messages, queries, rules
from app.shared_issues.errors import Closed, NamesPerson, WrongState
from app.shared_issues.models import SharedIssueAnswer, SharedIssueContribution
from app.shared_issues.types import AnswerDraft, AnswerState

SETTLED = [state for state in AnswerState if state.settled]


@transaction
def answer(issue_id: int, draft: AnswerDraft, *, now: datetime) -> None:
    """Keep what a resident sent and tell the section; the same form sent twice is one answer.

    Raises NotFound, Closed.
    """
    issue = queries.public(issue_id)
    if not issue.takes_answers:
        raise Closed("この課題への受付は終わりました。")
    new = insert_into(SharedIssueAnswer).values(
        issue_id=issue_id,
        kind=draft.kind,
        name=draft.name,
        email=draft.email,
        phone=draft.phone,
        text=draft.text,
        state=AnswerState.NEW,
        note="",
        submission_key=hashlib.sha256(draft.submission_id.encode()).hexdigest(),
        sent_at=now,
        updated_at=now,
        updated_by="",
    )
    kept = new.on_conflict_do_nothing(index_elements=["submission_key"]).returning(SharedIssueAnswer.id)
    answer_id = db.session.scalar(kept)
    if answer_id is not None:
        audit.record("shared_issue.answered", "shared_issue", issue_id, by=RESIDENT, at=now)
        messages.answered(issue, answer_id, now=now)


@transaction
def deal_with(answer_id: int, state: AnswerState, note: str | None = None, *, by: Actor, now: datetime) -> None:
    """Say how far one has come, with a note for colleagues; None leaves the note as it is. Raises NotFound."""
    row = _locked(answer_id)
    row.state, row.note = state, row.note if note is None else note
    row.updated_at, row.updated_by = now, by.label[:100]
    _record("answer_dealt_with", row, by, now, [f"state={state.value}"])


@transaction
def show(answer_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """Let everybody read what was sent, in these words. Raises NotFound, WrongState, NamesPerson."""
    row = _locked(answer_id)
    if row.contribution_id is not None:
        raise WrongState("この回答は、すでに公開しています。")
    if rules.names_person(text, row.name, row.email, row.phone):
        raise NamesPerson("送った方の氏名か連絡先が入っています。取り除いてください。")
    told = SharedIssueContribution(issue_id=row.issue_id, text=text, shown_at=now, shown_by=by.label[:100])
    db.session.add(told)
    db.session.flush()  # the answer names it
    row.contribution_id, row.updated_at, row.updated_by = told.id, now, by.label[:100]
    _record("contribution_shown", row, by, now)


@transaction
def hide(issue_id: int, contribution_id: int, *, by: Actor, now: datetime) -> None:
    """Take such a text off the public page. Raises NotFound."""
    if not rows_changed(sa.delete(SharedIssueContribution).filter_by(id=contribution_id, issue_id=issue_id)):
        raise NotFound
    audit.record("shared_issue.contribution_hidden", "shared_issue", issue_id, by=by, at=now)


@transaction
def forget(answer_id: int, *, by: Actor, now: datetime) -> None:
    """Delete an answer with everything it says of the person; a text that was approved stays. Raises NotFound."""
    row = _locked(answer_id)
    db.session.delete(row)
    _record("answer_forgotten", row, by, now)


@transaction
def sweep(*, now: datetime) -> int:
    """Delete what was settled a year ago; returns how many answers that were."""
    old = sa.delete(SharedIssueAnswer).where(
        SharedIssueAnswer.state.in_(SETTLED), SharedIssueAnswer.updated_at <= now - rules.ANSWERS_KEPT
    )
    issues = list(db.session.scalars(old.returning(SharedIssueAnswer.issue_id)))
    for issue_id in sorted(set(issues)):
        audit.record("shared_issue.answer_forgotten", "shared_issue", issue_id, by=SYSTEM, at=now)
    return len(issues)


def _locked(answer_id: int) -> SharedIssueAnswer:
    held = sa.select(SharedIssueAnswer).filter_by(id=answer_id).with_for_update()
    row = db.session.scalar(held.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def _record(did: str, row: SharedIssueAnswer, by: Actor, now: datetime, fields: Sequence[str] = ()) -> None:
    audit.record(f"shared_issue.{did}", "shared_issue", row.issue_id, by=by, at=now, fields=fields)
