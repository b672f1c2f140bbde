"""What we tell sections about their worksheets; each adds outbox rows to the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.org.rules import is_head
from app.org.types import DutyKind, MemberRow
from app.worksheets.models import Worksheet


def approval_wanted(row: Worksheet, *, now: datetime) -> None:
    """The heads of the section are asked to confirm what was handed in."""
    working = org.members_of([row.unit_id], on=local_date(now))
    _tell(row, "approval_wanted", [member for member in working if is_head(member.position)], now)


def returned(row: Worksheet, *, now: datetime) -> None:
    """The section's promoter gets it back."""
    _tell(row, "returned", _promoters(row, now), now)


def accepted(row: Worksheet, *, now: datetime) -> None:
    """The section's promoter need do nothing more."""
    _tell(row, "accepted", _promoters(row, now), now)


def _promoters(row: Worksheet, now: datetime) -> list[MemberRow]:
    return org.holders(row.unit_id, DutyKind.PROMOTER, on=local_date(now))


def _tell(row: Worksheet, kind: str, people: Iterable[MemberRow], now: datetime) -> None:
    for person in people:
        outbox.enqueue(
            Message(
                kind=f"worksheet.{kind}",
                thread=f"worksheet:{row.id}:{person.id}",
                to_name=person.name,
                to_email=person.email,
                payload={"worksheet": row.id, "member": person.id, "version": row.version},
            ),
            now=now,
        )
