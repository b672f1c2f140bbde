"""A password chosen through a mailed link: the first one, or a new one for whoever forgot theirs.

Asking does the same work whatever the address is, and says the same (OWASP Forgot Password; ASVS 6.3.8): whether
anybody has it is decided when the mail is about to leave. The link is good once and for half an hour (ASVS 6.4.1).
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.accounts import passwords, queries, rules, steps
from app.accounts.models import PasswordLink, User
from app.accounts.permissions import Role
from app.accounts.types import LinkOwner, SignedIn
from app.delivery import outbox
from app.delivery.types import Message
from app.infra import audit, tokens
from app.infra.db import db, transaction
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.types import Actor, ActorKind


@transaction
def ask(email: str, *, now: datetime) -> None:
    """Have a link mailed to a cleaned address, if somebody can sign in with it; an earlier link is dead from now on."""
    email, nonce = email.lower(), tokens.random_id()
    stale = (PasswordLink.email == email) | (PasswordLink.created_at <= now - rules.PASSWORD_LINK)
    db.session.execute(sa.delete(PasswordLink).where(stale))
    fingerprint = tokens.fingerprint(links.token(queries.LINK_PURPOSE, nonce))
    link = PasswordLink(email=email, link_nonce=nonce, link_hash=fingerprint, created_at=now)
    db.session.add(link)
    # The message names the new id.
    db.session.flush()
    message = Message(
        kind="accounts.password_link",
        thread=f"password:{link.id}",
        to_name="",
        to_email=email,
        payload={"link": link.id},
    )
    outbox.enqueue(message, now=now)


def choose(token: str, password: str, *, now: datetime) -> SignedIn:
    """Set the password of whoever was mailed the link, and sign them in; every other session of theirs ends.

    A member of staff who has no account yet gets one. Raises NotFound (used, replaced, too old), WeakPassword,
    TooManySignIns.
    """
    owner = queries.link_owner(token, now=now)
    # The read must not stay open while the password is hashed.
    db.session.rollback()
    steps.check_password(password, (owner.email, owner.name))
    return _choose(token, passwords.hashed(password), now)


@transaction
def _choose(token: str, password_hash: str, now: datetime) -> SignedIn:
    owner = queries.link_owner(token, now=now)
    used = sa.delete(PasswordLink).where(PasswordLink.link_hash == tokens.fingerprint(token))
    if db.session.scalar(used.returning(PasswordLink.id)) is None:
        raise NotFound
    db.session.execute(sa.delete(PasswordLink).where(PasswordLink.email == owner.email))
    user = steps.locked(owner.user_id) if owner.user_id is not None else _account_of(owner, password_hash, now)
    user.password_hash, user.one_time_until = password_hash, None
    steps.end_sessions(user.id)
    by = Actor(ActorKind.STAFF, str(user.id), f"{user.name}（{user.role.word}）")
    audit.record("user.password_chosen", "user", user.id, by=by, at=now, fields=("password",))
    return steps.begin(user, now)


def _account_of(owner: LinkOwner, password_hash: str, now: datetime) -> User:
    """The first account of a member of staff: it reaches what concerns themselves and nothing else."""
    user = User(
        email=owner.email,
        name=owner.name,
        role=Role.MEMBER,
        section="",
        staff_member_id=owner.member_id,
        password_hash=password_hash,
        created_at=now,
        active=True,
    )
    db.session.add(user)
    # The audit entry needs the new id.
    db.session.flush()
    by = Actor(ActorKind.STAFF, str(user.id), f"{user.name}（{user.role.word}）")
    audit.record("user.created", "user", user.id, by=by, at=now, fields=("email", "name", "role"))
    return user
