"""The plan as a calendar file (RFC 5545): entries of whole days, which make nobody busy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vUri

from app.year_plan.types import EntryRow

PRODID = "-//Tsudoi//Year plan//JA"


def calendar(entries: Iterable[tuple[EntryRow, str]], *, name: str, host: str, now: datetime) -> bytes:
    """One VEVENT an entry; each comes with the full address of its page, or "" where it has none."""
    file = Calendar()
    file.add("prodid", PRODID)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", name)
    for entry, url in entries:
        file.add_component(_event(entry, url, host, now))
    return bytes(file.to_ical())


def _event(entry: EntryRow, url: str, host: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"year-plan-{entry.id}@{host}")
    event.add("dtstamp", now)
    event.add("last-modified", entry.updated_at)
    event.add("dtstart", entry.starts_on)
    # The day after the last one: DTEND is not part of the event (RFC 5545, 3.6.1).
    event.add("dtend", entry.ends_on + timedelta(days=1))
    event.add("summary", entry.title)
    if entry.note:
        event.add("description", entry.note)
    if url:
        event.add("url", vUri(url))
    event.add("transp", "TRANSPARENT")
    return event
