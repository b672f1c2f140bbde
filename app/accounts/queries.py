"""What pages ask about accounts. Every list of people passes through _managed_by()."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import EventHelper, StaffSession, User
from app.accounts.permissions import Permission, Role
from app.accounts.types import PersonRow, StaffRow
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import Page

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A stored session and whose it is."""

    staff: StaffRow
    active: bool
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What sign-in compares."""

    user_id: int
    password_hash: str
    active: bool
    one_time_until: datetime | None


def credentials(email: str) -> Credentials | None:
    """The account of a cleaned address."""
    row = db.session.execute(
        sa.select(User.id, User.password_hash, User.active, User.one_time_until).where(User.email == email)
    ).one_or_none()
    return Credentials(*row) if row else None


def session(key_hash: str) -> SessionRow | None:
    """The session with that fingerprint."""
    row = db.session.execute(
        sa.select(User, StaffSession.created_at, StaffSession.seen_at)
        .join(StaffSession, StaffSession.user_id == User.id)
        .where(StaffSession.key_hash == key_hash)
    ).one_or_none()
    if row is None:
        return None
    user, created_at, seen_at = row
    return SessionRow(staff_row(user), user.active, created_at, seen_at)


def staff_row(user: User) -> StaffRow:
    """An account as the rest of the application sees it; for a helper with the events bound to."""
    helps = _events_of([user.id])[user.id] if user.role is Role.HELPER else ()
    return StaffRow(
        id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        section=user.section,
        must_change=user.one_time_until is not None,
        helps=frozenset(helps),
        member_id=user.staff_member_id,
    )


def people(
    *,
    seen_by: StaffRow,
    number: int = 1,
    role: Role | None = None,
    word: str = "",
    url: Callable[[int], str] = str,
) -> Page[PersonRow]:
    """A page of the accounts that `seen_by` may manage, by section and name; `word` is part of a name or an address."""
    found = _managed_by(seen_by)
    if role is not None:
        found = found.where(User.role == role)
    if word:
        found = found.where(
            User.name.contains(word, autoescape=True) | User.email.contains(word.lower(), autoescape=True)
        )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
    order = (User.active.desc(), User.section, User.name, User.id)
    users = db.session.scalars(found.order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    events = _events_of([user.id for user in users])
    return Page([_person(user, events[user.id]) for user in users], number, PAGE_SIZE, total, url)


def person(user_id: int, *, seen_by: StaffRow) -> PersonRow:
    """One account. Raises NotFound, also for one that `seen_by` may not manage."""
    user = db.session.scalar(_managed_by(seen_by).where(User.id == user_id))
    if user is None:
        raise NotFound
    return _person(user, _events_of([user_id])[user_id])


def everybody() -> list[PersonRow]:
    """All accounts, for the operator's terminal."""
    users = db.session.scalars(sa.select(User).order_by(User.email)).all()
    events = _events_of([user.id for user in users])
    return [_person(user, events[user.id]) for user in users]


def helpers_of(event_id: int) -> list[PersonRow]:
    """The reception helpers of an event, by name."""
    users = db.session.scalars(
        sa.select(User)
        .join(EventHelper, EventHelper.user_id == User.id)
        .where(EventHelper.event_id == event_id)
        .order_by(User.name, User.id)
    ).all()
    return [_person(user, (event_id,)) for user in users]


def _managed_by(staff: StaffRow) -> sa.Select[User]:
    every = sa.select(User)
    if staff.can(Permission.MANAGE_PEOPLE):
        return every
    if staff.can(Permission.MANAGE_HELPERS):
        return every.where(User.role == Role.HELPER, User.section == staff.section)
    return every.where(sa.false())


def _events_of(user_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = dict.fromkeys(user_ids, ())
    bound = sa.select(EventHelper.user_id, EventHelper.event_id).where(EventHelper.user_id.in_(user_ids))
    for user_id, event_id in db.session.execute(bound.order_by(EventHelper.event_id)):
        found[user_id] += (event_id,)
    return found


def _person(user: User, helps: tuple[int, ...]) -> PersonRow:
    return PersonRow(
        id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        section=user.section,
        active=user.active,
        one_time_until=user.one_time_until,
        signed_in_at=user.signed_in_at,
        helps=helps,
    )
