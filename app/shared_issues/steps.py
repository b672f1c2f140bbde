"""Steps that verbs of this room share; they never commit."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.shared_issues import rules
from app.shared_issues.errors import ChangedMeanwhile
from app.shared_issues.models import SharedIssue
from app.shared_issues.types import IssueDraft

WRITTEN = tuple(IssueDraft.__slots__)


def locked(issue_id: int) -> SharedIssue:
    """A card, held until the verb ends. Raises NotFound."""
    held = sa.select(SharedIssue).filter_by(id=issue_id).with_for_update()
    row = db.session.scalar(held.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def draft_of(row: SharedIssue) -> IssueDraft:
    """What is written on a card."""
    return IssueDraft(**{name: getattr(row, name) for name in WRITTEN})


def write(row: SharedIssue, draft: IssueDraft, version: int, *, by: Actor, now: datetime) -> list[str]:
    """Put a text in the place of another; returns the names of what changed. Raises ChangedMeanwhile."""
    if row.version != version:
        raise ChangedMeanwhile(
            f"{row.updated_by}さんが先に保存しています。入力した内容は、まだ保存されていません。"
            "写してから画面を開き直し、両方を確かめてください。"
        )
    changed = [name for name in WRITTEN if getattr(row, name) != getattr(draft, name)]
    for name in changed:
        setattr(row, name, getattr(draft, name))
    row.search = rules.search_text(draft)
    touch(row, by=by, now=now)
    return changed


def touch(row: SharedIssue, *, by: Actor, now: datetime) -> None:
    """Note who changed a card, so that a form opened before does not overwrite it."""
    row.version += 1
    row.updated_at, row.updated_by = now, by.label[:100]
