"""Places that are drawn: one event that still takes applications, and one whose draw was held the other day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.demo.basis import SECTION, WORKSHOP, Basis, day_in, moment
from app.demo.people import people
from app.events import queries, services, sittings
from app.events.drafts import Basics, SittingPlan
from app.events.types import Admission
from app.infra.tokens import random_id
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import RESIDENT, SYSTEM
from app.registrations import drawing
from app.registrations import services as registrations
from app.registrations.types import Application, Channel, Details

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
    today, planned = local_date(now), now - timedelta(days=40)
    opens_at = moment(today - timedelta(days=25), "09:00")
    basics = Basics(
        series_id=basis.series[WORKSHOP],
        fiscal_year=fiscal_year(now),
        title=draft.title,
        summary="少人数で、手を動かしながら学びます。席に限りがあるため、抽選で参加する方を決めます。",
        audience_note="市内で活動している方、関心のある方",
        organizer="倉敷市",
        contact_phone="086-000-0000",
        contact_email="kyodo@example.jp",
        fee="無料",
        purpose=purpose,
        opens_at=opens_at,
        closes_at=moment(today + timedelta(days=draft.closes_in), "17:00"),
        max_companions=2,
        admission=Admission.LOTTERY,
        tickets_first_time=3,
        tickets_in_city=2,
    )
    event_id = services.create_draft(basics, section=SECTION, by=SYSTEM, now=planned)
    day = day_in(now, draft.held_in)
    plan = SittingPlan(
        starts_at=moment(day, "10:00"), ends_at=moment(day, "15:00"), venue_id=basis.room, capacity=draft.seats
    )
    sitting_id = sittings.add_sitting(event_id, plan, by=SYSTEM, now=planned)
    services.publish(event_id, by=SYSTEM, now=planned)
    who = people(start=draft.start)
    _apply(sitting_id, [next(who) for _ in range(draft.applicants)], first_at=opens_at)
    return event_id


def _apply(sitting_id: int, applicants: Sequence[Details], *, first_at: datetime) -> None:
    for n, details in enumerate(applicants):
        said = replace(details, first_time=n % EVERY_THIRD == 0, in_city=n % EVERY_SECOND == 0, affiliation="")
        channel = Channel.WEB if details.email else Channel.PHONE
        application = Application(sitting_id, said, random_id(), channel)
        by = RESIDENT if channel is Channel.WEB else SYSTEM
        registrations.apply(application, by=by, now=first_at + timedelta(minutes=53 * n + 1))
