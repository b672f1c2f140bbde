"""Which other sittings of an event somebody who registered may take, by themselves or through the organizer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.events.rules import sitting_open
from app.events.types import EventRow, SittingRow
from app.registrations.types import RegistrationRow
from app.web.parts.fields import LineField
from app.web.parts.guest_form import GuestSittingForm, open_to_guests
from app.web.parts.person_form import SittingForm
from app.web.parts.validators import NoLongerThan


class NotedSittingForm(SittingForm):
    """What the organizer chooses for somebody, and why."""

    why = LineField("経過に残すメモ", validators=[NoLongerThan(200)])


def other_sitting_form(registration: RegistrationRow, event: EventRow, now: datetime) -> SittingForm:
    """The sittings that somebody may move to by themselves now."""
    if registration.municipality:
        return beside(registration, open_to_guests(event, now), GuestSittingForm())
    return beside(registration, [s for s in event.offered if sitting_open(event, s, now)], SittingForm())


def beside(registration: RegistrationRow, sittings: Iterable[SittingRow], form: SittingForm) -> SittingForm:
    """`form` with those of `sittings` that can be had, without the one that is held; guests need a place for guests."""
    form.sitting.label.text = "新しい回"
    others = [s for s in sittings if s.id != registration.sitting_id]
    form.offer([s for s in others if s.guests_left > 0] if registration.municipality else others)
    return form
