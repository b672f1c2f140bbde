"""Steps that the verbs of this room share. They never commit."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.accounts import queries, rules
from app.accounts.errors import WeakPassword
from app.accounts.models import StaffSession, User
from app.accounts.types import SignedIn
from app.infra import audit, tokens
from app.infra.db import db
from app.kernel.errors import NotFound


def begin(user: User, now: datetime) -> SignedIn:
    """Add a session for `user`, and forget those of anybody that no limit would let live."""
    key = tokens.random_id(32)
    user.signed_in_at = now
    db.session.execute(sa.delete(StaffSession).where(StaffSession.created_at <= now - rules.ABSOLUTE))
    db.session.add(StaffSession(key_hash=tokens.fingerprint(key), user_id=user.id, created_at=now, seen_at=now))
    staff = queries.staff_row(user)
    audit.record("session.opened", "user", user.id, by=staff.actor, at=now)
    return SignedIn(key, staff)


def locked(user_id: int) -> User:
    """An account that nobody else changes meanwhile. Raises NotFound."""
    user = db.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    return user


def end_sessions(user_id: int) -> None:
    """Whoever is signed in with the account is out at the next request."""
    db.session.execute(sa.delete(StaffSession).where(StaffSession.user_id == user_id))


def check_password(password: str, about: tuple[str, ...]) -> None:
    """Raises WeakPassword, with the rule that a new password breaks; `about`: what others know of its owner."""
    if sentence := rules.weakness(password, about):
        raise WeakPassword(sentence)
