"""What groups and reviewers are told by mail, one function a message; a group without an address is called.

Payloads name the proposal or the reviewer, never a secret link.
"""

from __future__ import annotations

from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message
from app.proposals.models import Proposal, Reviewer

STARTED, SUBMITTED, RETURNED = "proposal.started", "proposal.submitted", "proposal.returned"
DECIDED, INVITED = "proposal.decided", "reviewer.invited"


def started(row: Proposal, *, now: datetime) -> None:
    """The link with which the group goes on."""
    _tell(STARTED, row, now)


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


def _tell(kind: str, row: Proposal, now: datetime) -> None:
    if not row.email:
        return
    message = Message(
        kind=kind,
        thread=f"proposal:{row.public_id}",
        to_name=row.contact_name,
        to_email=row.email,
        payload={"proposal": row.public_id, "version": row.version},
    )
    outbox.enqueue(message, now=now)
