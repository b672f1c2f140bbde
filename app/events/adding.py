"""Addresses that put a sitting into a calendar on the web: plain links, nobody is asked before one is followed."""

from __future__ import annotations

from urllib.parse import urlencode

from app.events.calendar import location
from app.events.types import EventRow, SittingRow
from app.infra.links import links
from app.kernel.japanese_dates import iso, local

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


def calendar_links(event: EventRow, sitting: SittingRow) -> list[tuple[str, str]]:
    """Name and address of each calendar. They name the event's public page, never anybody's own."""
    title = f"{event.full_title} {sitting.label}".strip()
    page = links.absolute(f"/events/{event.slug}/")
    start, end = (f"{local(moment):%Y%m%dT%H%M%S}" for moment in (sitting.starts_at, sitting.ends_at))
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{start}/{end}",
        "ctz": "Asia/Tokyo",
        "location": location(sitting),
        "details": page,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": iso(sitting.starts_at),
        "enddt": iso(sitting.ends_at),
        "location": location(sitting),
        "body": page,
    }
    return [("Google カレンダー", f"{GOOGLE}?{urlencode(google)}"), ("Outlook", f"{OUTLOOK}?{urlencode(outlook)}")]
