"""Which messages an event may say otherwise, and its words with a person's own values put in."""

from __future__ import annotations

from collections.abc import Mapping

from app.delivery import placeholders
from app.events.types import EventRow
from app.events.wordings import Wording
from app.kernel.japanese_dates import period_text
from app.registrations.types import RegistrationRow

# To somebody else than the one who registered, or the program's answer to what came in: they read as they are.
FIXED = frozenset({
    "address_changed", "swap_offered", "swap_declined", "substitute_named", "substitute_changed", "substitute_dropped",
    "reply_declined", "reply_unsupported",
})  # fmt: skip
# Their standard sentences say nothing that is another for each person, so that they may go altogether.
REPLACEABLE = frozenset({"confirmed", "approved", "promoted", "reminder"})


def values_of(registration: RegistrationRow, event: EventRow) -> dict[str, str]:
    """What stands for each of wordings.PLACEHOLDERS."""
    sitting = next(s for s in event.sittings if s.id == registration.sitting_id)
    venue = sitting.venue
    contact = (event.section, *(f"{word} {v}" for word, v in _contacts(event) if v))
    return {
        "name": registration.details.name,
        "reference": registration.reference_text,
        "event": event.full_title,
        "sitting": sitting.label,
        "date": "、".join(period_text(one.starts_at, one.ends_at) for one in event.meetings_of(sitting.id)),
        "venue": "　".join(filter(None, (venue.full_name, venue.address))) if venue else "",
        "seats": f"{registration.details.seats}人",
        "contact": "　".join(contact),
    }


def words_for(kind: str, wording: Wording, values: Mapping[str, str]) -> dict[str, object]:
    """What the templates of `kind` say in the event's own words; an empty subject is the template's own."""
    return {
        "own_subject": placeholders.fill(wording.subject, values),
        "opening": placeholders.fill(wording.opening, values),
        "closing": placeholders.fill(wording.closing, values),
        "standard": wording.standard or kind not in REPLACEABLE,
    }


def _contacts(event: EventRow) -> tuple[tuple[str, str], ...]:
    return ("電話", event.contact_phone), ("FAX", event.contact_fax), ("メール", event.contact_email)
