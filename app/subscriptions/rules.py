"""How long things last: pure decisions."""

from __future__ import annotations

from datetime import datetime, timedelta

# The link in the confirmation mail; who has not pressed it by then never asked.
LINK_LASTS = timedelta(days=3)
# An address from which mail comes back is kept for its owner to come back, and then forgotten.
RESTS = timedelta(days=90)
# The outbox remembers whom it wrote to for as long as a returned mail may still arrive.
MAILS_KEPT = timedelta(days=30)


def dies_at(asked_at: datetime) -> datetime:
    """When the link of a request stops working."""
    return asked_at + LINK_LASTS


def is_final(status: str) -> bool:
    """True when a mail server's status (RFC 3463) says that the address will not work later either; none does too."""
    return not status.startswith("4")
