"""A place as a calendar entry: the same object in the mail and in the download (RFC 5545, 5546)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.delivery.types import CalendarEntry, Method
from app.events.calendar import describe, geo, location
from app.events.types import EventRow, SittingRow
from app.infra.links import links
from app.org.types import MemberRow
from app.registrations.types import RegistrationRow


def calendar_entry(
    registration: RegistrationRow, event: EventRow, sitting: SittingRow, *, token: str, cancelled: bool, now: datetime
) -> CalendarEntry:
    """REQUEST for a place that is held, CANCEL for one that was given up, under the registration's SEQUENCE.

    `sitting` is the one of the registration, or a meeting of its course. The UID names the place of the registration
    and never the sitting, so that a move updates the same entry; the meetings of a course are its first, second …
    place. Without an e-mail address there is nobody to invite: the entry is then only published.
    """
    email = registration.details.email
    method = Method.CANCEL if cancelled else Method.REQUEST
    return CalendarEntry(
        uid=f"{registration.public_id}-{sitting.meeting_no}@{links.host}",
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


def substitute_entry(  # noqa: PLR0913 whose entry of what, spelled out
    registration: RegistrationRow,
    event: EventRow,
    sitting: SittingRow,
    colleague: MemberRow,
    *,
    name: str,
    cancelled: bool,
    now: datetime,
) -> CalendarEntry:
    """The entry of the colleague who comes instead: of its own (`name` begins the UID), without the officer's link."""
    entry = calendar_entry(registration, event, sitting, token="", cancelled=cancelled, now=now)
    name = name if sitting.meeting_no == 1 else f"{name}-{sitting.meeting_no}"
    return replace(
        entry,
        uid=f"{name}@{links.host}",
        method=Method.CANCEL if cancelled else Method.REQUEST,
        summary=f"{entry.summary}（{registration.details.name}さんの代理）",
        url=links.absolute(f"/events/{event.slug}/"),
        attendee_name=colleague.name,
        attendee_email=colleague.email,
    )


def concerned(event: EventRow, registration: RegistrationRow, meeting: int | None, now: datetime) -> list[SittingRow]:
    """The meetings that a message is about: the one it names, else those that are not over, or all where all are.

    Who took another sitting meanwhile is told of that one.
    """
    theirs = event.meetings_of(registration.sitting_id)
    named = [one for one in theirs if one.id == meeting] or list(theirs)
    return [one for one in named if one.ends_at > now] or named
