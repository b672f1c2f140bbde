"""What groups and reviewers are told by mail, one function a message; a group without an address is called.

Payloads name the proposal or the reviewer, never a secret link.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message
from app.kernel.types import JSON
from app.proposals.models import Proposal, Reviewer
from app.proposals.report_types import ReportKind

LINK, STARTED, SUBMITTED, RETURNED = "proposal.link", "proposal.started", "proposal.submitted", "proposal.returned"
DECIDED, INVITED = "proposal.decided", "reviewer.invited"
REPORT_RETURNED = "proposal.report_returned"


def started(row: Proposal, *, now: datetime) -> None:
    """The link with which the group goes on."""
    _tell(STARTED, row, now)


def link_again(row: Proposal, *, now: datetime) -> None:
    """The same link, for a group that lost it."""
    _tell(LINK, row, now)


def submitted(row: Proposal, *, now: datetime) -> None:
    """It was handed in: the reference number."""
    _tell(SUBMITTED, row, now)


def returned(row: Proposal, *, now: datetime) -> None:
    """What has to be put right, and until when."""
    _tell(RETURNED, row, now)


def decided(row: Proposal, *, now: datetime) -> None:
    """What was decided."""
    _tell(DECIDED, row, now)


def invited(row: Reviewer, *, now: datetime) -> None:
    """The link with which a reviewer screens."""
    message = Message(
        kind=INVITED,
        thread=f"reviewer:{row.public_id}",
        to_name=row.name,
        to_email=row.email,
        payload={"reviewer": row.public_id},
    )
    outbox.enqueue(message, now=now)


def report_returned(row: Proposal, kind: ReportKind, version: int, *, now: datetime) -> None:
    """What has to be put right in a report, and where."""
    _tell(REPORT_RETURNED, row, now, {"kind": kind, "report": version})


def _tell(kind: str, row: Proposal, now: datetime, more: Mapping[str, JSON] | None = None) -> None:
    if not row.email:
        return
    message = Message(
        kind=kind,
        thread=f"proposal:{row.public_id}",
        to_name=row.contact_name,
        to_email=row.email,
        payload={"proposal": row.public_id, "version": row.version, **(more or {})},
    )
    outbox.enqueue(message, now=now)
