"""What pages ask about accounts. Every list of people passes through _managed_by()."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.accounts import rules
from app.accounts.models import EventHelper, PasswordLink, StaffSession, User
from app.accounts.permissions import Permission, Role
from app.accounts.types import LinkOwner, PersonRow, StaffRow
from app.infra import tokens
from app.infra.db import db
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Page
from app.org import queries as org

PAGE_SIZE = 50
LINK_PURPOSE = "password"  # what its tokens are derived for


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


def link_owner(token: str, *, now: datetime) -> LinkOwner:
    """Who chooses a password with that link. Raises NotFound: used, replaced, too old, or nobody has the address."""
    return _owner(_live_link(PasswordLink.link_hash == tokens.fingerprint(token), now).email, now)


def password_link(link_id: int, *, now: datetime) -> tuple[LinkOwner, str, datetime]:
    """Whose link it is, its secret, made again for their mail, and when it was asked for. Raises NotFound."""
    link = _live_link(PasswordLink.id == link_id, now)
    return _owner(link.email, now), links.token_again(LINK_PURPOSE, link.link_nonce, link.link_hash), link.created_at


def _live_link(wanted: sa.ColumnElement[bool], now: datetime) -> PasswordLink:
    link = db.session.scalar(sa.select(PasswordLink).where(wanted, PasswordLink.created_at > now - rules.PASSWORD_LINK))
    if link is None:
        raise NotFound
    return link


def _owner(email: str, now: datetime) -> LinkOwner:
    """The account with that address, else the only member of staff with it.

    The address that the org room has opens no account that may do more than a member: who looks after staff data could
    otherwise take over an administrator's. Raises NotFound, also for disabled accounts.
    """
    user = db.session.scalar(sa.select(User).where(User.email == email))
    member = org.member_by_email(email, on=local_date(now)) if user is None else None
    if member is not None:
        user = db.session.scalar(sa.select(User).where(User.staff_member_id == member.id))
        if user is None:
            return LinkOwner(email, member.name, None, member.id)
        if user.role is not Role.MEMBER:
            raise NotFound
    if user is None or not user.active:
        raise NotFound
    return LinkOwner(email, user.name, user.id, user.staff_member_id)


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
