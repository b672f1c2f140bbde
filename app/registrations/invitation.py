"""A place as a calendar entry: the same object in the mail and in the download (RFC 5545, 5546)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.delivery.types import CalendarEntry, Method
from app.events.calendar import describe, geo, location
from app.events.types import EventRow
from app.infra.links import links
from app.org.types import MemberRow
from app.registrations.types import RegistrationRow


def calendar_entry(
    registration: RegistrationRow, event: EventRow, *, token: str, cancelled: bool, now: datetime
) -> CalendarEntry:
    """REQUEST for a place that is held, CANCEL for one that was given up, under the registration's SEQUENCE.

    The UID names the place of the registration and never the sitting, so that a move updates the same entry. Without an
    e-mail address there is nobody to invite: the entry is then only published.
    """
    sitting = next(s for s in event.sittings if s.id == registration.sitting_id)
    email = registration.details.email
    method = Method.CANCEL if cancelled else Method.REQUEST
    return CalendarEntry(
        uid=f"{registration.public_id}-1@{links.host}",
        sequence=registration.sequence,
        method=method if email else Method.PUBLISH,
        status="CANCELLED" if cancelled else "CONFIRMED",
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        summary=f"{event.full_title} {sitting.label}".strip(),
        location=location(sitting),
        description=describe(event),
        url=links.absolute(f"/r/{token}/"),
        organizer_name=event.section,
        organizer_email=event.contact_email or None,
        attendee_name=registration.details.name if email else None,
        attendee_email=email,
        partstat=None if cancelled else "ACCEPTED",
        created_at=registration.applied_at,
        modified_at=registration.updated_at,
        stamp_at=now,
        geo=geo(sitting),
    )


def substitute_entry(
    registration: RegistrationRow,
    event: EventRow,
    colleague: MemberRow,
    *,
    name: str,
    cancelled: bool,
    now: datetime,
) -> CalendarEntry:
    """The entry of the colleague who comes instead: of its own (`name` begins the UID), without the officer's link."""
    entry = calendar_entry(registration, event, token="", cancelled=cancelled, now=now)
    return replace(
        entry,
        uid=f"{name}@{links.host}",
        method=Method.CANCEL if cancelled else Method.REQUEST,
        summary=f"{entry.summary}（{registration.details.name}さんの代理）",
        url=links.absolute(f"/events/{event.slug}/"),
        attendee_name=colleague.name,
        attendee_email=colleague.email,
    )
