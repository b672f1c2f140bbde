"""Calendar objects (RFC 5545, 5546, 7986): the invitation in a mail, the download and the public feeds."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vDuration, vUri

from app.delivery.headers import flat
from app.delivery.sender import sender
from app.delivery.types import CalendarEntry, Method
from app.kernel.japanese_dates import TOKYO
from app.kernel.text import clean_text

PRODID = "-//Tsudoi//Event registration//JA"
REFRESH = timedelta(hours=6)
REMINDER = timedelta(days=-1)
_END = b"END:VCALENDAR\r\n"
# RFC 6868 escapes both in parameters, but older readers show the escapes: a name does without them.
_PARAMETER = str.maketrans({'"': "'", "^": "＾"})


def invitation(entry: CalendarEntry) -> bytes:
    """One object with one VEVENT for one person: CRLF lines of at most 75 octets, UTF-8."""
    event = _event(entry, confidential=True)
    if entry.method is Method.REQUEST:
        event.add_component(_alarm(entry))
    frame = _frame(entry.method)
    return frame.removesuffix(_END) + bytes(event.to_ical()) + _END


def feed(entries: Iterable[CalendarEntry], *, name: str, source: str) -> Iterator[bytes]:
    """Public entries as a calendar to subscribe to, an entry at a time.

    `name` is shown in calendar programs, `source` its own address.
    """
    calendar = _calendar(Method.PUBLISH)
    calendar.add("name", flat(name))
    calendar.add("x-wr-calname", flat(name))
    calendar.add("x-wr-timezone", "Asia/Tokyo")
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add("source", vUri(source), parameters={"VALUE": "URI"})
    yield bytes(calendar.to_ical()).removesuffix(_END)
    for entry in entries:
        yield bytes(_event(entry, confidential=False).to_ical())
    yield _END


@functools.cache
def _frame(method: Method) -> bytes:
    """An object without its event, with the time zone: the same in every mail, and half the work of making one."""
    return bytes(_calendar(method).to_ical())


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(_tokyo())
    return calendar


@functools.cache
def _tokyo() -> Timezone:
    # Computing a zone takes about 24 ms; Japan has had one offset since 1951, so once is enough.
    zone = Timezone.from_tzinfo(TOKYO)
    zone.pop("COMMENT", None)
    return zone


def _event(entry: CalendarEntry, *, confidential: bool) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp_at)
    event.add("created", entry.created_at)
    event.add("last-modified", entry.modified_at)
    event.add("dtstart", _tokyo_time(entry.starts_at))
    event.add("dtend", _tokyo_time(entry.ends_at))
    event.add("summary", flat(entry.summary))
    event.add("location", flat(entry.location))
    event.add("description", clean_text(entry.description))
    event.add("url", vUri(flat(entry.url)))
    event.add("status", entry.status)
    event.add("class", "PRIVATE" if confidential else "PUBLIC")
    event.add("transp", "OPAQUE" if confidential else "TRANSPARENT")
    if entry.geo is not None:
        event.add("geo", entry.geo)
    event.add("organizer", _organizer(entry), encode=False)
    if confidential and entry.attendee_email:
        event.add("attendee", _attendee(entry, entry.attendee_email), encode=False)
    return event


def _organizer(entry: CalendarEntry) -> vCalAddress:
    # Calendars answer to the ORGANIZER (RFC 6047, 2.3). Nobody answers what is only published: that names the contact.
    replies = sender.reply_address if entry.method is not Method.PUBLISH else None
    organizer = vCalAddress(f"mailto:{_address(replies or entry.organizer_email or sender.address)}")
    organizer.params["CN"] = _parameter(entry.organizer_name)
    return organizer


def _attendee(entry: CalendarEntry, address: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{_address(address)}")
    attendee.params["CN"] = _parameter(entry.attendee_name or address)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    if entry.partstat:
        attendee.params["PARTSTAT"] = entry.partstat
    if entry.rsvp:
        attendee.params["RSVP"] = "TRUE"
    return attendee


def _alarm(entry: CalendarEntry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", flat(entry.summary))
    alarm.add("trigger", REMINDER)
    return alarm


def _tokyo_time(moment: datetime) -> datetime:
    return moment.astimezone(TOKYO).replace(microsecond=0)


def _address(address: str) -> str:
    return "".join(flat(address).split())


def _parameter(value: str) -> str:
    return flat(value).translate(_PARAMETER)
