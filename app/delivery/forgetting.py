"""Deleting old messages whose kind nobody has to look up later. A step: never commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.delivery.types import State
from app.infra.db import rows_changed

# What is still on its way stays.
_OVER = (State.SENT, State.FAILED, State.WITHDRAWN)


def forget(kinds: Sequence[str], *, before: datetime) -> int:
    """Delete messages of `kinds` that were written before, with their attempts and reports; returns how many."""
    old = sa.delete(OutboundMessage).where(
        OutboundMessage.kind.in_(kinds), OutboundMessage.state.in_(_OVER), OutboundMessage.created_at < before
    )
    return rows_changed(old)
