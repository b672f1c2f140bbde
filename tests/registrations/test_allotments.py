"""Seats that are kept: for an audience until a day, and in the organizer's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.events import copying, queries
from app.events import services as events
from app.events.audiences import Category
from app.events.choices import WaitingMode
from app.events.drafts import AllotmentPlan
from app.events.models import Sitting
from app.events.types import Audience
from app.infra.audit import AuditEntry
from app.infra.db import db, transaction
from app.registrations import allotments, meetings, offers, services
from app.registrations import queries as registrations
from app.registrations.errors import (
    KeptOfNothing,
    KeptTooMany,
    NoSeatsLeft,
    NotHeldBack,
    NotWithDraw,
    WrongRelease,
)
from app.registrations.types import Status
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_lottery, a_sitting, an_application, an_event, apply_for

pytestmark = pytest.mark.usefixtures("any_app")

RELEASE = NOW + timedelta(days=5)
AFTER = RELEASE + timedelta(minutes=1)
RESIDENT, STAFF = Category.RESIDENT, Category.STAFF
CONFIRMED, WAITLISTED = Status.CONFIRMED, Status.WAITLISTED


def a_shared_sitting(capacity: int | None = 4, *, held_back: int = 0, **places: int) -> int:
    """A sitting for residents and staff that keeps so many places for each audience named."""
    sitting = a_sitting(an_event(audience=Audience.BOTH), capacity=capacity).id
    keep(sitting, held_back, **places)
    return sitting


def keep(sitting: int, held_back: int = 0, *, now: datetime = NOW, **places: int) -> int:
    plans = [AllotmentPlan(Category(category), number, RELEASE) for category, number in places.items()]
    return allotments.change(sitting, held_back, plans, by=ORGANIZER, now=now)


def come(sitting: int, category: Category = RESIDENT, *, now: datetime = NOW, **changes) -> int:
    place = apply_for(sitting, category=category, now=now, **changes)
    return registrations.by_token(place.token, now=now).id


def status(registration: int) -> Status:
    return registrations.by_id(registration).status


def counters(sitting: int) -> tuple[int, int, int]:
    """Seats taken, kept, held back."""
    row = db.session.get_one(Sitting, sitting, populate_existing=True)
    return row.seats_taken, row.kept, row.held_back


def passed() -> list[int]:
    named = sa.select(AuditEntry.object_id).where(AuditEntry.action == "registration.passed")
    return [int(number) for number in db.session.scalars(named.order_by(AuditEntry.id))]


def test_each_audience_has_its_own_seats_first_and_shares_the_others():
    sitting = a_shared_sitting(capacity=4, staff=2)
    residents = [come(sitting) for _ in range(3)]
    officers = [come(sitting, STAFF) for _ in range(3)]
    assert [status(one) for one in residents + officers] == [CONFIRMED] * 2 + [WAITLISTED] + [CONFIRMED] * 2 + [
        WAITLISTED
    ]
    assert counters(sitting) == (4, 0, 0)
    assert passed() == [residents[2]] * 2
    assert doctor.examine(now=NOW) == []


def test_a_seat_that_staff_give_up_is_kept_for_staff_again():
    sitting = a_shared_sitting(capacity=3, staff=2)
    first, _second = come(sitting, STAFF), come(sitting, STAFF)
    come(sitting)
    resident, officer = come(sitting), come(sitting, STAFF)
    services.cancel(first, now=NOW)
    assert [status(resident), status(officer)] == [WAITLISTED, CONFIRMED]
    assert doctor.examine(now=NOW) == []


def test_a_seat_beyond_the_places_goes_back_to_everybody():
    sitting = a_shared_sitting(capacity=3, staff=2)
    officers = [come(sitting, STAFF) for _ in range(3)]
    resident = come(sitting)
    services.cancel(officers[0], now=NOW)
    assert status(resident) is CONFIRMED


def test_on_its_day_what_is_unused_goes_to_those_who_wait_once():
    sitting = a_shared_sitting(capacity=4, staff=3)
    come(sitting, STAFF)
    residents = [come(sitting) for _ in range(4)]
    allotments.release_due(now=RELEASE - timedelta(seconds=1))
    assert [status(one) for one in residents] == [CONFIRMED] + [WAITLISTED] * 3
    for _ in range(2):
        allotments.release_due(now=AFTER)
    assert [status(one) for one in residents] == [CONFIRMED] * 3 + [WAITLISTED]
    released = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "sitting.released")
    assert db.session.scalar(released) == 1
    assert doctor.examine(now=AFTER) == []


def test_a_release_that_is_due_and_did_not_happen_is_found():
    a_shared_sitting(staff=1)
    assert [one.name for one in doctor.examine(now=AFTER + timedelta(hours=1))] == ["release"]


def test_fewer_kept_seats_go_to_those_who_wait():
    sitting = a_shared_sitting(capacity=3, staff=1, held_back=1)
    come(sitting)
    waiting = [come(sitting) for _ in range(2)]
    assert keep(sitting, 1) == 1
    assert keep(sitting) == 1
    assert [status(one) for one in waiting] == [CONFIRMED] * 2


def test_more_is_not_kept_than_is_free():
    sitting = a_shared_sitting(capacity=4)
    come(sitting, STAFF)
    with pytest.raises(KeptTooMany, match="3席まで"):
        keep(sitting, 1, staff=4)
    assert keep(sitting, 1, staff=3) == 0
    assert counters(sitting) == (1, 3, 1)


@pytest.mark.parametrize(("now", "capacity", "refused"), [(AFTER, 4, WrongRelease), (NOW, None, KeptOfNothing)])
def test_seats_are_kept_of_a_number_and_until_a_day_to_come(now, capacity, refused):
    sitting = a_shared_sitting(capacity)
    with pytest.raises(refused):
        keep(sitting, now=now, staff=1)


def test_a_draw_knows_seats_held_back_but_no_audiences():
    sitting = a_lottery(capacity=3).id
    keep(sitting, 2)
    with pytest.raises(NotWithDraw):
        keep(sitting, 2, staff=1)


def test_the_capacity_stays_above_what_is_taken_and_kept():
    sitting = a_shared_sitting(capacity=4, staff=2)
    come(sitting)
    for capacity in (2, None):
        with pytest.raises(meetings.CapacityBelowTaken, match="3席以上"):
            meetings.change_capacity(sitting, capacity, by=ORGANIZER, now=NOW)
    meetings.change_capacity(sitting, 3, by=ORGANIZER, now=NOW)


def test_the_database_itself_keeps_the_seats():
    sitting = a_shared_sitting(capacity=4, staff=2)
    come(sitting)
    with pytest.raises(IntegrityError):
        transaction(db.session.execute)(sa.update(Sitting).where(Sitting.id == sitting).values(seats_taken=3))


def test_the_organizer_gives_a_seat_from_hand_past_the_queue():
    sitting = a_shared_sitting(capacity=3, held_back=2)
    come(sitting)
    waiting = come(sitting)
    by_hand = replace(an_application(sitting, companions=1), from_held_back=True)
    assert services.apply(by_hand, by=ORGANIZER, now=NOW).status is CONFIRMED
    assert (counters(sitting), status(waiting)) == ((3, 0, 0), WAITLISTED)
    with pytest.raises(NotHeldBack, match="残り0席"):
        services.apply(replace(an_application(sitting), from_held_back=True), by=ORGANIZER, now=NOW)
    assert doctor.examine(now=NOW) == []


def test_who_counts_to_another_audience_needs_a_seat_of_it():
    sitting = a_shared_sitting(capacity=3, resident=1, staff=1)
    resident = come(sitting)
    officer, _filled = come(sitting, STAFF), come(sitting, STAFF)
    row = registrations.by_id(resident)
    with pytest.raises(NoSeatsLeft, match="市職員"):
        services.change_details(resident, replace(row.details, category=STAFF), version=row.version, now=NOW)
    services.cancel(officer, now=NOW)
    services.change_details(resident, replace(row.details, category=STAFF), version=row.version, now=NOW)
    assert counters(sitting) == (2, 1, 0)
    assert doctor.examine(now=NOW) == []


def test_an_offer_holds_a_seat_of_its_audience_until_it_is_answered():
    event = an_event(audience=Audience.BOTH, waiting_mode=WaitingMode.OFFER)
    sitting = a_sitting(event, capacity=2).id
    keep(sitting, staff=1)
    come(sitting)
    first, second = come(sitting, STAFF), come(sitting, STAFF)
    services.cancel(first, now=NOW)
    assert (status(second), counters(sitting)) == (Status.OFFERED, (2, 0, 0))
    assert doctor.examine(now=NOW) == []
    offers.decline(second, now=NOW)
    assert counters(sitting) == (1, 1, 0)
    assert doctor.examine(now=NOW) == []


def test_calling_off_leaves_the_places_empty():
    sitting = a_shared_sitting(capacity=4, staff=2)
    come(sitting, STAFF)
    meetings.call_off(db.session.get_one(Sitting, sitting).event_id, "大雨のため", notify=True, by=ORGANIZER, now=NOW)
    assert counters(sitting) == (0, 2, 0)
    assert doctor.examine(now=NOW) == []


def test_a_copy_keeps_the_same_seats_as_long_before_the_sitting():
    sitting = a_shared_sitting(capacity=10, held_back=1, staff=2)
    event_id = db.session.get_one(Sitting, sitting).event_id
    copy = queries.by_id(events.copy_from_last_year(event_id, by=ORGANIZER, now=NOW)).sittings[0]
    old = queries.by_id(event_id).sittings[0]
    assert (copy.held_back, copy.kept, copy.allotments[0].places) == (1, 3, 2)
    assert copy.starts_at - copy.allotments[0].releases_at == old.starts_at - RELEASE
    plan = copying.plans(queries.by_id(event_id), timedelta(0), frozenset())[0]
    assert (plan.held_back, plan.allotments) == (0, ())


def test_who_looks_sees_the_seats_for_their_own_audience():
    sitting = a_shared_sitting(capacity=5, held_back=1, staff=2)
    row = queries.by_id(db.session.get_one(Sitting, sitting).event_id).sittings[0]
    assert (row.seats_left, row.free_for(STAFF)) == (2, 4)
    come(sitting, companions=1)
    come(sitting)
    row = queries.by_id(db.session.get_one(Sitting, sitting).event_id).sittings[0]
    assert (row.seats_left, row.free_for(STAFF)) == (0, 2)
