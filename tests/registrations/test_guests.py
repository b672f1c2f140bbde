"""Staff of other municipalities: their own number of places, and the organizer's answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.events.models import Event, GuestQuota, Sitting
from app.events.types import Audience
from app.infra.db import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.types import RESIDENT
from app.registrations import deciding, guests, meetings, queries, services
from app.registrations.errors import (
    AlreadyCancelled,
    ApplicationsClosed,
    GuestPlacesBelowTaken,
    GuestsAskElsewhere,
    NoGuestPlacesLeft,
    NoReason,
    NoSeatsLeft,
    NotPending,
    TooManyCompanions,
)
from app.registrations.types import Category, Status
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_sitting, an_application, an_event, apply_for

pytestmark = pytest.mark.usefixtures("any_app")


def a_sitting_for_guests(places: int = 2, **changes):
    sitting = a_sitting(an_event(audience=Audience.STAFF, max_companions=0), **changes).id
    guests.change_guest_places(sitting, places, by=ORGANIZER, now=NOW)
    return sitting


def ask(sitting: int, *, now=NOW, **changes) -> int:
    """A guest asks for a place; the id of the registration."""
    asked = an_application(sitting, category=Category.NEIGHBOUR, affiliation="総社市　政策調整課", **changes)
    place = services.apply(replace(asked, municipality="総社市"), now=now)
    return queries.by_token(place.token, now=now).id


def two_sittings(places: int = 1, capacity: int = 10) -> tuple[int, int]:
    """午前の部 and 午後の部 of one training, each with so many places for guests."""
    event = an_event(audience=Audience.STAFF, max_companions=0)
    both = (a_sitting(event, capacity=10).id, a_sitting(event, capacity=capacity).id)
    for sitting in both:
        guests.change_guest_places(sitting, places, by=ORGANIZER, now=NOW)
    return both


def status(registration_id: int) -> Status:
    return queries.by_id(registration_id).status


def counters(sitting: int) -> tuple[int, int]:
    """Seats taken, places for guests taken."""
    db.session.expire_all()
    return db.session.get_one(Sitting, sitting).seats_taken, db.session.get_one(GuestQuota, sitting).taken


def told() -> list[str]:
    kinds = db.session.scalars(sa.select(OutboundMessage.kind).order_by(OutboundMessage.id))
    return [kind.removeprefix("registration.") for kind in kinds]


def test_who_asks_holds_a_place_for_guests_and_no_seat_yet():
    sitting = a_sitting_for_guests()
    guest = ask(sitting)
    assert (status(guest), counters(sitting), told()) == (Status.PENDING, (0, 1), ["pending"])


def test_one_guest_more_than_there_are_places_is_refused_at_the_sitting():
    sitting = a_sitting_for_guests(1)
    ask(sitting)
    with pytest.raises(NoGuestPlacesLeft) as refusal:
        ask(sitting)
    assert refusal.value.field == "sitting"


def test_where_no_places_are_kept_no_guest_can_ask():
    with pytest.raises(NoGuestPlacesLeft):
        ask(a_sitting(an_event(audience=Audience.STAFF)).id)


def test_approval_gives_the_seat_and_tells_with_a_calendar_entry():
    sitting = a_sitting_for_guests()
    guest = ask(sitting)
    deciding.approve(guest, by=ORGANIZER, now=NOW)
    assert (status(guest), counters(sitting), told()) == (Status.CONFIRMED, (1, 1), ["pending", "approved"])


def test_a_decline_says_why_and_frees_the_place():
    sitting = a_sitting_for_guests(1)
    guest = ask(sitting)
    deciding.decline(guest, "市職員で定員に達したため", by=ORGANIZER, now=NOW)
    row = queries.by_id(guest)
    assert (row.status, row.cancel_reason, told()) == (
        Status.DECLINED,
        "市職員で定員に達したため",
        ["pending", "declined"],
    )
    assert status(ask(sitting)) is Status.PENDING


def test_nobody_is_declined_without_a_reason():
    with pytest.raises(NoReason):
        deciding.decline(ask(a_sitting_for_guests()), "", by=ORGANIZER, now=NOW)


def test_an_answer_is_given_once():
    sitting = a_sitting_for_guests()
    guest = ask(sitting)
    deciding.approve(guest, by=ORGANIZER, now=NOW)
    for answer in (
        lambda: deciding.approve(guest, by=ORGANIZER, now=NOW),
        lambda: deciding.decline(guest, "x", by=ORGANIZER, now=NOW),
    ):
        with pytest.raises(NotPending):
            answer()
    assert counters(sitting) == (1, 1)


@pytest.mark.parametrize(("approved", "seats_before"), [(False, 0), (True, 1)])
def test_who_gives_up_frees_what_was_held(approved, seats_before):
    sitting = a_sitting_for_guests()
    guest = ask(sitting)
    if approved:
        deciding.approve(guest, by=ORGANIZER, now=NOW)
    assert counters(sitting) == (seats_before, 1)
    services.cancel(guest, now=NOW)
    assert (status(guest), counters(sitting)) == (Status.CANCELLED, (0, 0))


def test_who_was_declined_stays_so():
    sitting = a_sitting_for_guests()
    guest = ask(sitting)
    deciding.decline(guest, "定員", by=ORGANIZER, now=NOW)
    services.cancel(guest, now=NOW)
    row = queries.by_id(guest)
    with pytest.raises(AlreadyCancelled):
        services.change_details(guest, replace(row.details, name="別人"), version=row.version, now=NOW)
    assert (row.status, counters(sitting)) == (Status.DECLINED, (0, 0))


def test_approval_needs_a_free_seat_and_passes_nobody_who_waits():
    sitting = a_sitting_for_guests(capacity=1)
    guest = ask(sitting)
    apply_for(sitting)
    with pytest.raises(NoSeatsLeft):
        deciding.approve(guest, by=ORGANIZER, now=NOW)
    assert status(guest) is Status.PENDING


def test_guests_come_alone():
    sitting = a_sitting(an_event(audience=Audience.BOTH)).id
    guests.change_guest_places(sitting, 2, by=ORGANIZER, now=NOW)
    with pytest.raises(TooManyCompanions):
        ask(sitting, companions=1)
    row = queries.by_id(ask(sitting))
    with pytest.raises(TooManyCompanions):
        services.change_details(row.id, replace(row.details, companions=1), version=row.version, now=NOW)


def test_guests_are_bound_by_the_window():
    with pytest.raises(ApplicationsClosed):
        ask(a_sitting_for_guests(), now=NOW + timedelta(days=8))


def test_places_cannot_be_fewer_than_are_asked_for():
    sitting = a_sitting_for_guests(3)
    ask(sitting)
    with pytest.raises(GuestPlacesBelowTaken):
        guests.change_guest_places(sitting, 0, by=ORGANIZER, now=NOW)


def test_when_the_event_is_called_off_who_asks_is_told():
    sitting = a_sitting_for_guests()
    guest = ask(sitting)
    meetings.call_off(queries.by_id(guest).event_id, "大雨のため", notify=True, by=ORGANIZER, now=NOW)
    assert (status(guest), counters(sitting), told()) == (Status.CANCELLED, (0, 0), ["pending", "called_off"])


def test_the_organizer_may_enter_a_guest_as_approved():
    sitting = a_sitting_for_guests()
    asked = replace(an_application(sitting, category=Category.NEIGHBOUR), municipality="総社市", approved=True)
    first, again = (services.apply(asked, by=ORGANIZER, now=NOW) for _ in range(2))
    assert first == again
    assert (first.status, counters(sitting), told()) == (Status.CONFIRMED, (1, 1), ["confirmed"])


def test_a_guest_entered_as_approved_passes_nobody_and_takes_nothing_where_no_seat_is_free():
    sitting = a_sitting_for_guests(capacity=0)
    asked = replace(an_application(sitting, category=Category.NEIGHBOUR), municipality="総社市", approved=True)
    with pytest.raises(NoSeatsLeft):
        services.apply(asked, by=ORGANIZER, now=NOW)
    assert counters(sitting) == (0, 0)


@pytest.mark.parametrize(("approved", "sequence"), [(False, 0), (True, 1)])
def test_another_sitting_takes_its_place_and_gives_the_first_back(approved, sequence):
    morning, afternoon = two_sittings()
    guest = ask(morning)
    if approved:
        deciding.approve(guest, by=ORGANIZER, now=NOW)
    before = queries.by_id(guest)
    guests.change_sitting(guest, afternoon, by=RESIDENT, now=NOW)
    after = queries.by_id(guest)
    assert (counters(morning), counters(afternoon)) == ((0, 0), (int(approved), 1))
    assert (after.sitting_id, after.status, after.sequence) == (afternoon, before.status, sequence)
    assert after.public_id == before.public_id
    payload = db.session.scalars(sa.select(OutboundMessage.payload).filter_by(kind="registration.switched")).one()
    mail = rendering.render("registration.switched", payload)
    assert (mail.calendar is not None) is approved
    assert ("改めてお知らせします" in mail.text) is not approved


def test_where_the_other_sitting_has_no_place_or_no_seat_what_is_held_stays():
    morning, afternoon = two_sittings(places=2, capacity=1)
    apply_for(afternoon)
    confirmed, asking = ask(morning), ask(morning)
    deciding.approve(confirmed, by=ORGANIZER, now=NOW)
    with pytest.raises(NoSeatsLeft):
        guests.change_sitting(confirmed, afternoon, by=RESIDENT, now=NOW)
    guests.change_guest_places(afternoon, 0, by=ORGANIZER, now=NOW)
    with pytest.raises(NoGuestPlacesLeft):
        guests.change_sitting(asking, afternoon, by=RESIDENT, now=NOW)
    assert (counters(morning), counters(afternoon)) == ((1, 2), (1, 0))


def test_only_a_guest_changes_the_sitting_this_way_and_the_window_binds_only_the_guest():
    morning, afternoon = two_sittings()
    with pytest.raises(NotFound):
        guests.change_sitting(queries.by_token(apply_for(morning).token, now=NOW).id, afternoon, by=RESIDENT, now=NOW)
    guest, late = ask(morning), NOW + timedelta(days=8)
    with pytest.raises(ApplicationsClosed):
        guests.change_sitting(guest, afternoon, by=RESIDENT, now=late)
    guests.change_sitting(guest, afternoon, by=ORGANIZER, now=late)
    assert queries.by_id(guest).sitting_id == afternoon


def test_where_places_are_kept_nobody_comes_as_a_neighbour_without_one():
    event = an_event(audience=Audience.BOTH)
    sitting = a_sitting(event).id
    earlier = queries.by_token(apply_for(sitting, category=Category.NEIGHBOUR).token, now=NOW)
    guests.change_guest_places(sitting, 1, by=ORGANIZER, now=NOW)
    with pytest.raises(GuestsAskElsewhere):
        apply_for(sitting, category=Category.NEIGHBOUR)
    renamed = replace(earlier.details, name="総社　桃子")
    services.change_details(earlier.id, renamed, version=earlier.version, now=NOW)
    resident = queries.by_token(apply_for(sitting).token, now=NOW)
    changed = replace(resident.details, category=Category.NEIGHBOUR)
    with pytest.raises(GuestsAskElsewhere):
        services.change_details(resident.id, changed, version=resident.version, now=NOW)


def test_an_event_that_becomes_one_for_residents_takes_no_more_guests_and_loses_none():
    sitting = a_sitting_for_guests()
    waiting = ask(sitting)
    db.session.execute(sa.update(Event).values(audience=Audience.RESIDENTS))
    db.session.commit()
    with pytest.raises(ApplicationsClosed):
        ask(sitting)
    deciding.approve(waiting, by=ORGANIZER, now=NOW)
    assert (status(waiting), counters(sitting)) == (Status.CONFIRMED, (1, 1))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "apply", "approve", "decline", "cancel", "move", "places", "capacity"]),
        st.integers(0, 5),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_in_any_order_neither_seats_nor_places_are_oversold_and_each_answer_is_told_once(steps):
    """A model of its own counts who asked, who was given a seat and who waits."""
    sitting, other = both = two_sittings(2, capacity=3)
    meetings.change_capacity(sitting, 3, by=ORGANIZER, now=NOW)
    people: list[int] = []
    for step, number in steps:
        somebody = people[number % len(people)] if people else None
        try:
            if step == "move" and somebody is not None:
                to = other if queries.sitting_of(somebody) == sitting else sitting
                guests.change_sitting(somebody, to, by=RESIDENT, now=NOW)
            else:
                take(step, number, somebody, sitting, people)
        except (Refusal, NotFound):
            db.session.rollback()
        for one in both:
            rows = [row for row in map(queries.by_id, people) if row.sitting_id == one]
            quota = db.session.get_one(GuestQuota, one, populate_existing=True)
            held = [row for row in rows if row.municipality and not row.status.is_over]
            seats = sum(row.status is Status.CONFIRMED for row in rows)
            assert counters(one) == (seats, len(held))
            assert len(held) <= quota.places
            assert seats <= db.session.get_one(Sitting, one).capacity
    assert doctor.examine(now=NOW) == []


def take(step: str, number: int, somebody: int | None, sitting: int, people: list[int]) -> None:
    if step == "ask":
        people.append(ask(sitting))
    elif step == "apply":
        people.append(queries.by_token(apply_for(sitting).token, now=NOW).id)
    elif step == "places":
        guests.change_guest_places(sitting, number, by=ORGANIZER, now=NOW)
    elif step == "capacity":
        meetings.change_capacity(sitting, number, by=ORGANIZER, now=NOW)
    elif somebody is None:
        return
    elif step == "approve":
        deciding.approve(somebody, by=ORGANIZER, now=NOW)
    elif step == "decline":
        deciding.decline(somebody, "定員のため", by=ORGANIZER, now=NOW)
    else:
        services.cancel(somebody, now=NOW)
