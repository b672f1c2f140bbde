"""Whatever people do, in whatever order: the ledger holds, and is as a small model of its own says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

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
from app.events import courses
from app.events import queries as events
from app.events.choices import LargeParties, SittingsTaken, WaitingMode
from app.events.copying import basics
from app.events.models import Event, Sitting
from app.events.types import Admission
from app.infra.audit import AuditEntry
from app.infra.db import db, transaction
from app.kernel.errors import Refusal
from app.registrations import bodies, calling, deciding, drawing, handing, meetings, offers, queries, services
from app.registrations.models import DrawEntry
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_lottery, a_sitting, an_application, an_event, details
from tests.registrations.reference import Model, Person

CLOSED = NOW + timedelta(days=2)
START = NOW + timedelta(days=10)
PICK = st.integers(0, 30)
PARTY = st.integers(1, 3)
RULES = st.sampled_from(
    [
        (mode, large)
        for mode in WaitingMode
        for large in LargeParties
        if (mode, large) != (WaitingMode.AUTOMATIC, LargeParties.PARTIAL)
    ]
)


class Story(RuleBasedStateMachine):
    """One sitting, or a course whose first meeting it is, and what happens to it."""

    @initialize(
        admission=st.sampled_from(list(Admission)), capacity=st.integers(1, 5), how=RULES, is_course=st.booleans()
    )
    def begins(
        self, admission: Admission, capacity: int, how: tuple[WaitingMode, LargeParties], *, is_course: bool
    ) -> None:
        more = dict(zip(("waiting_mode", "large_parties"), how, strict=True))
        if admission is Admission.LOTTERY:
            sitting = a_lottery(capacity=capacity, **more)
        else:
            sitting = a_sitting(an_event(admission=admission, **more), capacity=capacity)
        self.sitting, self.event = sitting.id, sitting.event_id
        if is_course:
            follows(sitting)
        self.model = Model(admission, capacity, how)
        self.model.starts_at = START
        self.frozen = False
        self.now = NOW

    @property
    def now(self) -> datetime:
        return self.model.now

    @now.setter
    def now(self, now: datetime) -> None:
        self.model.now = now

    @property
    def running(self) -> bool:
        return not self.model.over and not self.model.begun

    def somebody(self, pick: int, *statuses: str) -> Person | None:
        there = [one for one in self.model.people if not statuses or one.status in statuses]
        return there[pick % len(there)] if there else None

    @precondition(lambda self: self.running and (not self.frozen or self.model.drawn))
    @rule(seats=PARTY)
    def applies(self, seats: int) -> None:
        if seats > self.model.capacity:
            return
        by = {"by": ORGANIZER} if self.now != NOW else {}
        token = services.apply(an_application(self.sitting, companions=seats - 1), now=self.now, **by).token
        self.model.applies(queries.by_token(token, now=self.now).id, seats)

    @rule(pick=PICK)
    def cancels(self, pick: int) -> None:
        if one := self.somebody(pick):
            services.cancel(one.id, by=ORGANIZER, now=self.now)
            if one.active:
                self.model.ends(one, "cancelled")
                self.model.promotes()

    @precondition(lambda self: self.running)
    @rule(pick=PICK, seats=PARTY)
    def changes_party(self, pick: int, seats: int) -> None:
        one = self.somebody(pick, "confirmed", "offered", "waitlisted", "pending")
        if one is None or one.seats == seats or one.told["body_made"]:
            return
        row = queries.by_id(one.id)
        more, too_many = seats - one.seats, seats > self.model.capacity
        refused = too_many or (self.frozen and one.status == "pending") or (one.status == "offered" and more > 0)
        if not refused and one.status == "confirmed" and more > 0:
            refused = not self.model.takes_in_turn(more)
        change = replace(row.details, companions=seats - 1)
        if refused:
            with pytest.raises(Refusal):
                services.change_details(one.id, change, version=row.version, now=self.now)
        else:
            services.change_details(one.id, change, version=row.version, now=self.now)
            self.model.resized(one, seats)

    @precondition(lambda self: self.running)
    @rule(pick=PICK)
    def hands_on(self, pick: int) -> None:
        one = self.somebody(pick, "confirmed")
        if one is None:
            return
        if one.told["body_made"] or self.model.admission is Admission.LOTTERY:
            with pytest.raises(Refusal):
                handing.hand_over(one.id, details(), by=ORGANIZER, now=self.now)
            return
        handing.hand_over(one.id, details(), by=ORGANIZER, now=self.now)
        self.model.is_handed_on(one, handing.of_registration(one.id).to_id)

    @precondition(lambda self: self.running and (self.model.admission is not Admission.LOTTERY or self.model.drawn))
    @rule(seats=st.integers(2, 4), hours=st.sampled_from([10, 60]))
    def seats_are_held_for_a_body(self, seats: int, hours: int) -> None:
        until = min(self.now + timedelta(hours=hours), self.model.starts_at)
        body = details(name="見本地区コミュニティ協議会", companions=seats - 1)
        draft = bodies.BodyDraft(self.sitting, body, "見本　一", until, f"body-{len(self.model.people)}")
        if self.model.takes_in_turn(seats):
            self.model.body_is_made(bodies.make(draft, by=ORGANIZER, now=self.now), seats, until)
        else:
            with pytest.raises(Refusal):
                bodies.make(draft, by=ORGANIZER, now=self.now)

    @rule(pick=PICK, people=st.integers(1, 4))
    def a_body_says_how_many_come(self, pick: int, people: int) -> None:
        there = [one for one in self.model.of("confirmed") if one.edit_until is not None and one.edit_until > self.now]
        if not there:
            return
        one = there[pick % len(there)]
        one.used = min(people, one.seats)
        version = queries.by_id(one.id).version
        bodies.fill(one.id, (), one.used, version=version, by=ORGANIZER, now=self.now)

    @precondition(lambda self: self.model.admission is Admission.APPROVAL and self.running)
    @rule(pick=PICK, yes=st.booleans())
    def is_answered(self, pick: int, yes: bool) -> None:
        one = self.somebody(pick, "pending")
        if one is None:
            return
        if yes:
            deciding.approve(one.id, by=ORGANIZER, now=self.now)
            self.model.gets(one, "approved", "queued")
        else:
            deciding.decline(one.id, "定員のため", by=ORGANIZER, now=self.now)
            one.status = "declined"
            one.told["declined"] += 1

    @precondition(lambda self: self.model.admission is Admission.LOTTERY and self.running)
    @rule()
    def closes_then_draws(self) -> None:
        if self.model.drawn:
            with pytest.raises(Refusal):
                drawing.draw(self.event, by=ORGANIZER, now=self.now)
        elif self.frozen:
            drawing.draw(self.event, by=ORGANIZER, now=self.now)
            ranked = sa.select(DrawEntry.registration_id).filter_by(event_id=self.event).order_by(DrawEntry.rank)
            self.model.draws(list(db.session.scalars(ranked)))
        else:
            self.now = CLOSED
            drawing.freeze(self.event, now=self.now)
            self.frozen = True

    @precondition(lambda self: self.model.admission is not Admission.LOTTERY or self.model.drawn)
    @rule(hours=st.sampled_from([1, 20, 50, 120]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for sitting in offers.due(now=self.now):
            offers.expire(sitting, now=self.now)
        self.model.time_is_over()
        for number in bodies.due(now=self.now):
            bodies.settle(number, now=self.now)
            self.model.body_is_settled(next(one for one in self.model.people if one.id == number))

    @rule(pick=PICK, yes=st.booleans(), by_phone=st.booleans())
    def answers_the_offer(self, pick: int, yes: bool, by_phone: bool) -> None:
        one = self.somebody(pick, "offered")
        if one is None:
            return
        if by_phone:
            (calling.says_yes if yes else calling.says_no)(one.id, by=ORGANIZER, now=self.now)
        else:
            (offers.accept if yes else offers.decline)(one.id, now=self.now)
        if yes:
            self.model.accepts(one)
        else:
            self.model.ends(one, "offer_declined")
            self.model.promotes()

    @rule(pick=PICK)
    def answers_without_an_offer(self, pick: int) -> None:
        one = self.somebody(pick, "waitlisted", "pending", "declined")
        if one is not None:
            with pytest.raises(Refusal):
                offers.accept(one.id, now=self.now)

    @precondition(lambda self: not self.model.over)
    @rule(pick=PICK, answer=st.sampled_from(["yes", "no", "nobody"]))
    def is_telephoned(self, pick: int, answer: str) -> None:
        one = self.somebody(pick, "waitlisted")
        if one is None:
            return
        if answer == "nobody":
            calling.is_not_reached(one.id, by=ORGANIZER, now=self.now)
            one.unreached = True
        elif answer == "no":
            calling.says_no(one.id, by=ORGANIZER, now=self.now)
            self.model.ends(one, "cancelled")
            self.model.promotes()
        elif self.model.may_be_seated(one):
            calling.says_yes(one.id, by=ORGANIZER, now=self.now)
            self.model.is_seated_by_phone(one)
        else:
            with pytest.raises(Refusal):
                calling.says_yes(one.id, by=ORGANIZER, now=self.now)

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

    @precondition(lambda self: not self.model.over)
    @rule(how=RULES)
    def gets_another_rule(self, how: tuple[WaitingMode, LargeParties]) -> None:
        row = events.by_id(self.event)
        series = db.session.get_one(Event, self.event).series_id
        same = basics(row, series_id=series, year=row.fiscal_year, shift=timedelta(0))
        changed = replace(same, slug=row.slug, waiting_mode=how[0], large_parties=how[1])
        meetings.edit(self.event, changed, revision=row.revision, notify=False, by=ORGANIZER, now=self.now)
        changes = how != (self.model.mode, self.model.large)
        self.model.mode, self.model.large = how
        if changes:
            self.model.promotes()

    @precondition(lambda self: self.running and (self.model.admission is not Admission.LOTTERY or self.model.drawn))
    @rule(days=st.integers(1, 12))
    def moves(self, days: int) -> None:
        starts_at = NOW + timedelta(days=days)
        if starts_at <= self.now or starts_at == self.model.starts_at:
            return
        meetings.reschedule(
            self.sitting,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            venue_id=None,
            notify=True,
            by=ORGANIZER,
            now=self.now,
        )
        self.model.moves(starts_at)

    @precondition(lambda self: len(self.model.people) > 3 and not self.model.over)
    @rule(really=st.integers(0, 6))
    def is_called_off(self, really: int) -> None:
        if not really:
            meetings.call_off(self.event, "大雨のため", notify=True, by=ORGANIZER, now=self.now)
            self.model.is_called_off()

    @invariant()
    def is_as_the_model_says(self) -> None:
        db.session.expire_all()
        model, sitting = self.model, db.session.get_one(Sitting, self.sitting)
        rows = [queries.by_id(one.id) for one in model.people]
        assert [(row.status.value, row.details.seats) for row in rows] == [
            (one.status, one.seats) for one in model.people
        ]
        waiting = [one.id for one in model.of("waitlisted")]
        assert [row.id for row in sorted(rows, key=lambda row: row.position or 0) if row.position] == waiting
        assert (sitting.capacity - sitting.seats_taken, sitting.waiting) == (model.free, len(waiting))
        assert model.free >= 0
        assert model.begun or model.by_phone or not model.served(model.of("waitlisted"))

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        for one in self.model.people:
            kinds = sa.select(OutboundMessage.kind).filter_by(thread=f"registration:{one.id}")
            told = Counter(kind.removeprefix("registration.") for kind in db.session.scalars(kinds))
            assert told == +one.told
            passed = sa.select(sa.func.count(AuditEntry.id)).filter_by(
                action="registration.passed", object_id=str(one.id)
            )
            assert db.session.scalar(passed) == one.passed
        assert doctor.examine(now=self.now) == []
        if not self.model.over:  # the next story may stand at an earlier time
            meetings.call_off(self.event, "終わり", notify=False, by=ORGANIZER, now=self.now)


def follows(first: Sitting) -> None:
    """A second meeting ten days after the first, which it makes one of a course."""
    event = db.session.get_one(Event, first.event_id)
    event.sittings_taken = SittingsTaken.ALL
    a_sitting(event, starts_at=START + timedelta(days=10), capacity=None)
    transaction(courses.settle)(event)


def test_in_any_order_the_ledger_is_as_the_model_says(any_app):
    examples = 14 if db.engine.dialect.name == "sqlite" else 4
    bounded = settings(
        max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Story, settings=bounded)
