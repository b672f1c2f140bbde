"""Which free seats an audience can get: those kept for it first, then those that are for everybody. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.events.audiences import Category


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """The free seats of a sitting: `common` for everybody (None: no limit), and `own` kept for single audiences."""

    common: int | None
    own: Mapping[Category, int] = field(default_factory=dict)

    def of(self, category: Category) -> int | None:
        """How many seats a party of that audience finds; None: no limit."""
        return None if self.common is None else self.common + self.own.get(category, 0)

    def fit(self, category: Category, seats: int) -> bool:
        """True when a party of that audience finds `seats`."""
        free = self.of(category)
        return free is None or seats <= free

    def less(self, category: Category, seats: int) -> FreeSeats:
        """What is free once such a party, which must fit, has taken its seats: its own first."""
        if self.common is None:
            return self
        from_own = min(seats, self.own.get(category, 0))
        own = {**self.own, category: self.own[category] - from_own} if from_own else self.own
        return replace(self, common=self.common - (seats - from_own), own=own)

    def without(self, category: Category) -> FreeSeats:
        """What is free for others once nobody may take what a party of that audience waits for."""
        own = {other: seats for other, seats in self.own.items() if other is not category}
        return self if self.common is None else FreeSeats(0, own)

    @property
    def total(self) -> int | None:
        """All of them, whoever they are for; None: no limit."""
        return None if self.common is None else self.common + sum(self.own.values())
