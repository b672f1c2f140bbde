"""Places that are drawn: one event that still takes applications, and one whose draw was held the other day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from app.demo.basis import Basis, moment
from app.demo.people import people
from app.demo.special import enter, meeting, published
from app.events import queries
from app.events.types import Admission
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM
from app.registrations import drawing

EVERY_THIRD, EVERY_SECOND = 3, 2


@dataclass(frozen=True, slots=True)
class Draft:
    """What tells the two apart; days are counted from today."""

    title: str
    held_in: int
    closes_in: int
    seats: int
    applicants: int
    start: int


OPEN = Draft("まち歩きと地図づくり", held_in=40, closes_in=12, seats=12, applicants=21, start=600)
DRAWN = Draft("話し合いの進め方を学ぶ一日", held_in=18, closes_in=-2, seats=10, applicants=26, start=640)


def load(basis: Basis, purpose: str, *, now: datetime) -> None:
    """Add both; the second is drawn."""
    _add(basis, OPEN, purpose, now)
    drawn = _add(basis, DRAWN, purpose, now)
    closed_at = queries.by_id(drawn).closes_at or now
    drawing.freeze(drawn, now=closed_at)
    drawing.draw(drawn, by=SYSTEM, now=closed_at + timedelta(hours=16))


def _add(basis: Basis, draft: Draft, purpose: str, now: datetime) -> int:
    opens_at = moment(local_date(now) - timedelta(days=25), "09:00")
    event_id, ids = published(
        basis,
        [meeting(now, draft.held_in, ("10:00", "15:00"), basis.room, capacity=draft.seats)],
        opens_at=opens_at,
        now=now,
        title=draft.title,
        summary="少人数で、手を動かしながら学びます。席に限りがあるため、抽選で参加する方を決めます。",
        audience_note="市内で活動している方、関心のある方",
        purpose=purpose,
        closes_at=moment(local_date(now) + timedelta(days=draft.closes_in), "17:00"),
        admission=Admission.LOTTERY,
        tickets_first_time=3,
        tickets_in_city=2,
    )
    for n, details in enumerate(islice(people(start=draft.start), draft.applicants)):
        said = replace(details, first_time=n % EVERY_THIRD == 0, in_city=n % EVERY_SECOND == 0, affiliation="")
        enter(ids, said, at=opens_at + timedelta(minutes=53 * n + 1))
    return event_id
