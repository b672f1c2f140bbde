"""Whom registrations count as, and the seats that are kept for one of these audiences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.kernel.japanese_dates import local_date


class Category(StrEnum):
    """Whom a registration counts as, in totals by audience and for the seats that are kept for an audience."""

    RESIDENT = "resident"
    STAFF = "staff"
    NEIGHBOUR = "neighbour"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {"resident": "市民", "staff": "市職員", "neighbour": "流域市町"}[self.value]


@dataclass(frozen=True, slots=True)
class AllotmentRow:
    """Seats kept for an audience until `releases_at`; `taken` are confirmed, also past `places`."""

    category: Category
    places: int
    taken: int
    releases_at: datetime
    released_at: datetime | None

    @property
    def kept(self) -> int:
        """Seats that only this audience can get now."""
        return 0 if self.released_at else max(0, self.places - self.taken)

    @property
    def last_day(self) -> date:
        """The last day on which the seats are kept, in Tokyo."""
        return local_date(self.releases_at - timedelta(microseconds=1))
