"""The mail of thanks, with a link that works once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message

THANKS = "feedback.thanks"


def thank(event_id: int, people: Sequence[tuple[int, str, str, str]], *, now: datetime) -> None:
    """Thank those who came: registration, name, address, and the number that their link is made of.

    The link itself is neither here nor in the database; no table says which of its fingerprints is whose.
    """
    messages = [
        Message(
            kind=THANKS,
            thread=f"feedback:{event_id}:{registration_id}",
            to_name=name,
            to_email=email,
            payload={"event": event_id, "registration": registration_id, "nonce": nonce},
            once=f"feedback:{event_id}:{registration_id}",
        )
        for registration_id, name, email, nonce in people
    ]
    outbox.enqueue_all(messages, now=now)
