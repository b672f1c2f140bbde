"""Sittings as calendar entries, for the feeds and the download of an event (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.delivery.types import CalendarEntry, Method
from app.events.types import AgendaRow, EventRow, EventStatus, SittingRow, SpeakerRow
from app.infra.links import links


def entries(event: EventRow) -> list[CalendarEntry]:
    """One published entry a sitting; its UID stays the same through every change of time, place and title."""
    return [_entry(event, sitting) for sitting in event.sittings]


def location(sitting: SittingRow) -> str:
    """Venue and address on one line, empty while the venue is not known."""
    if sitting.venue is None:
        return ""
    return "、".join(part for part in (sitting.venue.full_name, sitting.venue.address) if part)


def geo(sitting: SittingRow) -> tuple[float, float] | None:
    """Latitude and longitude where both are known."""
    venue = sitting.venue
    if venue is None or venue.latitude is None or venue.longitude is None:
        return None
    return venue.latitude, venue.longitude


def describe(event: EventRow) -> str:
    """Plain text: what it is about, the programme, what to bring, whom to ask."""
    parts = [
        event.summary,
        _section("次第", _programme(event.agenda)),
        _section("講師", [speaker.text for speaker in event.speakers]),
        _section("ご案内", _guide(event)),
        _section("問合せ", _contact(event)),
    ]
    return "\n\n".join(part for part in parts if part)


def _entry(event: EventRow, sitting: SittingRow) -> CalendarEntry:
    cancelled = event.status is EventStatus.CANCELLED
    return CalendarEntry(
        uid=f"sitting-{sitting.id}@{links.host}",
        sequence=sitting.sequence,
        method=Method.PUBLISH,
        status="CANCELLED" if cancelled else "CONFIRMED",
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        summary=f"{event.full_title} {sitting.label}".strip(),
        location=location(sitting),
        description=describe(event),
        url=links.absolute(f"/events/{event.slug}/"),
        organizer_name=event.section,
        organizer_email=event.contact_email or None,
        created_at=event.created_at,
        modified_at=event.updated_at,
        # A feed that is asked for again and has not changed must be the same, byte for byte.
        stamp_at=event.updated_at,
        geo=geo(sitting),
    )


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"【{title}】", *lines]) if lines else ""


def _programme(items: Sequence[AgendaRow]) -> list[str]:
    return list(_lines(items, 0))


def _lines(items: Sequence[AgendaRow], depth: int) -> Iterator[str]:
    for item in items:
        yield "　" * depth + "・" + f"{item.kind} {item.title}".strip() + _speakers(item.speakers)
        yield from _lines(item.items, depth + 1)


def _speakers(speakers: Sequence[SpeakerRow]) -> str:
    return f"（{'、'.join(speaker.name for speaker in speakers)}）" if speakers else ""


def _guide(event: EventRow) -> list[str]:
    guide = (("対象", event.audience_note), ("参加費", event.fee), ("持ち物", event.bring))
    return [f"{word}：{text}" for word, text in guide if text]


def _contact(event: EventRow) -> list[str]:
    ways = (("電話", event.contact_phone), ("FAX", event.contact_fax), ("メール", event.contact_email))
    return [event.section, *(f"{word}：{text}" for word, text in ways if text)]
