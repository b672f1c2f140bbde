"""schema.org Event as JSON-LD: what search engines and other calendars read of an event's page."""

from __future__ import annotations

from typing import Any

from app.events.types import EventRow, EventStatus, SittingRow
from app.infra.links import links
from app.kernel.japanese_dates import iso

SCHEMA = "https://schema.org/"


def event_json_ld(event: EventRow) -> dict[str, Any]:
    """The event with one `subEvent` a sitting; facts that are not known are left out."""
    cancelled = event.status is EventStatus.CANCELLED
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.full_title,
        "url": links.absolute(f"/events/{event.slug}/"),
        "eventStatus": SCHEMA + ("EventCancelled" if cancelled else "EventScheduled"),
        "eventAttendanceMode": SCHEMA + "OfflineEventAttendanceMode",
        "inLanguage": "ja",
        "isAccessibleForFree": event.fee in {"", "無料"},
        "organizer": {"@type": "Organization", "name": event.organizer or event.section},
        "subEvent": [_sitting(event, s, cancelled=cancelled) for s in event.sittings],
    }
    if event.summary:
        data["description"] = event.summary
    if event.starts_at and event.ends_at:
        data |= {"startDate": iso(event.starts_at), "endDate": iso(event.ends_at)}
    places = [_place(s) for s in event.sittings if s.venue]
    if places:
        data["location"] = places[0]
    if performers := [{"@type": "Person", "name": s.name} for s in event.speakers]:
        data["performer"] = performers
    return data | _seats(event.offered)


def _sitting(event: EventRow, sitting: SittingRow, *, cancelled: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "Event",
        "name": f"{event.full_title} {sitting.label}".strip(),
        "startDate": iso(sitting.starts_at),
        "endDate": iso(sitting.ends_at),
        "eventStatus": SCHEMA + ("EventCancelled" if cancelled else "EventScheduled"),
    }
    if sitting.venue:
        data["location"] = _place(sitting)
    return data | _seats((sitting,))


def _seats(sittings: tuple[SittingRow, ...]) -> dict[str, int]:
    capacities = [s.capacity for s in sittings if s.capacity is not None]
    if not sittings or len(capacities) < len(sittings):
        return {}
    known = {"maximumAttendeeCapacity": sum(capacities)}
    if not all(sitting.by_arrival for sitting in sittings):
        return known
    return known | {"remainingAttendeeCapacity": sum(s.seats_left or 0 for s in sittings)}


def _place(sitting: SittingRow) -> dict[str, Any]:
    venue = sitting.venue
    if venue is None:
        return {}
    place: dict[str, Any] = {"@type": "Place", "name": venue.full_name}
    if venue.address:
        place["address"] = {"@type": "PostalAddress", "addressCountry": "JP", "streetAddress": venue.address}
    if venue.latitude is not None and venue.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
    return place
