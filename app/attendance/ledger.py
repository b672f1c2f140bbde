"""The ledger of certificates: who has one, who is due one, and the steps that verbs share. Nothing commits here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.attendance.models import Certificate, CertificateLedger
from app.attendance.types import CertificateRow
from app.events.models import Sitting
from app.infra import audit
from app.infra.db import db, insert_into
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.registrations.models import Registration, Substitution
from app.registrations.types import Status

_ROW: tuple[Any, ...] = (
    Certificate.id, Certificate.fiscal_year, Certificate.number, Certificate.event_id, Certificate.name,
    Certificate.title, Certificate.attended_on, Certificate.issued_on, Certificate.issuer, Certificate.revoked_reason,
)  # fmt: skip


def of_event(event_id: int) -> list[CertificateRow]:
    """What was issued for an event, by number; withdrawn ones too."""
    return _rows(Certificate.event_id == event_id)


def of_member(member_id: int) -> list[CertificateRow]:
    """What was issued to a member of staff, the newest first; withdrawn ones too."""
    own = sa.select(Registration.id).where(Registration.staff_member_id == member_id)
    return _rows(Certificate.registration_id.in_(own))[::-1]


def one_of_member(certificate_id: int, member_id: int) -> CertificateRow:
    """One's own certificate while it is valid. Raises NotFound, also for somebody else's and a withdrawn one."""
    for row in of_member(member_id):
        if row.id == certificate_id and not row.revoked_reason:
            return row
    raise NotFound


def due(event_id: int) -> Sequence[tuple[Registration, datetime]]:
    """Who came in person and has no valid certificate, with when their sitting began: by sitting, then by reading."""
    has_one = sa.exists().where(Certificate.registration_id == Registration.id, Certificate.revoked_at.is_(None))
    sent_another = sa.exists().where(Substitution.registration_id == Registration.id)
    chosen = (
        sa.select(Registration, Sitting.starts_at)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .where(
            Registration.event_id == event_id,
            Registration.status == Status.CONFIRMED,
            Registration.attended,
            ~has_one,
            ~sent_another,
        )
        .order_by(Sitting.starts_at, Registration.kana_order, Registration.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(chosen.execution_options(populate_existing=True))]


def draw(fiscal_year: int, count: int) -> int:
    """The first of the next `count` numbers of a year. They are given back where the transaction fails: no gaps."""
    db.session.execute(insert_into(CertificateLedger).values(fiscal_year=fiscal_year, last=0).on_conflict_do_nothing())
    drawn = (
        sa.update(CertificateLedger)
        .where(CertificateLedger.fiscal_year == fiscal_year)
        .values(last=CertificateLedger.last + count)
        .returning(CertificateLedger.last)
    )
    last: int = db.session.execute(drawn).scalar_one()
    return last - count + 1


def is_valid(certificate_id: int) -> bool:
    """Whether a certificate was not withdrawn."""
    valid = sa.exists().where(Certificate.id == certificate_id, Certificate.revoked_at.is_(None))
    return bool(db.session.scalar(sa.select(valid)))


def withdraw(registration_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """The certificate of a registration holds no more; its number stays. Nothing happens where there is none."""
    valid = sa.select(Certificate).where(
        Certificate.registration_id == registration_id, Certificate.revoked_at.is_(None)
    )
    row = db.session.scalar(valid)
    if row is not None:
        row.revoked_at, row.revoked_reason = now, reason
        audit.record("certificate.revoked", "certificate", row.id, by=by, at=now, reason=reason)


def _rows(*wanted: sa.ColumnElement[bool]) -> list[CertificateRow]:
    chosen = sa.select(*_ROW).where(*wanted).order_by(Certificate.fiscal_year, Certificate.number)
    return [CertificateRow(*row) for row in db.session.execute(chosen)]
