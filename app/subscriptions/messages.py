"""What subscribers are told, one function a message. Payloads name rows, never an address or a secret link."""

from __future__ import annotations

from datetime import datetime

from app.delivery import outbox
from app.delivery.types import Message
from app.subscriptions.steps import thread

CONFIRM, ANNOUNCE = "subscriptions.confirm", "subscriptions.announcement"


def confirm(public_id: str, email: str, *, now: datetime) -> None:
    """Somebody typed this address: a link with which its owner says yes."""
    message = Message(
        kind=CONFIRM,
        thread=f"subscription:{public_id}",
        to_name="",
        to_email=email,
        payload={"request": public_id},
    )
    outbox.enqueue(message, now=now)


def announce(event_id: int, public_id: str, email: str, *, now: datetime) -> None:
    """A new event of a series they chose; once, whatever happens to the worker."""
    name = thread(event_id, public_id)
    message = Message(
        kind=ANNOUNCE,
        thread=name,
        to_name="",
        to_email=email,
        payload={"event": event_id, "subscription": public_id},
        once=name,
    )
    outbox.enqueue(message, now=now)
