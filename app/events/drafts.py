"""Shapes that enter the events room, already cleaned. The programme comes in as it leaves: AgendaRow and SpeakerRow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.events.audiences import Category
from app.events.choices import LargeParties, Naming, SittingsTaken, WaitingMode
from app.events.types import Admission, Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Basics:
    """What an organizer says of an event. An empty `slug` lets the service make one. All times are aware.

    `title_kana` is how the whole name reads, series and number included, in katakana.
    """

    series_id: int
    fiscal_year: int
    number: int | None = None
    slug: str = ""
    title: str
    title_kana: str = ""
    summary: str = ""
    audience: Audience = Audience.RESIDENTS
    audience_note: str = ""
    organizer: str = ""
    contact_phone: str = ""
    contact_fax: str = ""
    contact_email: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    fee: str = ""
    bring: str = ""
    purpose: str = ""
    max_companions: int = 0
    names_companions: Naming = Naming.NONE
    asks_district: bool = False
    asks_affiliation: bool = False
    asks_needs: bool = True
    asks_address: bool = False
    needs_by: datetime | None = None
    admission: Admission = Admission.FIRST_COME
    draw_waits: bool = True
    tickets_first_time: int = 1
    tickets_in_city: int = 1
    waiting_mode: WaitingMode = WaitingMode.AUTOMATIC
    large_parties: LargeParties = LargeParties.SKIP
    declines_cancel: bool = False
    hands_on: bool = False
    announces: bool = True
    sittings_taken: SittingsTaken = SittingsTaken.ONE
    completed_after: int | None = None


@dataclass(frozen=True, slots=True)
class AllotmentPlan:
    """Seats kept for an audience until `releases_at`."""

    category: Category
    places: int
    releases_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingPlan:
    """One dated meeting. `capacity` None: no limit. `guest_places`: for staff of other municipalities, inside it.

    Inside it, too, are the seats that the organizer holds back and those kept for an audience.
    """

    starts_at: datetime
    ends_at: datetime
    label: str = ""
    venue_id: int | None = None
    capacity: int | None = None
    guest_places: int = 0
    held_back: int = 0
    allotments: tuple[AllotmentPlan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDetails:
    """A place with what people need to get there. Latitude and longitude in degrees (WGS 84), both or none."""

    name: str
    room: str = ""
    address: str = ""
    access: str = ""
    parking: str = ""
    barrier_free: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class SeriesDetails:
    """A named line of events; smaller positions come first in lists."""

    slug: str
    title: str
    description: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from the browser: nothing about it is trusted yet."""

    title: str
    file_name: str
    content: bytes
