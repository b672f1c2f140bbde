"""What staff of other municipalities fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from app.events.rules import sitting_open
from app.events.types import EventRow, SittingRow
from app.registrations.types import Application, Category
from app.web.parts.person_form import ELSEWHERE, UNASKED_OF_GUESTS, MunicipalityForm, when_label
from app.web.public.forms import ApplyForm


class GuestForm(MunicipalityForm, ApplyForm):
    """The application of somebody of another municipality's staff."""

    address = "public.guest_send"

    @classmethod
    def for_event(cls, event: EventRow, now: datetime, **preset: Any) -> Self:
        """The form of one event, with the sittings that still take guests."""
        form = cls.asking(event, unasked=UNASKED_OF_GUESTS | {"affiliation"}, **preset)
        form.offer_open(event, now)
        return form

    def offer_open(self, event: EventRow, now: datetime) -> None:
        """The sittings that still take guests now."""
        self.offer([s for s in event.sittings if s.guests_left > 0 and sitting_open(event, s, now)])

    def offer(self, sittings: Sequence[SittingRow]) -> None:
        """As for residents, with the places for guests that are left."""
        super().offer(sittings)
        self.sitting.choices = {str(s.id): f"{when_label(s)}（受入枠の残り{s.guests_left}人）" for s in sittings}

    def waits(self, sitting: SittingRow) -> bool:
        """Guests never wait in the queue."""
        return False

    @property
    def comes_from(self) -> str:
        """The municipality, chosen or named."""
        chosen = str(self.municipality.data)
        return str(self.elsewhere.data) if chosen == ELSEWHERE else chosen

    def answers(self, sitting: SittingRow) -> list[tuple[str, str]]:
        """What the confirmation page shows, in the order of the form."""
        first, *rest = super().answers(sitting)
        return [(first[0], when_label(sitting)), ("市町村", self.comes_from), ("部署", self.section.data or ""), *rest]

    def to_application(self, event: EventRow) -> Application:
        """The parsed shape that goes inside."""
        asked = super().to_application(event)
        affiliation = f"{self.comes_from}　{self.section.data}"
        details = replace(asked.details, category=Category.NEIGHBOUR, affiliation=affiliation, companions=0)
        return replace(asked, details=details, municipality=self.comes_from)
