"""Reading the audit log. Everyone who may read it reads a part: _seen_by() is the only way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from app.accounts.permissions import Permission, Role
from app.accounts.types import StaffRow
from app.delivery.models import OutboundMessage
from app.events.models import Event, Sitting
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.japanese_dates import TOKYO
from app.kernel.types import Page
from app.registrations.models import Registration

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One act, as the page shows it."""

    id: int
    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    fields: str
    reason: str | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What somebody looks for. `day` is a day in Japan."""

    object_type: str = ""
    object_id: str = ""
    actor: str = ""
    day: date | None = None


def entries(
    filters: LogFilters, *, seen_by: StaffRow, number: int = 1, url: Callable[[int], str] = str
) -> Page[EntryRow]:
    """A page of the log, the newest entry first."""
    wanted = [_seen_by(seen_by), *_matching(filters)]
    total = db.session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(*wanted)) or 0
    found = db.session.execute(
        sa.select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.actor_label,
            AuditEntry.action,
            AuditEntry.object_type,
            AuditEntry.object_id,
            AuditEntry.fields,
            AuditEntry.reason,
            AuditEntry.request_id,
        )
        .where(*wanted)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page([EntryRow(*row) for row in found], number, PAGE_SIZE, total, url)


def _matching(filters: LogFilters) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if filters.object_type:
        wanted.append(AuditEntry.object_type == filters.object_type)
    if filters.object_id:
        wanted.append(AuditEntry.object_id == filters.object_id)
    if filters.actor:
        wanted.append(AuditEntry.actor_label.contains(filters.actor, autoescape=True))
    if filters.day:
        begin = datetime.combine(filters.day, time(), TOKYO)
        wanted.append(AuditEntry.at.between(begin, begin + timedelta(days=1)))
    return wanted


def _seen_by(staff: StaffRow) -> sa.ColumnElement[bool]:
    """Auditors read all; administrators what concerns accounts; a section what concerns its own events."""
    if not staff.can(Permission.SEE_AUDIT):
        return sa.false()
    if staff.role is Role.AUDITOR:
        return sa.true()
    if staff.role is Role.ADMIN:
        return AuditEntry.object_type == "user"
    registrations = (
        sa.select(Registration.id).join(Event, Event.id == Registration.event_id).where(Event.section == staff.section)
    )
    threads = sa.select("registration:" + sa.cast(registrations.subquery().c.id, sa.String(40)))
    return sa.or_(
        # Venues and series belong to all sections alike.
        AuditEntry.object_type.in_(("venue", "series")),
        _about("event", sa.select(Event.id).where(Event.section == staff.section)),
        _about("sitting", sa.select(Sitting.id).join(Event).where(Event.section == staff.section)),
        _about("registration", registrations),
        _about("message", sa.select(OutboundMessage.id).where(OutboundMessage.thread.in_(threads))),
    )


def _about(object_type: str, ids: sa.Select[int]) -> sa.ColumnElement[bool]:
    as_text = sa.select(sa.cast(ids.subquery().c.id, sa.String(40)))
    return sa.and_(AuditEntry.object_type == object_type, AuditEntry.object_id.in_(as_text))
