"""Reading a draw: what is about to be drawn, and what was."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from app.events.types import EventRow, SittingRow
from app.infra.db import db
from app.registrations import lots
from app.registrations.models import DrawEntry, DrawSeats, Guest, Registration
from app.registrations.types import Lot, Status


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a draw of a sitting would be about: applications, the seats they ask for, how many have how many tickets."""

    sitting: SittingRow
    applications: int
    seats_wanted: int
    by_tickets: tuple[tuple[int, int], ...]

    @property
    def tickets(self) -> int:
        """All tickets in the urn."""
        return sum(tickets * people for tickets, people in self.by_tickets)


@dataclass(frozen=True, slots=True)
class LotRow:
    """What the draw brought one entry."""

    rank: int
    reference: str
    seats: int
    tickets: int
    lot: Lot

    @property
    def reference_text(self) -> str:
        """1234-5678, as read over the phone."""
        return f"{self.reference[:4]}-{self.reference[4:]}"


@dataclass(frozen=True, slots=True)
class SittingResult:
    """A sitting's entries in the order of the draw. `seats`: how many were drawn, None for no limit."""

    sitting: SittingRow
    seats: int | None
    lots: tuple[LotRow, ...]

    def count(self, lot: Lot) -> int:
        """How many entries got that."""
        return sum(row.lot is lot for row in self.lots)


def prospects(event: EventRow) -> list[Prospect]:
    """What would be drawn now, by sitting."""
    rows = db.session.execute(
        sa.select(
            Registration.sitting_id,
            Registration.first_time,
            Registration.in_city,
            sa.func.count(Registration.id),
            sa.func.sum(1 + Registration.companions),
        )
        .outerjoin(Guest, Guest.registration_id == Registration.id)
        .where(
            Registration.event_id == event.id,
            Registration.status == Status.PENDING,
            Guest.registration_id.is_(None),
        )
        .group_by(Registration.sitting_id, Registration.first_time, Registration.in_city)
    )
    people: dict[int, Counter[int]] = defaultdict(Counter)
    seats: Counter[int] = Counter()
    for sitting_id, first_time, in_city, number, wanted in rows:
        tickets = lots.tickets(
            event.tickets_first_time, event.tickets_in_city, is_first_time=first_time, is_in_city=in_city
        )
        people[sitting_id][tickets] += number
        seats[sitting_id] += wanted
    return [
        Prospect(s, sum(people[s.id].values()), seats[s.id], tuple(sorted(people[s.id].items()))) for s in event.offered
    ]


def results(event: EventRow) -> list[SittingResult]:
    """What the draw brought, by sitting; sittings that came after the draw are not there."""
    rows = db.session.execute(
        sa.select(
            DrawEntry.sitting_id,
            DrawEntry.rank,
            DrawEntry.reference,
            DrawEntry.seats,
            DrawEntry.tickets,
            DrawEntry.lot,
        )
        .where(DrawEntry.event_id == event.id, DrawEntry.rank.is_not(None))
        .order_by(DrawEntry.sitting_id, DrawEntry.rank)
    )
    found: dict[int, list[LotRow]] = defaultdict(list)
    for row in rows:
        found[row.sitting_id].append(LotRow(row.rank, row.reference, row.seats, row.tickets, row.lot))
    ids = [sitting.id for sitting in event.sittings]
    drawn = sa.select(DrawSeats.sitting_id, DrawSeats.seats).where(DrawSeats.sitting_id.in_(ids))
    seats = {row.sitting_id: row.seats for row in db.session.execute(drawn)}
    return [SittingResult(s, seats[s.id], tuple(found[s.id])) for s in event.sittings if s.id in seats]
