"""The ledger of certificates: who has one, who is due one, and the steps that verbs share. Nothing commits here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.attendance import completing
from app.attendance.models import Attendance, Certificate, CertificateLedger
from app.attendance.types import CAME, CertificateRow, Completion
from app.events.choices import SittingsTaken
from app.events.models import Event, Sitting
from app.infra import audit
from app.infra.db import db, insert_into
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.registrations import places
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
    return _rows(Certificate.staff_member_id == member_id)[::-1]


def by_ids(certificate_ids: Collection[int]) -> list[CertificateRow]:
    """These certificates, by number."""
    return _rows(Certificate.id.in_(certificate_ids))


def holders(event_id: int) -> set[int]:
    """Members of staff who have got one for an event: no withdrawn one, whichever way it was issued."""
    valid = sa.select(Certificate.staff_member_id).where(
        Certificate.event_id == event_id, Certificate.staff_member_id.is_not(None), Certificate.revoked_at.is_(None)
    )
    return {member_id for member_id in db.session.scalars(valid) if member_id is not None}


def one_of_member(certificate_id: int, member_id: int) -> CertificateRow:
    """One's own certificate while it is valid. Raises NotFound, also for somebody else's and a withdrawn one."""
    for row in of_member(member_id):
        if row.id == certificate_id and not row.revoked_reason:
            return row
    raise NotFound


def due(event_id: int) -> Sequence[tuple[Registration, datetime]]:
    """Who came in person and has no valid certificate, with when what they came to last began: by that, by reading.

    Of a course: who came often enough.
    """
    as_member = sa.and_(
        Certificate.event_id == Registration.event_id, Certificate.staff_member_id == Registration.staff_member_id
    )
    has_one = sa.exists().where(
        sa.or_(Certificate.registration_id == Registration.id, as_member), Certificate.revoked_at.is_(None)
    )
    sent_another = sa.exists().where(Substitution.registration_id == Registration.id)
    chosen = (
        sa.select(Registration, completing.LAST.label("last"))
        .where(
            Registration.event_id == event_id,
            Registration.status == Status.CONFIRMED,
            completing.COMPLETE,
            ~has_one,
            ~sent_another,
        )
        .order_by("last", Registration.kana_order, Registration.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(chosen.execution_options(populate_existing=True))]


def times_needed(event: Event) -> int:
    """To how many meetings of it one comes to complete it."""
    if event.sittings_taken is not SittingsTaken.ALL:
        return 1
    meetings = sa.select(sa.func.count(Sitting.id)).where(Sitting.event_id == event.id)
    return event.completed_after or db.session.scalar(meetings) or 1


def times_elsewhere(registration: Registration, sitting: Sitting) -> int:
    """To how many other meetings of a course somebody came."""
    if places.event_of(sitting).sittings_taken is not SittingsTaken.ALL:
        return 0
    times = sa.select(sa.func.count(Attendance.id)).where(
        Attendance.registration_id == registration.id,
        Attendance.sitting_id != sitting.id,
        Attendance.status.in_(CAME),
    )
    return db.session.scalar(times) or 0


def lock_sittings(event_id: int) -> None:
    """No mark of the event changes, and nobody else issues for it, until the transaction ends."""
    for sitting_id in db.session.scalars(sa.select(Sitting.id).filter_by(event_id=event_id).order_by(Sitting.id)).all():
        places.lock_meeting(sitting_id)


def enter(event_id: int, completions: Sequence[Completion], *, issuer: str, now: datetime) -> list[int]:
    """Write a certificate for each, under the next numbers of the fiscal year; returns their ids, in that order."""
    if not completions:
        return []
    year = fiscal_year(now)
    rows = [
        Certificate(
            fiscal_year=year,
            number=number,
            event_id=event_id,
            registration_id=one.registration_id,
            staff_member_id=one.member_id,
            name=one.name,
            title=one.title,
            attended_on=one.day,
            issued_on=local_date(now),
            issuer=issuer,
        )
        for number, one in enumerate(completions, draw(year, len(completions)))
    ]
    db.session.add_all(rows)
    db.session.flush()  # their ids are the answer
    return [row.id for row in rows]


def draw(year: int, count: int) -> int:
    """The first of the next `count` numbers of a year. They are given back where the transaction fails: no gaps."""
    db.session.execute(insert_into(CertificateLedger).values(fiscal_year=year, last=0).on_conflict_do_nothing())
    drawn = (
        sa.update(CertificateLedger)
        .where(CertificateLedger.fiscal_year == year)
        .values(last=CertificateLedger.last + count)
        .returning(CertificateLedger.last)
    )
    last: int = db.session.execute(drawn).scalar_one()
    return last - count + 1


def withdraw(registration_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """The certificate of a registration holds no more; its number stays. Nothing happens where there is none."""
    _withdraw(Certificate.registration_id == registration_id, reason, by, now)


def withdraw_one(certificate_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """The same for a certificate by itself. A second time changes nothing."""
    _withdraw(Certificate.id == certificate_id, reason, by, now)


def _withdraw(which: sa.ColumnElement[bool], reason: str, by: Actor, now: datetime) -> None:
    row = db.session.scalar(sa.select(Certificate).where(which, Certificate.revoked_at.is_(None)).with_for_update())
    if row is not None:
        row.revoked_at, row.revoked_reason = now, reason
        audit.record("certificate.revoked", "certificate", row.id, by=by, at=now, reason=reason)


def _rows(*wanted: sa.ColumnElement[bool]) -> list[CertificateRow]:
    chosen = sa.select(*_ROW).where(*wanted).order_by(Certificate.fiscal_year, Certificate.number)
    return [CertificateRow(*row) for row in db.session.execute(chosen)]
