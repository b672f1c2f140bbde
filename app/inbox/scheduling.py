"""The few lines of a calendar object that answer an invitation (RFC 5545, 5546), out of whatever a mail holds.

Only lines are taken apart, no values: what strangers send must not make us compute time zones or recurrences.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from icalendar.parser import Contentline, Contentlines, Parameters

from app.inbox.types import Attendee, Scheduling

# An answer to one of our invitations repeats it without its description: 2 to 6 kB.
MOST_CHARACTERS = 256 * 1024
MOST_SEQUENCE = 2**31 - 1

Line = tuple[str, Parameters, str]


def read(text: str) -> Scheduling | None:
    """What `text` says about the first event in it; None where it is no calendar object or says too little."""
    if len(text) > MOST_CHARACTERS:
        return None
    method, found, attendees = "", {"SEQUENCE": "0"}, []
    for name, parameters, value in _event_lines(text):
        if name == "METHOD":
            method = value.strip().upper()
        elif name == "ATTENDEE":
            attendees.append(_attendee(parameters, value))
        elif name in {"UID", "SEQUENCE", "DTSTAMP"}:
            found[name] = value.strip()
    stamp_at, sequence = _moment(found.get("DTSTAMP", "")), _number(found["SEQUENCE"])
    if not method or "UID" not in found or stamp_at is None or sequence is None:
        return None
    return Scheduling(method, found["UID"], sequence, stamp_at, tuple(attendees))


def _event_lines(text: str) -> Iterator[Line]:
    """The lines of the calendar itself and of its first event; not those of alarms, zones and further events."""
    inside: list[str] = []
    events = 0
    for name, parameters, value in _lines(text):
        if name == "BEGIN":
            inside.append(value.strip().upper())
            events += inside[-1] == "VEVENT"
        elif name == "END":
            del inside[-1:]
        elif inside == ["VCALENDAR"] or (inside == ["VCALENDAR", "VEVENT"] and events == 1):
            yield name, parameters, value


def _lines(text: str) -> Iterator[Line]:
    for line in Contentlines.from_ical(text):  # type: ignore[no-untyped-call]  # icalendar has no types here
        try:
            name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]  # as above
        except ValueError:
            continue  # a line that is none belongs to no property; those that matter are looked for by name
        yield name.upper(), parameters, value


def _attendee(parameters: Parameters, value: str) -> Attendee:
    scheme, _colon, address = value.strip().partition(":")
    return Attendee(
        address=address.strip() if scheme.lower() == "mailto" else None,
        partstat=str(parameters.get("PARTSTAT", "NEEDS-ACTION")).upper(),
        delegates="DELEGATED-TO" in parameters or "DELEGATED-FROM" in parameters,
    )


def _moment(value: str) -> datetime | None:
    """DTSTAMP is in UTC by the standard; a missing Z is forgiven."""
    try:
        return datetime.strptime(value.upper().removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and int(value[:12]) <= MOST_SEQUENCE else None
