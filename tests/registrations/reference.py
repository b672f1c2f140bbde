"""The rules of seats and waiting in their shortest form, for tests to compare the program with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.events.choices import LargeParties, WaitingMode
from app.events.types import Admission
from app.registrations.answer_by import answer_by, last_moment


@dataclass
class Person:
    """Where they stand, how many seats, their turn in the queue, what they are offered, what they were told."""

    id: int
    status: str
    seats: int
    turn: int = 0
    offered: int = 0
    until: datetime | None = None
    unreached: bool = False
    # Of a body: until when it says how many come, and how many it said so far.
    edit_until: datetime | None = None
    used: int = 0
    told: Counter[str] = field(default_factory=Counter)
    passed: int = 0

    @property
    def active(self) -> bool:
        return self.status in {"confirmed", "offered", "waitlisted", "pending"}


class Model:
    """Who waits comes first, the first who fits is served first; a newcomer gets what nobody who waits could use."""

    def __init__(self, admission: Admission, capacity: int, rule: tuple[WaitingMode, LargeParties]) -> None:
        self.admission, self.capacity = admission, capacity
        self.mode, self.large = rule
        self.people: list[Person] = []
        self.turns = 0
        self.drawn = self.over = False
        self.now: datetime
        self.starts_at: datetime

    def of(self, status: str) -> list[Person]:
        return sorted((one for one in self.people if one.status == status), key=lambda one: one.turn)

    @property
    def free(self) -> int:
        held = sum(one.seats for one in self.of("confirmed")) + sum(one.offered for one in self.of("offered"))
        return self.capacity - held

    @property
    def begun(self) -> bool:
        return self.now >= self.starts_at

    @property
    def by_phone(self) -> bool:
        late = answer_by(self.now, self.starts_at) is None
        return self.mode is WaitingMode.OFFER and late and not self.begun

    def served(self, line: Sequence[Person]) -> list[tuple[Person, int]]:
        free, found = self.free, []
        for one in line:
            if one.seats <= free:
                found.append((one, one.seats))
                free -= one.seats
            elif self.large is not LargeParties.SKIP:
                if self.large is LargeParties.PARTIAL and free:
                    found.append((one, free))
                break
        return found

    def applies(self, number: int, seats: int) -> None:
        asked = self.admission is Admission.APPROVAL or (self.admission is Admission.LOTTERY and not self.drawn)
        self.people.append(Person(number, "pending", seats))
        if asked:
            self.people[-1].told["pending"] += 1
        else:
            self.gets(self.people[-1], "confirmed", "waitlisted")

    def takes_in_turn(self, seats: int) -> bool:
        line = self.of("waitlisted")
        blocked = bool(line) and self.large is LargeParties.WAIT
        if seats > self.free or blocked or self.served(line):
            return False
        for one in line:
            one.passed += 1
        return True

    def gets(self, one: Person, seated: str, queued: str) -> None:
        if self.takes_in_turn(one.seats):
            one.status = "confirmed"
            one.told[seated] += 1
        else:
            self.queues(one, queued)

    def queues(self, one: Person, word: str) -> None:
        self.turns += 1
        one.status, one.turn = "waitlisted", self.turns
        one.told[word] += 1

    def ends(self, one: Person, word: str) -> None:
        one.status, one.offered = "cancelled", 0
        one.told[word] += 1

    def resized(self, one: Person, seats: int) -> None:
        one.seats, one.offered = seats, min(one.offered, seats)
        one.told["changed"] += 1
        self.promotes()

    def accepts(self, one: Person) -> None:
        one.status, one.seats, one.offered = "confirmed", one.offered, 0
        one.told["accepted"] += 1

    def body_is_made(self, number: int, seats: int, edit_until: datetime) -> None:
        self.people.append(Person(number, "confirmed", seats, edit_until=edit_until))
        self.people[-1].told["body_made"] += 1

    def body_is_settled(self, one: Person) -> None:
        one.edit_until = None
        if one.used:
            one.seats = one.used
            one.told["body_settled"] += 1
        else:
            self.ends(one, "cancelled")
        self.promotes()

    def is_handed_on(self, one: Person, number: int) -> None:
        self.ends(one, "handed_on")
        self.people.append(Person(number, "confirmed", one.seats))
        self.people[-1].told["taken_over"] += 1

    def time_is_over(self) -> None:
        late = [one for one in self.of("offered") if one.until is not None and one.until <= self.now]
        for one in late:
            self.ends(one, "offer_expired")
        if late:
            self.promotes()

    def promotes(self) -> None:
        if self.begun or self.by_phone:
            return
        line = self.of("waitlisted")
        found = self.served(line)
        for one, seats in found:
            if self.mode is WaitingMode.OFFER:
                self.offers(one, seats)
            else:
                one.status = "confirmed"
                one.told["promoted"] += 1
        self.passes(line, [one for one, _seats in found])

    def offers(self, one: Person, seats: int) -> None:
        one.status, one.offered, one.until = "offered", seats, answer_by(self.now, self.starts_at)
        one.told["offered"] += 1

    def passes(self, line: Sequence[Person], chosen: Sequence[Person]) -> None:
        before = line[: line.index(chosen[-1])] if chosen else []
        for one in before:
            one.passed += one not in chosen

    def may_be_seated(self, one: Person) -> int:
        line = [other for other in self.of("waitlisted") if other is one or not other.unreached]
        return next((seats for other, seats in self.served(line) if other is one), 0) if self.by_phone else 0

    def is_seated_by_phone(self, one: Person) -> None:
        line, one.seats = self.of("waitlisted"), self.may_be_seated(one)
        self.passes(line, [one])
        one.status = "confirmed"
        one.told["promoted"] += 1

    def moves(self, starts_at: datetime) -> None:
        self.starts_at = starts_at
        for one in self.people:
            one.told["moved"] += one.active
        until = answer_by(self.now, starts_at)
        for one in self.of("offered"):
            if one.until is None or one.until <= last_moment(starts_at):
                continue
            if until is not None:
                self.offers(one, one.offered)
            else:
                one.status, one.offered = "waitlisted", 0
                one.told["offer_withdrawn"] += 1
        self.promotes()

    def is_called_off(self) -> None:
        self.over = True
        for one in self.people:
            if one.active:
                self.ends(one, "called_off")

    def draws(self, order: list[int]) -> None:
        self.drawn = True
        by_id = {one.id: one for one in self.people}
        there = [by_id[number] for number in order if by_id[number].status == "pending"]
        won: list[Person] = []
        for one in there:
            if one.seats <= self.free:
                one.status = "confirmed"
                one.told["won"] += 1
                won.append(one)
        self.passes(there, won)
        for one in there:
            if one not in won:
                self.queues(one, "reserved")
        self.promotes()
