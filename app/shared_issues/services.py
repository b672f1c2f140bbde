"""What sections do with their cards. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.types import Actor
from app.shared_issues import rules, steps
from app.shared_issues.errors import WrongState
from app.shared_issues.models import SharedIssue, SharedIssueAnswer, SharedIssueLink
from app.shared_issues.types import IN_HAND, IssueDraft, Progress, Stage


@transaction
def begin(unit_id: int, draft: IssueDraft, *, by: Actor, now: datetime) -> int:
    """A section's new card, whatever is still missing on it; returns its id."""
    row = SharedIssue(
        unit_id=unit_id,
        stage=Stage.DRAFT,
        search=rules.search_text(draft),
        created_at=now,
        updated_at=now,
        updated_by=by.label[:100],
        **{name: getattr(draft, name) for name in steps.WRITTEN},
    )
    db.session.add(row)
    db.session.flush()  # the audit entry names its number
    audit.record("shared_issue.begun", "shared_issue", row.id, by=by, at=now)
    return row.id


@transaction
def revise(issue_id: int, draft: IssueDraft, *, version: int, by: Actor, now: datetime) -> int:
    """Keep what the section has typed; returns the new version. Raises NotFound, WrongState, ChangedMeanwhile."""
    row = steps.locked(issue_id)
    rules.check_stage(row.stage, IN_HAND, "変更")
    changed = steps.write(row, draft, version, by=by, now=now)
    _record("revised", row, by, now, changed)
    return row.version


@transaction
def propose(issue_id: int, *, by: Actor, now: datetime) -> None:
    """Hand it to the organizer. Raises NotFound, WrongState, Incomplete."""
    row = steps.locked(issue_id)
    rules.check_stage(row.stage, IN_HAND, "提案")
    rules.check_complete(steps.draft_of(row))
    row.stage, row.remark, row.proposed_at = Stage.PROPOSED, "", now
    steps.touch(row, by=by, now=now)
    _record("proposed", row, by, now)


@transaction
def withdraw(issue_id: int, *, by: Actor, now: datetime) -> None:
    """The section takes it back to put something right. Raises NotFound, WrongState."""
    row = steps.locked(issue_id)
    rules.check_stage(row.stage, [Stage.PROPOSED], "取下げ")
    row.stage = Stage.DRAFT
    steps.touch(row, by=by, now=now)
    _record("withdrawn", row, by, now)


@transaction
def move_on(issue_id: int, progress: Progress, *, by: Actor, now: datetime) -> None:
    """Say what is being done about a published issue. Raises NotFound, WrongState."""
    row = steps.locked(issue_id)
    rules.check_stage(row.stage, [Stage.PUBLISHED], "状態の変更")
    if row.progress is not progress:
        row.progress = progress
        steps.touch(row, by=by, now=now)
        _record("moved_on", row, by, now, [f"progress={progress.value}"])


@transaction
def discard(issue_id: int, *, by: Actor, now: datetime) -> None:
    """Throw a card away that was never public. Raises NotFound, WrongState."""
    row = steps.locked(issue_id)
    rules.check_stage(row.stage, IN_HAND, "削除")
    answered = db.session.scalar(sa.select(SharedIssueAnswer.id).filter_by(issue_id=issue_id).limit(1))
    if row.published_at is not None or answered is not None:
        raise WrongState("一度公開したカードは、記録として残ります。削除できません。")
    db.session.execute(sa.delete(SharedIssueLink).filter_by(issue_id=issue_id))
    db.session.delete(row)
    _record("discarded", row, by, now)


def _record(did: str, row: SharedIssue, by: Actor, now: datetime, fields: Sequence[str] = ()) -> None:
    audit.record(f"shared_issue.{did}", "shared_issue", row.id, by=by, at=now, fields=fields)
