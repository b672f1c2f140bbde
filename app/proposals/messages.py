"""What groups, reviewers and sections are told by mail, one function a message; who has no address is called.

Payloads name the proposal, the reviewer or the theme, never a secret link.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON
from app.org import queries as org
from app.org.types import DutyKind
from app.proposals.models import Proposal, ProposalTheme, Reviewer
from app.proposals.report_types import ReportKind

LINK, STARTED, SUBMITTED, RETURNED = "proposal.link", "proposal.started", "proposal.submitted", "proposal.returned"
DECIDED, INVITED = "proposal.decided", "reviewer.invited"
REPORT_RETURNED = "proposal.report_returned"
THEME_RETURNED, THEME_ACCEPTED = "proposal_theme.returned", "proposal_theme.accepted"


def thread_of(public_id: str) -> str:
    """Where everything stands that was told about a proposal."""
    return f"proposal:{public_id}"


def thread_of_reviewer(public_id: str) -> str:
    """Where everything stands that a reviewer was told."""
    return f"reviewer:{public_id}"


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
        thread=thread_of_reviewer(row.public_id),
        to_name=row.name,
        to_email=row.email,
        payload={"reviewer": row.public_id},
    )
    outbox.enqueue(message, now=now)


def report_returned(row: Proposal, kind: ReportKind, version: int, *, now: datetime) -> None:
    """What has to be put right in a report, and where."""
    _tell(REPORT_RETURNED, row, now, {"kind": kind, "report": version})


def theme_returned(row: ProposalTheme, *, now: datetime) -> None:
    """The section's promoters: what has to be put right."""
    _tell_promoters(THEME_RETURNED, row, now)


def theme_accepted(row: ProposalTheme, *, now: datetime) -> None:
    """The section's promoters: groups can choose it once it is public."""
    _tell_promoters(THEME_ACCEPTED, row, now)


def _tell_promoters(kind: str, row: ProposalTheme, now: datetime) -> None:
    for person in org.holders(row.unit_id, DutyKind.PROMOTER, on=local_date(now)):
        if person.email:
            message = Message(
                kind=kind,
                thread=f"proposal_theme:{row.id}:{person.id}",
                to_name=person.name,
                to_email=person.email,
                payload={"theme": row.id, "member": person.id},
            )
            outbox.enqueue(message, now=now)


def _tell(kind: str, row: Proposal, now: datetime, more: Mapping[str, JSON] | None = None) -> None:
    if not row.email:
        return
    message = Message(
        kind=kind,
        thread=thread_of(row.public_id),
        to_name=row.contact_name,
        to_email=row.email,
        payload={"proposal": row.public_id, "version": row.version, **(more or {})},
    )
    outbox.enqueue(message, now=now)
