"""What we tell sections about their cards; each adds outbox rows to the caller's transaction.

Payloads name rows: of a resident nothing stands in a mail.
"""

from __future__ import annotations

from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.org.types import DutyKind
from app.shared_issues.models import SharedIssue
from app.shared_issues.types import IssueRow


def published(row: SharedIssue, *, now: datetime) -> None:
    """Their card can be read by everybody."""
    _tell("published", row.unit_id, row.id, now)


def returned(row: SharedIssue, *, now: datetime) -> None:
    """They get their card back."""
    _tell("returned", row.unit_id, row.id, now)


def answered(issue: IssueRow, answer_id: int, *, now: datetime) -> None:
    """Somebody answered their card."""
    _tell("answered", issue.unit.id, issue.id, now, answer=answer_id)


def _tell(kind: str, unit_id: int, issue_id: int, now: datetime, **more: int) -> None:
    for person in org.holders(unit_id, DutyKind.PROMOTER, on=local_date(now)):
        outbox.enqueue(
            Message(
                kind=f"shared_issue.{kind}",
                thread=f"shared_issue:{issue_id}:{person.id}",
                to_name=person.name,
                to_email=person.email,
                payload={"issue": issue_id, "member": person.id, **more},
            ),
            now=now,
        )
