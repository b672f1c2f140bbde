"""Seats that are offered: a small course that is full, one seat of which waits for an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from app.demo.basis import Basis, moment
from app.demo.people import people
from app.demo.special import enter, meeting, published
from app.events.choices import LargeParties, WaitingMode
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM
from app.registrations import queries
from app.registrations import services as registrations

SEATS, APPLICANTS, START = 8, 12, 700


def load(basis: Basis, purpose: str, *, now: datetime) -> None:
    """Add it; somebody gave up an hour ago, and the next in line is asked."""
    opens_at = moment(local_date(now) - timedelta(days=15), "09:00")
    _event_id, ids = published(
        basis,
        [meeting(now, 24, ("10:00", "12:00"), basis.room, capacity=SEATS)],
        opens_at=opens_at,
        now=now,
        title="聞き書きで伝える暮らしの記憶",
        summary="地域のお年寄りの話を聞き、文章にまとめます。少人数で、二人一組になって進めます。",
        audience_note="地域の記録に関心のある方",
        purpose=purpose,
        closes_at=moment(local_date(now) + timedelta(days=15), "17:00"),
        waiting_mode=WaitingMode.OFFER,
        large_parties=LargeParties.PARTIAL,
    )
    applied = [
        enter(ids, details, at=opens_at + timedelta(minutes=41 * n + 1))
        for n, details in enumerate(islice(people(start=START), APPLICANTS))
    ]
    gone = queries.by_token(applied[0].token, now=now).id
    registrations.cancel(gone, reason="仕事の都合", by=SYSTEM, now=now - timedelta(hours=1))
