"""Whom a message did not reach, and whether somebody can call them instead."""

from __future__ import annotations

from datetime import datetime

from app.delivery.headers import same_mailbox
from app.kernel.errors import NotFound
from app.registrations import queries
from app.registrations.correspondence import registration_of


def can_be_called(thread: str, to_email: str | None, *, now: datetime) -> bool:
    """True when the message of `thread` went to the address that a registration has now, and it gave a number, too.

    Nobody is called because an earlier address no longer works, nor after the sitting.
    """
    try:
        registration = queries.by_id(registration_of(thread))
    except NotFound:
        return False
    details = registration.details
    current = bool(details.email and to_email and same_mailbox(details.email, to_email))
    return current and details.phone is not None and registration.ends_at > now
