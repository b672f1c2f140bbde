"""What happened at a sitting, one act after the other, and whether each was right at the moment it happened."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from app.events.models import Sitting
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations.models import Registration
from app.registrations.types import Status


@dataclass
class Story:
    """Seats and queue, moved by the audit log. Seats move under a lock, so the log's order is the order of acts.

    A newcomer gets only seats that are too few for each who waits, and it is recorded of each that they were passed;
    seats that are given up go to the first in the queue who fits.
    """

    capacity: int
    seats: dict[int, int]
    taken: int = 0
    given_up: bool = False
    queue: list[int] = field(default_factory=list)
    recorded: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def tell(self, action: str, who: int) -> None:
        if action not in {"promoted", "passed"}:
            self._settle()
        getattr(self, f"_{action}")(who)
        if action != "passed":
            self.recorded.clear()
        self._expect(0 <= self.taken <= self.capacity, f"{self.taken} of {self.capacity} taken after {who} {action}")

    def end(self) -> None:
        self._settle()

    def _settle(self) -> None:
        """Whatever was given up has gone to those who waited, as far as they fit."""
        self._expect(not (self.given_up and self._who_fits()), f"{self._who_fits()} wait for seats that were given up")
        self.given_up = False

    def _confirmed(self, who: int) -> None:
        self._expect(not self._who_fits(), f"{who} overtook {self._who_fits()}")
        self._expect(self.recorded >= set(self.queue), f"nothing says that {who} passed {self.queue}")
        self.taken += self.seats[who]

    def _waitlisted(self, who: int) -> None:
        fits = not self._who_fits() and self.taken + self.seats[who] <= self.capacity
        self._expect(not fits, f"{who} had to wait although there was room")
        self.queue.append(who)

    def _cancelled(self, who: int) -> None:
        if who in self.queue:
            self.queue.remove(who)
        else:
            self.taken -= self.seats[who]
        self.given_up = True

    def _promoted(self, who: int) -> None:
        passed = [one for one in self.queue[: self.queue.index(who)] if one in self._who_fits()]
        self._expect(not passed, f"{who} was promoted before {passed}")
        self.queue.remove(who)
        self.taken += self.seats[who]

    def _passed(self, who: int) -> None:
        self._expect(who in self.queue, f"{who} was passed without waiting")
        self.recorded.add(who)

    def _who_fits(self) -> list[int]:
        return [one for one in self.queue if self.taken + self.seats[one] <= self.capacity]

    def _expect(self, right: bool, otherwise: str) -> None:
        if not right:
            self.faults.append(otherwise)


def story_of(sitting_id: int) -> Story:
    """Tell the whole story of a sitting again, from its first application on."""
    parties = sa.select(Registration.id, 1 + Registration.companions).where(Registration.sitting_id == sitting_id)
    seats = dict(db.session.execute(parties).all())
    capacity = db.session.execute(sa.select(Sitting.capacity).filter_by(id=sitting_id)).scalar_one()
    story = Story(capacity or 0, seats)
    log = sa.select(AuditEntry.action, AuditEntry.object_id).where(AuditEntry.object_type == "registration")
    for action, who in db.session.execute(log.order_by(AuditEntry.id)):
        if int(who) in seats:
            story.tell(action.removeprefix("registration."), int(who))
    story.end()
    return story


def faults(sitting_id: int) -> list[str]:
    """What was wrong at any moment, and wherever the ledger does not agree with the registrations."""
    story = story_of(sitting_id)
    sitting = db.session.execute(sa.select(Sitting.seats_taken, Sitting.waiting).where(Sitting.id == sitting_id)).one()
    held = sa.func.coalesce(sa.func.sum(1 + Registration.companions), 0)
    mine = sa.select(held, sa.func.count()).where(Registration.sitting_id == sitting_id)
    seats_held = db.session.execute(mine.where(Registration.status == Status.CONFIRMED)).one()[0]
    waiting = db.session.execute(mine.where(Registration.status == Status.WAITLISTED)).one()[1]
    wrong = list(story.faults)
    if (sitting.seats_taken, sitting.waiting) != (seats_held, waiting):
        wrong.append(f"ledger {tuple(sitting)} but registrations {(seats_held, waiting)}")
    if (story.taken, len(story.queue)) != (seats_held, waiting):
        wrong.append(f"log {(story.taken, len(story.queue))} but registrations {(seats_held, waiting)}")
    return wrong


def queue_of(sitting_id: int) -> list[int]:
    """The queue numbers of those who wait, in order."""
    numbers = sa.select(Registration.queue_no).where(
        Registration.sitting_id == sitting_id, Registration.status == Status.WAITLISTED
    )
    return [number or 0 for number in db.session.scalars(numbers.order_by(Registration.queue_no))]
