"""Members of staff take part: one press, one place, and another sitting without ever losing the one that is held."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.delivery.types import Method
from app.events.models import Sitting
from app.events.types import Audience
from app.infra.db import db
from app.kernel.errors import Refusal
from app.org import services as org
from app.registrations import queries, services, staffing
from app.registrations.errors import AlreadyAttended, NoAddress, NoSeatsLeft, NotForStaff, WrongSitting
from app.registrations.models import Registration
from app.registrations.types import Category, Place, Status
from tests.factories import NOW, ORGANIZER, a_member, a_sitting, a_unit, an_event, apply_for

pytestmark = pytest.mark.usefixtures("any_app")
BY = {"by": ORGANIZER, "now": NOW}


def two_sittings(morning: int = 2, afternoon: int = 2) -> tuple[Sitting, Sitting]:
    """午前の部 and 午後の部 of one training for staff."""
    event = an_event(audience=Audience.STAFF)
    first = a_sitting(event, capacity=morning)
    later = {"starts_at": first.starts_at + timedelta(hours=4), "ends_at": first.ends_at + timedelta(hours=4)}
    return first, a_sitting(event, capacity=afternoon, **later)


def register(sitting: Sitting, **changes: object) -> Place:
    return staffing.register_member(sitting.id, a_member(**changes).id, **BY)


def row(place: Place):
    return queries.by_token(place.token, now=NOW)


def taken(*sittings: Sitting) -> list[int]:
    for sitting in sittings:
        db.session.refresh(sitting)
    return [sitting.seats_taken for sitting in sittings]


def test_nothing_is_typed_that_is_known():
    morning, _afternoon = two_sittings()
    section = a_unit(name="市民活動推進課")
    member = a_member(name="𠮷田　﨑子", kana="ヨシダ　サキコ", email="saki@city.example.jp")
    org.post(member.id, section, NOW.date(), **BY)
    details = row(staffing.register_member(morning.id, member.id, **BY)).details
    assert (details.name, details.kana, details.email) == ("𠮷田　﨑子", "ヨシダ　サキコ", "saki@city.example.jp")
    assert (details.category, details.affiliation) == (Category.STAFF, "市民活動推進課")


def test_a_second_press_gets_the_first_answer_also_at_the_other_sitting():
    morning, afternoon = two_sittings()
    member = a_member().id
    first, again, other = (staffing.register_member(s.id, member, **BY) for s in (morning, morning, afternoon))
    assert first == again == other
    assert taken(morning, afternoon) == [1, 0]


def test_who_gave_the_place_up_may_come_back():
    morning, afternoon = two_sittings()
    member = a_member().id
    place = staffing.register_member(morning.id, member, **BY)
    services.cancel(row(place).id, **BY)
    assert staffing.register_member(afternoon.id, member, **BY).reference != place.reference
    assert taken(morning, afternoon) == [0, 1]


def test_another_sitting_is_taken_and_the_first_given_back():
    morning, afternoon = two_sittings()
    place = register(morning)
    uid = row(place).public_id
    staffing.switch(row(place).id, afternoon.id, **BY)
    assert taken(morning, afternoon) == [0, 1]
    assert (row(place).sitting_id, row(place).sequence, row(place).public_id) == (afternoon.id, 1, uid)
    payload = db.session.scalars(sa.select(OutboundMessage.payload).filter_by(kind="registration.switched")).one()
    mail = rendering.render("registration.switched", payload)
    assert (mail.calendar.method, mail.calendar.sequence) == (Method.REQUEST, 1)
    assert mail.calendar.starts_at == afternoon.starts_at
    assert "変更前の日時" in mail.text


def test_where_the_other_sitting_is_full_the_seat_that_is_held_stays():
    morning, afternoon = two_sittings(afternoon=1)
    register(afternoon)
    place = register(morning)
    with pytest.raises(NoSeatsLeft):
        staffing.switch(row(place).id, afternoon.id, **BY)
    assert row(place).sitting_id == morning.id
    assert taken(morning, afternoon) == [1, 1]


def test_nobody_who_waits_is_passed_by_somebody_who_switches():
    morning, afternoon = two_sittings(afternoon=1)
    register(afternoon)
    waiting = register(afternoon)
    place = register(morning)
    services.cancel(1, **BY)
    assert row(waiting).status is Status.CONFIRMED
    with pytest.raises(NoSeatsLeft):
        staffing.switch(row(place).id, afternoon.id, **BY)


def test_a_seat_that_is_left_goes_to_whoever_waits_for_it():
    morning, afternoon = two_sittings(morning=1)
    held, waiting = register(morning), register(morning)
    staffing.switch(row(held).id, afternoon.id, **BY)
    assert (row(held).status, row(waiting).status) == (Status.CONFIRMED, Status.CONFIRMED)
    assert taken(morning, afternoon) == [1, 1]


def test_who_waits_may_take_a_free_seat_elsewhere():
    morning, afternoon = two_sittings(morning=1)
    register(morning)
    waiting = register(morning)
    staffing.switch(row(waiting).id, afternoon.id, **BY)
    assert row(waiting).status is Status.CONFIRMED
    db.session.refresh(morning)
    assert (morning.waiting, taken(morning, afternoon)) == (0, [1, 1])


def test_a_sitting_of_another_event_is_not_offered():
    place, (other, _later) = register(two_sittings()[0]), two_sittings()
    with pytest.raises(WrongSitting):
        staffing.switch(row(place).id, other.id, **BY)


def test_after_the_start_nobody_switches():
    morning, afternoon = two_sittings()
    place = register(morning)
    with pytest.raises(AlreadyAttended):
        staffing.switch(row(place).id, afternoon.id, by=ORGANIZER, now=morning.starts_at)


def test_an_event_for_residents_takes_nobody_as_staff():
    with pytest.raises(NotForStaff):
        register(a_sitting(an_event(audience=Audience.RESIDENTS)))


def test_without_an_address_nobody_could_be_told():
    with pytest.raises(NoAddress):
        register(two_sittings()[0], email=None)


def test_the_database_itself_refuses_a_second_place_for_the_same_member():
    morning, afternoon = two_sittings()
    member = a_member().id
    staffing.register_member(morning.id, member, **BY)
    stranger = row(apply_for(afternoon)).id
    twice = sa.update(Registration).where(Registration.id == stranger).values(staff_member_id=member)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(twice)
    db.session.rollback()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["register", "switch", "cancel"]), st.integers(0, 5), st.booleans()), max_size=25
    )
)
def test_whatever_is_done_seats_and_places_agree(acts):
    sittings = two_sittings(morning=2, afternoon=3)
    people = [a_member().id for _ in range(6)]
    places: dict[int, Place] = {}
    for act, who, later in acts:
        sitting = sittings[later]
        try:
            if act == "register":
                places[who] = staffing.register_member(sitting.id, people[who], **BY)
            elif who in places and act == "switch":
                staffing.switch(row(places[who]).id, sitting.id, **BY)
            elif who in places:
                services.cancel(row(places[who]).id, **BY)
        except Refusal:
            db.session.rollback()
    held = dict(
        db.session.execute(
            sa.select(Registration.sitting_id, sa.func.count())
            .where(Registration.event_id == sittings[0].event_id, Registration.status == Status.CONFIRMED)
            .group_by(Registration.sitting_id)
        ).all()
    )
    assert taken(*sittings) == [held.get(sitting.id, 0) for sitting in sittings]
    for sitting in sittings:
        assert sitting.seats_taken <= sitting.capacity
        assert not (sitting.waiting and sitting.seats_taken < sitting.capacity)
