"""Seats that are offered: a small course that is full, one seat of which waits for an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from app.demo.basis import SECTION, WORKSHOP, Basis, day_in, moment
from app.demo.people import people
from app.events import services, sittings
from app.events.drafts import Basics, SittingPlan
from app.events.types import LargeParties, WaitingMode
from app.infra.tokens import random_id
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import RESIDENT, SYSTEM
from app.registrations import queries
from app.registrations import services as registrations
from app.registrations.types import Application, Channel

SEATS, APPLICANTS, START = 8, 12, 700


def load(basis: Basis, purpose: str, *, now: datetime) -> None:
    """Add it; somebody gave up an hour ago, and the next in line is asked."""
    today, planned = local_date(now), now - timedelta(days=30)
    opens_at = moment(today - timedelta(days=15), "09:00")
    basics = Basics(
        series_id=basis.series[WORKSHOP],
        fiscal_year=fiscal_year(now),
        title="聞き書きで伝える暮らしの記憶",
        summary="地域のお年寄りの話を聞き、文章にまとめます。少人数で、二人一組になって進めます。",
        audience_note="地域の記録に関心のある方",
        organizer="倉敷市",
        contact_phone="086-000-0000",
        contact_email="kyodo@example.jp",
        fee="無料",
        purpose=purpose,
        opens_at=opens_at,
        closes_at=moment(today + timedelta(days=15), "17:00"),
        max_companions=2,
        waiting_mode=WaitingMode.OFFER,
        large_parties=LargeParties.PARTIAL,
    )
    event_id = services.create_draft(basics, section=SECTION, by=SYSTEM, now=planned)
    day = day_in(now, 24)
    starts_at, ends_at = moment(day, "10:00"), moment(day, "12:00")
    plan = SittingPlan(starts_at=starts_at, ends_at=ends_at, venue_id=basis.room, capacity=SEATS)
    sitting_id = sittings.add_sitting(event_id, plan, by=SYSTEM, now=planned)
    services.publish(event_id, by=SYSTEM, now=planned)
    first = ""
    for n, details in enumerate(islice(people(start=START), APPLICANTS)):
        channel = Channel.WEB if details.email else Channel.PHONE
        by = RESIDENT if channel is Channel.WEB else SYSTEM
        application = Application(sitting_id, details, random_id(), channel)
        place = registrations.apply(application, by=by, now=opens_at + timedelta(minutes=41 * n + 1))
        first = first or place.token
    gone = queries.by_token(first, now=now).id
    registrations.cancel(gone, reason="仕事の都合", by=SYSTEM, now=now - timedelta(hours=1))
