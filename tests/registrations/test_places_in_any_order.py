"""Whatever people do, in whatever order: the ledger holds, and is as a small model of its own says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.delivery.models import OutboundMessage
from app.events.models import Sitting
from app.events.types import Admission
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import Refusal
from app.registrations import deciding, drawing, meetings, queries, services
from app.registrations.models import DrawEntry
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_lottery, a_sitting, an_application, an_event

CLOSED = NOW + timedelta(days=2)
PICK = st.integers(0, 30)
PARTY = st.integers(1, 3)


@dataclass
class Person:
    """What the model knows: where they stand, how many seats, their turn in the queue, what they were told."""

    id: int
    status: str
    seats: int
    turn: int = 0
    told: Counter[str] = field(default_factory=Counter)
    passed: int = 0


class Model:
    """The rules in their shortest form: who waits comes first, the first who fits is served first."""

    def __init__(self, admission: Admission, capacity: int) -> None:
        self.admission, self.capacity = admission, capacity
        self.people: list[Person] = []
        self.turns = 0
        self.drawn = self.over = False

    def of(self, status: str) -> list[Person]:
        return sorted((one for one in self.people if one.status == status), key=lambda one: one.turn)

    @property
    def free(self) -> int:
        return self.capacity - sum(one.seats for one in self.of("confirmed"))

    def applies(self, number: int, seats: int) -> None:
        asked = self.admission is Admission.APPROVAL or (self.admission is Admission.LOTTERY and not self.drawn)
        self.people.append(Person(number, "pending", seats))
        if asked:
            self.people[-1].told["pending"] += 1
        else:
            self.gets(self.people[-1], "confirmed", "waitlisted")

    def gets(self, one: Person, seated: str, queued: str) -> None:
        if not self.of("waitlisted") and one.seats <= self.free:
            one.status = "confirmed"
            one.told[seated] += 1
        else:
            self.queues(one, queued)

    def queues(self, one: Person, word: str) -> None:
        self.turns += 1
        one.status, one.turn = "waitlisted", self.turns
        one.told[word] += 1

    def cancels(self, one: Person) -> None:
        if one.status in {"confirmed", "waitlisted", "pending"}:
            one.status = "cancelled"
            one.told["cancelled"] += 1
            self.promotes()

    def promotes(self) -> None:
        skipped: dict[int, Person] = {}
        passed: dict[int, Person] = {}
        for one in self.of("waitlisted"):
            if one.seats <= self.free:
                one.status = "confirmed"
                one.told["promoted"] += 1
                passed |= skipped
            else:
                skipped[one.id] = one
        for one in passed.values():
            one.passed += 1

    def draws(self, order: list[int]) -> None:
        self.drawn = True
        by_id = {one.id: one for one in self.people}
        there = [by_id[number] for number in order if by_id[number].status == "pending"]
        skipped: list[Person] = []
        for one in there:
            if one.seats <= self.free:
                one.status = "confirmed"
                one.told["won"] += 1
                for other in skipped:
                    other.passed = 1
            else:
                skipped.append(one)
        for one in skipped:
            self.queues(one, "reserved")


class Story(RuleBasedStateMachine):
    """One sitting, and what happens to it."""

    @initialize(admission=st.sampled_from(list(Admission)), capacity=st.integers(1, 5))
    def begins(self, admission: Admission, capacity: int) -> None:
        drawn = admission is Admission.LOTTERY
        sitting = a_lottery(capacity=capacity) if drawn else a_sitting(an_event(admission=admission), capacity=capacity)
        self.sitting, self.event = sitting.id, sitting.event_id
        self.model = Model(admission, capacity)
        self.frozen = False
        self.now = NOW

    def somebody(self, pick: int) -> Person | None:
        return self.model.people[pick % len(self.model.people)] if self.model.people else None

    @precondition(lambda self: not self.model.over and (not self.frozen or self.model.drawn))
    @rule(seats=PARTY)
    def applies(self, seats: int) -> None:
        if seats > self.model.capacity:
            return
        by = {"by": ORGANIZER} if self.model.drawn else {}
        asked = an_application(self.sitting, companions=seats - 1)
        token = services.apply(asked, now=self.now, **by).token
        self.model.applies(queries.by_token(token, now=self.now).id, seats)

    @rule(pick=PICK)
    def cancels(self, pick: int) -> None:
        if one := self.somebody(pick):
            services.cancel(one.id, now=self.now)
            self.model.cancels(one)

    @precondition(lambda self: not self.model.over)
    @rule(pick=PICK, seats=PARTY)
    def changes_party(self, pick: int, seats: int) -> None:
        one = self.somebody(pick)
        if one is None or one.seats == seats or one.status not in {"confirmed", "waitlisted", "pending"}:
            return
        row = queries.by_id(one.id)
        more = seats - one.seats
        closed = self.frozen and one.status == "pending"
        crowded = one.status == "confirmed" and more > 0 and (self.model.of("waitlisted") or more > self.model.free)
        change = replace(row.details, companions=seats - 1)
        if closed or crowded or seats > self.model.capacity:
            with pytest.raises(Refusal):
                services.change_details(one.id, change, version=row.version, now=self.now)
            return
        services.change_details(one.id, change, version=row.version, now=self.now)
        one.seats = seats
        one.told["changed"] += 1
        self.model.promotes()

    @precondition(lambda self: self.model.admission is Admission.APPROVAL and not self.model.over)
    @rule(pick=PICK, yes=st.booleans())
    def answers(self, pick: int, yes: bool) -> None:
        asking = self.model.of("pending")
        if not asking:
            return
        one = asking[pick % len(asking)]
        if yes:
            deciding.approve(one.id, by=ORGANIZER, now=self.now)
            self.model.gets(one, "approved", "queued")
        else:
            deciding.decline(one.id, "定員のため", by=ORGANIZER, now=self.now)
            one.status = "declined"
            one.told["declined"] += 1

    @precondition(lambda self: self.model.admission is Admission.LOTTERY and not self.model.over)
    @rule()
    def closes_then_draws(self) -> None:
        self.now = CLOSED
        if not self.frozen:
            drawing.freeze(self.event, now=self.now)
            self.frozen = True
        elif not self.model.drawn:
            drawing.draw(self.event, by=ORGANIZER, now=self.now)
            ranked = sa.select(DrawEntry.registration_id).filter_by(event_id=self.event).order_by(DrawEntry.rank)
            self.model.draws(list(db.session.scalars(ranked)))
        else:
            with pytest.raises(Refusal):
                drawing.draw(self.event, by=ORGANIZER, now=self.now)

    @precondition(lambda self: not self.model.over)
    @rule(capacity=st.integers(0, 6))
    def resizes(self, capacity: int) -> None:
        if capacity < self.model.capacity - self.model.free:
            with pytest.raises(Refusal):
                meetings.change_capacity(self.sitting, capacity, by=ORGANIZER, now=self.now)
            return
        meetings.change_capacity(self.sitting, capacity, by=ORGANIZER, now=self.now)
        self.model.capacity = capacity
        self.model.promotes()

    @precondition(lambda self: len(self.model.people) > 3 and not self.model.over)
    @rule(really=st.integers(0, 4))
    def is_called_off(self, really: int) -> None:
        if really:
            return
        meetings.call_off(self.event, "大雨のため", notify=True, by=ORGANIZER, now=self.now)
        self.model.over = True
        for one in self.model.people:
            if one.status in {"confirmed", "waitlisted", "pending"}:
                one.status = "cancelled"
                one.told["called_off"] += 1

    @invariant()
    def is_as_the_model_says(self) -> None:
        db.session.expire_all()
        sitting = db.session.get_one(Sitting, self.sitting)
        rows = [queries.by_id(one.id) for one in self.model.people]
        assert [(row.status.value, row.details.seats) for row in rows] == [
            (one.status, one.seats) for one in self.model.people
        ]
        waiting = [one.id for one in self.model.of("waitlisted")]
        assert [row.id for row in sorted(rows, key=lambda row: row.position or 0) if row.position] == waiting
        assert (sitting.capacity - sitting.seats_taken, sitting.waiting) == (
            sitting.capacity if self.model.over else self.model.free,
            len(waiting),
        )
        assert self.model.free >= 0
        assert not [one for one in self.model.of("waitlisted")[:1] if one.seats <= self.model.free]

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        for one in self.model.people:
            kinds = sa.select(OutboundMessage.kind).filter_by(thread=f"registration:{one.id}")
            assert Counter(kind.removeprefix("registration.") for kind in db.session.scalars(kinds)) == one.told
            passed = sa.select(sa.func.count(AuditEntry.id)).filter_by(
                action="registration.passed", object_id=str(one.id)
            )
            assert db.session.scalar(passed) == one.passed
        assert doctor.examine(now=self.now) == []


def test_in_any_order_the_ledger_is_as_the_model_says(any_app):
    examples = 12 if db.engine.dialect.name == "sqlite" else 4
    bounded = settings(
        max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Story, settings=bounded)
