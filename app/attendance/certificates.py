"""Certificates (修了証) for those who came: numbered in each fiscal year without gaps, as they are printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from app.attendance import ledger
from app.attendance.models import Certificate
from app.attendance.types import CertificateRow
from app.documents.types import CertificateSheet
from app.events import queries as events
from app.events.models import Sitting
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import era_year, local_date
from app.kernel.types import Actor
from app.registrations import places


@transaction
def issue(event_id: int, *, issuer: str, by: Actor, now: datetime) -> int:
    """Give one to everybody who came in person and has none; returns how many. Raises NotFound.

    The sittings are locked first: no mark changes between the look and the certificate.
    """
    event = events.by_id(event_id)
    for sitting_id in db.session.scalars(sa.select(Sitting.id).filter_by(event_id=event_id).order_by(Sitting.id)).all():
        places.lock(sitting_id)
    waiting = ledger.due(event_id)
    if not waiting:
        return 0
    year = fiscal_year(now)
    first = ledger.draw(year, len(waiting))
    for number, (registration, starts_at) in enumerate(waiting, first):
        row = Certificate(
            fiscal_year=year,
            number=number,
            event_id=event_id,
            registration_id=registration.id,
            name=registration.name,
            title=event.full_title,
            attended_on=local_date(starts_at),
            issued_on=local_date(now),
            issuer=issuer,
        )
        db.session.add(row)
    audit.record("certificate.issued", "event", event_id, by=by, at=now, fields=[f"rows={len(waiting)}"])
    return len(waiting)


@transaction
def withdraw(certificate_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """One that was issued wrongly holds no more; its number stays, and who came can be issued another.

    A second time changes nothing. Raises NotFound.
    """
    registration_id = db.session.scalar(sa.select(Certificate.registration_id).where(Certificate.id == certificate_id))
    if registration_id is None:
        raise NotFound
    places.locked(registration_id)
    if ledger.is_valid(certificate_id):
        ledger.withdraw(registration_id, reason, by=by, now=now)


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
