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
from app.worksheets import queries
from app.worksheets.models import Worksheet


def approval_wanted(row: Worksheet, *, now: datetime) -> None:
    """The heads of the section are asked to confirm what was handed in."""
    working = org.members_of([row.unit_id], on=local_date(now))
    _tell(row, "approval_wanted", [member for member in working if is_head(member.position)], now)


def returned(row: Worksheet, *, now: datetime) -> None:
    """Those who are concerned get it back."""
    _tell(row, "returned", _concerned(row, now), now)


def accepted(row: Worksheet, *, now: datetime) -> None:
    """Those who are concerned need do nothing more."""
    _tell(row, "accepted", _concerned(row, now), now)


def _concerned(row: Worksheet, now: datetime) -> list[MemberRow]:
    """The section's promoters and who handed it in, each once; who can no longer open it is not told."""
    day, sender = local_date(now), row.submitted_member_id
    promoters = org.holders(row.unit_id, DutyKind.PROMOTER, on=day)
    if sender is None or sender in {one.id for one in promoters}:
        return promoters
    year = queries.template(row.template_id).fiscal_year
    writes = row.unit_id in {unit.id for unit in queries.units_of_member(sender, on=day, fiscal_year=year)}
    return [*promoters, *([org.member(sender, on=day)] if writes else [])]


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
