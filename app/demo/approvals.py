"""Places that the organizer gives one by one: some applications wait for an answer, one was approved, one declined."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from app.demo.basis import Basis, moment
from app.demo.people import people
from app.demo.special import enter, meeting, published
from app.events.types import Admission
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM
from app.registrations import deciding, queries

APPLICANTS, START = 7, 880


def load(basis: Basis, purpose: str, *, now: datetime) -> None:
    """Add it; the first two have their answer."""
    opens_at = moment(local_date(now) - timedelta(days=9), "09:00")
    _event_id, ids = published(
        basis,
        [meeting(now, 33, ("13:30", "16:30"), basis.room, capacity=12)],
        opens_at=opens_at,
        now=now,
        title="団体の運営を相談する個別の会",
        summary="活動を続けるうえでの困りごとを、少人数で専門家に相談します。",
        audience_note="市内で活動している団体の役員の方",
        purpose=purpose,
        closes_at=moment(local_date(now) + timedelta(days=20), "17:00"),
        admission=Admission.APPROVAL,
        asks_affiliation=True,
        max_companions=1,
    )
    asked = [
        queries.by_token(enter(ids, details, at=opens_at + timedelta(minutes=53 * n + 1)).token, now=now).id
        for n, details in enumerate(islice(people(start=START), APPLICANTS))
    ]
    answered_at = now - timedelta(days=1)
    deciding.approve(asked[0], by=SYSTEM, now=answered_at)
    deciding.decline(
        asked[1], reason="今回は、市内で活動している団体の方を対象としています。", by=SYSTEM, now=answered_at
    )
