"""An event's own words for a page full of letters or calls, read once for all of them."""

from __future__ import annotations

from app.delivery import placeholders
from app.delivery.types import PaperRow
from app.events import mailing
from app.events.types import EventRow
from app.events.wordings import STANDARD, Wording
from app.registrations import bulk
from app.registrations.types import RegistrationRow
from app.registrations.worded import values_of
from app.registrations.writing import KIND


class Said:
    """Which words a message of one event is told in."""

    def __init__(self, event_id: int) -> None:
        self._by_kind = mailing.own_words(event_id)
        self._by_bulk = bulk.texts_of(event_id)

    def of(self, message: PaperRow) -> Wording:
        """The event's own words for a message; empty ones where it reads as always."""
        if message.kind == KIND:
            return self._by_bulk[int(str(message.payload["bulk"]))]
        return self._by_kind.get(message.kind.removeprefix("registration."), STANDARD)

    def title_of(self, message: PaperRow, person: RegistrationRow, event: EventRow) -> str:
        """What stands above a letter: the organizer's subject, or what lists call the message."""
        if message.kind != KIND:
            return message.title
        return placeholders.fill(self.of(message).subject, values_of(person, event))
