"""What is done to accounts and sessions. Passwords are hashed before a transaction begins: it would hold the writer."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts import passwords, queries, rules, steps
from app.accounts.errors import (
    EmailTaken,
    LastAdministrator,
    NotAHelper,
    SectionMissing,
    WeakPassword,
    WrongCredentials,
    WrongEmail,
    WrongPassword,
)
from app.accounts.models import EventHelper, StaffSession, User
from app.accounts.permissions import Role
from app.accounts.types import NewPerson, SignedIn, StaffRow
from app.infra import audit, tokens
from app.infra.db import db, transaction
from app.kernel.types import Actor

log = logging.getLogger("tsudoi.accounts")

# `seen_at` is written at most this often: a page that only reads should rarely wait for the writer.
TOUCH_EVERY = timedelta(minutes=1)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def sign_in(email: str, password: str, *, now: datetime) -> SignedIn:
    """A new session. Raises WrongCredentials, after the same time whatever was wrong, and TooManySignIns."""
    known = queries.credentials(email.lower())
    # The read must not stay open while the password is hashed.
    db.session.rollback()
    matches = passwords.verify(password, known.password_hash if known else None)
    if known is None or not matches or not known.active or _expired(known.one_time_until, now):
        # Not in the audit log: a row for known accounts only would tell them from unknown ones by the clock.
        log.warning("sign-in refused")
        raise WrongCredentials
    better = passwords.hashed(password) if passwords.outdated(known.password_hash) else known.password_hash
    return _open_session(known, better, now)


@transaction
def sign_out(key: str, *, by: Actor, now: datetime) -> None:
    """End the session of `key`; its cookie opens nothing any more, wherever it was copied to."""
    db.session.execute(sa.delete(StaffSession).where(StaffSession.key_hash == tokens.fingerprint(key)))
    audit.record("session.closed", "user", by.id, by=by, at=now)


def resume(key: str, *, now: datetime) -> StaffRow | None:
    """Who holds the session of `key`, or None when it ended, rested too long, or its owner was disabled."""
    key_hash = tokens.fingerprint(key)
    found = queries.session(key_hash)
    if found is None or not found.active:
        return None
    if not rules.session_lives(found.staff.role, created_at=found.created_at, seen_at=found.seen_at, now=now):
        return None
    if now - found.seen_at >= TOUCH_EVERY:
        _touch(key_hash, now)
    return found.staff


def create_user(person: NewPerson, password: str | None, *, by: Actor, now: datetime) -> tuple[int, str | None]:
    """A new account: its id, and the one-time password to hand over when none was given.

    Raises WrongEmail, EmailTaken, SectionMissing, WeakPassword.
    """
    if not _EMAIL.fullmatch(person.email) or len(person.email) > 254:
        raise WrongEmail("メールアドレスの形を確かめてください。")
    if rules.needs_section(person.role) and not person.section:
        raise SectionMissing(f"{person.role.word}には所属が必要です。")
    if password is not None:
        steps.check_password(password, (person.email, person.name, person.section))
    one_time = passwords.one_time() if password is None else None
    return _create(person, passwords.hashed(password or one_time or ""), bool(one_time), by, now), one_time


def change_password(staff: StaffRow, present: str, password: str, *, now: datetime) -> SignedIn:
    """Set one's own password. Every session ends, a new one begins.

    Raises WrongPassword, WeakPassword, TooManySignIns.
    """
    known = queries.credentials(staff.email)
    db.session.rollback()
    if known is None or not passwords.verify(present, known.password_hash):
        raise WrongPassword("現在のパスワードが違います。")
    if rules.normal(present) == rules.normal(password):
        raise WeakPassword("現在のパスワードとは別のものにしてください。")
    steps.check_password(password, (staff.email, staff.name, staff.section))
    return _set_password(staff, passwords.hashed(password), now)


def issue_one_time_password(user_id: int, *, by: Actor, now: datetime) -> str:
    """A password to hand over; it only opens the page where it is changed. All sessions end. Raises NotFound."""
    one_time = passwords.one_time()
    _set_one_time(user_id, passwords.hashed(one_time), by, now)
    return one_time


@transaction
def disable(user_id: int, *, by: Actor, now: datetime) -> None:
    """Nobody signs in with the account any more; who is signed in is out at the next request.

    Raises NotFound, LastAdministrator.
    """
    admins = _lock_administrators()
    user = steps.locked(user_id)
    if not user.active:
        return
    _keep_an_administrator(user, admins)
    user.active = False
    steps.end_sessions(user_id)
    audit.record("user.disabled", "user", user_id, by=by, at=now, fields=("active",))


@transaction
def enable(user_id: int, *, by: Actor, now: datetime) -> None:
    """The account can be used again. Raises NotFound."""
    user = steps.locked(user_id)
    if user.active:
        return
    user.active = True
    audit.record("user.enabled", "user", user_id, by=by, at=now, fields=("active",))


@transaction
def set_role(user_id: int, role: Role, section: str, *, by: Actor, now: datetime) -> None:
    """Another role or section, from the next sign-in on: all sessions end.

    Raises NotFound, SectionMissing, LastAdministrator.
    """
    if rules.needs_section(role) and not section:
        raise SectionMissing(f"{role.word}には所属が必要です。")
    admins = _lock_administrators()
    user = steps.locked(user_id)
    changed = [name for name, value in (("role", role), ("section", section)) if getattr(user, name) != value]
    if not changed:
        return
    if role is not Role.ADMIN:
        _keep_an_administrator(user, admins)
    user.role, user.section = role, section
    if role is not Role.HELPER:
        db.session.execute(sa.delete(EventHelper).where(EventHelper.user_id == user_id))
    steps.end_sessions(user_id)
    audit.record("user.role_changed", "user", user_id, by=by, at=now, fields=changed)


@transaction
def bind_helper(user_id: int, event_id: int, *, by: Actor, now: datetime) -> None:
    """Let a reception helper work at an event. Twice is once. Raises NotFound, NotAHelper."""
    user = steps.locked(user_id)
    if user.role is not Role.HELPER:
        raise NotAHelper("研修会・講座に割り当てられるのは受付係だけです。")
    if db.session.get(EventHelper, (user_id, event_id)) is not None:
        return
    db.session.add(EventHelper(user_id=user_id, event_id=event_id))
    audit.record("user.bound_to_event", "user", user_id, by=by, at=now, fields=(f"event:{event_id}",))


@transaction
def unbind_helper(user_id: int, event_id: int, *, by: Actor, now: datetime) -> None:
    """End a helper's work at an event, from the next request on. Twice is once."""
    bound = db.session.get(EventHelper, (user_id, event_id))
    if bound is None:
        return
    db.session.delete(bound)
    audit.record("user.unbound_from_event", "user", user_id, by=by, at=now, fields=(f"event:{event_id}",))


@transaction
def _open_session(known: queries.Credentials, password_hash: str, now: datetime) -> SignedIn:
    user = steps.locked(known.user_id)
    if not user.active or user.password_hash != known.password_hash:
        raise WrongCredentials
    user.password_hash = password_hash
    return steps.begin(user, now)


@transaction
def _set_password(staff: StaffRow, password_hash: str, now: datetime) -> SignedIn:
    user = steps.locked(staff.id)
    user.password_hash, user.one_time_until = password_hash, None
    steps.end_sessions(user.id)
    audit.record("user.password_changed", "user", user.id, by=staff.actor, at=now, fields=("password",))
    return steps.begin(user, now)


@transaction
def _set_one_time(user_id: int, password_hash: str, by: Actor, now: datetime) -> None:
    user = steps.locked(user_id)
    user.password_hash, user.one_time_until = password_hash, now + rules.ONE_TIME_PASSWORD
    steps.end_sessions(user_id)
    audit.record("user.one_time_password", "user", user_id, by=by, at=now, fields=("password",))


@transaction
def _create(person: NewPerson, password_hash: str, one_time: bool, by: Actor, now: datetime) -> int:
    user = User(
        email=person.email.lower(),
        name=person.name,
        role=person.role,
        section=person.section,
        staff_member_id=person.staff_member_id,
        password_hash=password_hash,
        one_time_until=now + rules.ONE_TIME_PASSWORD if one_time else None,
        created_at=now,
        active=True,
    )
    db.session.add(user)
    try:
        # The audit entry needs the new id.
        db.session.flush()
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in ("uq_staff_user_email", "staff_user.email")):
            raise
        raise EmailTaken("このメールアドレスは登録済みです。") from error
    audit.record("user.created", "user", user.id, by=by, at=now, fields=("email", "name", "role", "section"))
    return user.id


@transaction
def _touch(key_hash: str, now: datetime) -> None:
    db.session.execute(sa.update(StaffSession).where(StaffSession.key_hash == key_hash).values(seen_at=now))


def _lock_administrators() -> Sequence[int]:
    """Who can manage accounts. These rows are locked first and in one order: two verbs never wait for each other."""
    admins = sa.select(User.id).where(User.role == Role.ADMIN, User.active).order_by(User.id)
    return db.session.scalars(admins.with_for_update()).all()


def _keep_an_administrator(user: User, admins: Sequence[int]) -> None:
    if list(admins) == [user.id]:
        raise LastAdministrator(
            "ほかに有効なシステム管理者がいないため、変更できません。先に別の管理者を登録してください。"
        )


def _expired(one_time_until: datetime | None, now: datetime) -> bool:
    return one_time_until is not None and one_time_until <= now
