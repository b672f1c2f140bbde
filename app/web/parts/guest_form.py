"""Which sittings staff of other municipalities choose from, by themselves or through the organizer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from app.events.rules import sitting_open
from app.events.types import EventRow, SittingRow
from app.web.parts.person_form import SittingForm, when_label


class GuestSittingForm(SittingForm):
    """Which sitting a guest takes: with the places for guests that are left."""

    def offer(self, sittings: Sequence[SittingRow]) -> None:
        """As for anybody, but seats are not what counts."""
        super().offer(sittings)
        self.sitting.choices = {str(s.id): f"{when_label(s)}（受入枠の残り{s.guests_left}人）" for s in sittings}


def neighbours() -> tuple[str, ...]:
    """The municipalities that this installation lists."""
    listed: tuple[str, ...] = current_app.config["TSUDOI"].neighbours
    return listed


def open_to_guests(event: EventRow, now: datetime) -> list[SittingRow]:
    """The sittings that guests may choose by themselves now, whether places are left or not."""
    return [s for s in event.offered if event.takes_guests and sitting_open(event, s, now)]
