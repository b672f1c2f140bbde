"""What staff of other municipalities fill in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from app.events.types import EventRow, SittingRow
from app.registrations.types import Application
from app.web.parts.guest_form import GuestSittingForm, neighbours, open_to_guests
from app.web.parts.person_form import UNASKED_OF_GUESTS, MunicipalityForm, when_label
from app.web.public.forms import TAKEN, ApplyForm


class GuestForm(MunicipalityForm, GuestSittingForm, ApplyForm):
    """The application of somebody of another municipality's staff."""

    address = "public.guest_send"

    @classmethod
    def for_event(cls, event: EventRow, now: datetime, **preset: Any) -> Self:
        """The form of one event, with the sittings that still take guests."""
        form = cls.asking(event, unasked=UNASKED_OF_GUESTS | {"affiliation"}, **preset)
        form.list_municipalities(neighbours())
        form.offer_open(event, now)
        return form

    def offer_open(self, event: EventRow, now: datetime) -> None:
        """The sittings that still take guests now."""
        self.offer([s for s in open_to_guests(event, now) if s.guests_left > 0])

    def waits(self, event: EventRow) -> list[SittingRow]:
        """Guests never wait in the queue."""
        return []

    def answers(self, event: EventRow) -> list[tuple[str, str]]:
        """What the confirmation page shows, in the order of the form: the sittings without their seats."""
        which = event.sittings if event.is_course else self.taken(event)
        rows = [(label, words) for label, words in super().answers(event) if label != TAKEN]
        when = [(TAKEN, when_label(one)) for one in which]
        return [*when, ("市町村", self.comes_from), ("部署", self.section.data or ""), *rows]

    def to_application(self, event: EventRow) -> Application:
        """The parsed shape that goes inside."""
        asked = super().to_application(event)
        return replace(asked, details=self.as_guest(asked.details), municipality=self.comes_from)
