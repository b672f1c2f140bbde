"""Certificates (修了証) for those who came: numbered in each fiscal year without gaps, as they are printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from app.attendance import ledger
from app.attendance.types import CertificateRow, Completion
from app.documents.types import CertificateSheet
from app.events import queries as events
from app.infra import audit
from app.infra.db import transaction
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import era_year, local_date
from app.kernel.types import Actor


@transaction
def issue(event_id: int, *, issuer: str, by: Actor, now: datetime) -> int:
    """Give one to everybody who came in person and has none; returns how many. Raises NotFound.

    The sittings are locked first: no mark changes between the look and the certificate.
    """
    event = events.by_id(event_id)
    ledger.lock_sittings(event_id)
    came = [
        Completion(one.name, event.full_title, local_date(starts_at), one.id, one.staff_member_id)
        for one, starts_at in ledger.due(event_id)
    ]
    if not came:
        return 0
    ledger.enter(event_id, came, issuer=issuer, now=now)
    audit.record("certificate.issued", "event", event_id, by=by, at=now, fields=[f"rows={len(came)}"])
    return len(came)


@transaction
def withdraw(certificate_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """One that was issued wrongly holds no more; its number stays, and who came can be issued another.

    A second time changes nothing. Raises NotFound.
    """
    if not ledger.by_ids([certificate_id]):
        raise NotFound
    ledger.withdraw_one(certificate_id, reason, by=by, now=now)


def sheets(rows: Iterable[CertificateRow]) -> list[CertificateSheet]:
    """Certificates as they are printed."""
    return [
        CertificateSheet(
            number=row.number_text,
            name=row.name,
            title=row.title,
            attended=_day(row.attended_on),
            issued=_day(row.issued_on),
            issuer=row.issuer,
        )
        for row in rows
    ]


def _day(day: date) -> str:
    """令和8年6月2日: without the weekday, as a deed is dated."""
    return f"{era_year(day)}{day.month}月{day.day}日"
