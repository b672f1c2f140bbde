"""Giving freed seats to those who wait, and telling them: the step that every verb ends with that frees seats."""

from __future__ import annotations

from datetime import datetime

from app.events.models import Sitting
from app.registrations import messages, places


def promote(sitting: Sitting, now: datetime) -> int:
    """Promote whom the free seats fit, in order; returns how many. The caller holds the sitting's lock."""
    promoted = places.promote(sitting, now=now)
    for registration in promoted:
        messages.promoted(registration, now=now)
    return len(promoted)
