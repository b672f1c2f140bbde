"""Residents and staff share a sitting that keeps seats, in any order: the ledger is as a small model says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.events.audiences import Category
from app.events.drafts import AllotmentPlan
from app.events.models import Sitting
from app.events.types import Audience
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import Refusal
from app.registrations import allotments, meetings, queries, services
from app.registrations.errors import KeptTooMany, NoSeatsLeft
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_sitting, an_application, an_event

PICK = st.integers(0, 30)
PARTY = st.integers(1, 3)
AUDIENCE = st.sampled_from((Category.RESIDENT, Category.STAFF))


@dataclass
class Person:
    id: int
    category: Category
    seats: int
    status: str = ""
    turn: int = 0
    passed: int = 0


class Model:
    """An audience uses up its own seats before those that are for everybody; the first who fits is served first."""

    def __init__(self, capacity: int) -> None:
        self.capacity, self.held = capacity, 0
        self.kept: dict[Category, int] = {}
        self.people: list[Person] = []

    def of(self, status: str) -> list[Person]:
        return sorted((one for one in self.people if one.status == status), key=lambda one: one.turn)

    def seated(self, category: Category) -> int:
        return sum(one.seats for one in self.of("confirmed") if one.category is category)

    def own(self, category: Category) -> int:
        return max(0, self.kept.get(category, 0) - self.seated(category))

    @property
    def common(self) -> int:
        taken = sum(one.seats for one in self.of("confirmed"))
        return self.capacity - taken - self.held - sum(self.own(category) for category in self.kept)

    def fits(self, category: Category, seats: int) -> bool:
        return seats <= self.common + self.own(category)

    def is_theirs(self, category: Category, seats: int) -> bool:
        return self.fits(category, seats) and not any(self.fits(w.category, w.seats) for w in self.of("waitlisted"))

    def passes(self) -> None:
        for one in self.of("waitlisted"):
            one.passed += 1

    def applies(self, one: Person) -> None:
        if self.is_theirs(one.category, one.seats):
            self.passes()
            one.status = "confirmed"
        else:
            one.status, one.turn = "waitlisted", 1 + max((other.turn for other in self.people), default=0)
        self.people.append(one)

    def promotes(self) -> None:
        skipped: list[Person] = []
        passed: set[int] = set()
        for one in self.of("waitlisted"):
            if self.fits(one.category, one.seats):
                one.status = "confirmed"
                passed |= {other.id for other in skipped}
            else:
                skipped.append(one)
        for one in skipped:
            one.passed += one.id in passed

    def counts_as(self, one: Person, category: Category) -> bool:
        """Whether that is possible; it is done then."""
        before, was = self.common, one.category
        if one.status != "confirmed":
            one.category = category
            return True
        one.category = category
        if self.common < 0:
            one.category = was
            return False
        if self.common < before:
            self.passes()
        return True


class Story(RuleBasedStateMachine):
    """One sitting for both audiences."""

    @initialize(capacity=st.integers(3, 6))
    def begins(self, capacity: int) -> None:
        sitting = a_sitting(an_event(audience=Audience.BOTH), capacity=capacity)
        self.sitting, self.model = sitting.id, Model(capacity)

    def somebody(self, pick: int) -> Person | None:
        return self.model.people[pick % len(self.model.people)] if self.model.people else None

    @rule(category=AUDIENCE, seats=PARTY)
    def applies(self, category: Category, seats: int) -> None:
        if seats > self.model.capacity:
            return
        asked = an_application(self.sitting, companions=seats - 1, category=category)
        token = services.apply(asked, now=NOW).token
        self.model.applies(Person(queries.by_token(token, now=NOW).id, category, seats))

    @rule(category=AUDIENCE, seats=PARTY)
    def is_given_a_seat_from_hand(self, category: Category, seats: int) -> None:
        asked = an_application(self.sitting, companions=seats - 1, category=category)
        asked = replace(asked, from_held_back=True)
        if seats > min(self.model.held, self.model.capacity):
            with pytest.raises(Refusal):
                services.apply(asked, by=ORGANIZER, now=NOW)
            return
        token = services.apply(asked, by=ORGANIZER, now=NOW).token
        self.model.held -= seats
        self.model.people.append(Person(queries.by_token(token, now=NOW).id, category, seats, "confirmed"))
        self.model.promotes()

    @rule(pick=PICK)
    def cancels(self, pick: int) -> None:
        if one := self.somebody(pick):
            services.cancel(one.id, now=NOW)
            one.status = "cancelled"
            self.model.promotes()

    @rule(pick=PICK, category=AUDIENCE, seats=PARTY)
    def changes(self, pick: int, category: Category, seats: int) -> None:
        one = self.somebody(pick)
        unchanged = one is None or (one.category, one.seats) == (category, seats)
        if one is None or unchanged or one.status == "cancelled" or seats > self.model.capacity:
            return
        row = queries.by_id(one.id)
        change = replace(row.details, companions=seats - 1, category=category)
        before = (one.category, [other.passed for other in self.model.people])
        if not self.changed(one, category, seats):
            one.category = before[0]
            for other, passed in zip(self.model.people, before[1], strict=True):
                other.passed = passed
            with pytest.raises(NoSeatsLeft):
                services.change_details(one.id, change, version=row.version, now=NOW)
            return
        services.change_details(one.id, change, version=row.version, now=NOW)
        self.model.promotes()

    def changed(self, one: Person, category: Category, seats: int) -> bool:
        if not self.model.counts_as(one, category):
            return False
        more = seats - one.seats
        if one.status == "confirmed" and more > 0:
            if not self.model.is_theirs(category, more):
                return False
            self.model.passes()
        one.seats = seats
        return True

    @rule(held=st.integers(0, 2), resident=st.integers(0, 3), staff=st.integers(0, 3))
    def keeps(self, held: int, resident: int, staff: int) -> None:
        model = self.model
        wanted = {c: n for c, n in ((Category.RESIDENT, resident), (Category.STAFF, staff)) if n}
        plans = [AllotmentPlan(category, places, NOW + timedelta(days=5)) for category, places in wanted.items()]
        was, (model.held, model.kept) = (model.held, model.kept), (held, wanted)
        if model.common < 0:
            model.held, model.kept = was
            with pytest.raises(KeptTooMany):
                allotments.change(self.sitting, held, plans, by=ORGANIZER, now=NOW)
            return
        allotments.change(self.sitting, held, plans, by=ORGANIZER, now=NOW)
        model.promotes()

    @rule(category=AUDIENCE)
    def is_released(self, category: Category) -> None:
        allotments.release(self.sitting, category, by=ORGANIZER, now=NOW)
        self.model.kept.pop(category, None)
        self.model.promotes()

    @rule(capacity=st.integers(1, 7))
    def resizes(self, capacity: int) -> None:
        if capacity < self.model.capacity - self.model.common:
            with pytest.raises(Refusal):
                meetings.change_capacity(self.sitting, capacity, by=ORGANIZER, now=NOW)
            return
        meetings.change_capacity(self.sitting, capacity, by=ORGANIZER, now=NOW)
        self.model.capacity = capacity
        self.model.promotes()

    @invariant()
    def is_as_the_model_says(self) -> None:
        model = self.model
        rows = [queries.by_id(one.id) for one in model.people]
        assert [(row.status.value, row.details.category, row.details.seats) for row in rows] == [
            (one.status, one.category, one.seats) for one in model.people
        ]
        sitting = db.session.get_one(Sitting, self.sitting, populate_existing=True)
        kept = model.held + sum(model.own(category) for category in model.kept)
        assert (sitting.capacity - sitting.seats_taken - sitting.kept, sitting.kept) == (model.common, kept)
        assert model.common >= 0
        assert not any(model.fits(one.category, one.seats) for one in model.of("waitlisted"))

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        for one in self.model.people:
            passed = sa.select(sa.func.count(AuditEntry.id)).filter_by(
                action="registration.passed", object_id=str(one.id)
            )
            assert db.session.scalar(passed) == one.passed
        assert doctor.examine(now=NOW) == []


def test_in_any_order_no_seat_that_is_kept_is_sold_and_none_is_idle(any_app):
    examples = 12 if db.engine.dialect.name == "sqlite" else 4
    bounded = settings(
        max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Story, settings=bounded)
