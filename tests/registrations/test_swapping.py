"""Two colleagues swap their sittings: both at once or neither, and no seat moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.delivery.types import Method
from app.events.models import Event, Sitting
from app.events.types import Audience
from app.infra import clock
from app.infra.db import db
from app.kernel.errors import Refusal
from app.registrations import queries, services, staffing, swapping, swaps
from app.registrations.errors import AlreadyOffered, ApplicationsClosed, NoPartner, NoReason, OfferOver, TooLateToChange
from app.registrations.models import Registration, SwapOffer
from app.registrations.types import RegistrationRow, Status
from tests.factories import NOW, ORGANIZER, a_member, a_sitting, an_event

pytestmark = pytest.mark.usefixtures("any_app")


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(NOW):
        yield


BY = {"by": ORGANIZER, "now": NOW}


def two_sittings(**changes: object) -> tuple[Sitting, Sitting]:
    event = an_event(audience=Audience.STAFF, **changes)
    first = a_sitting(event, capacity=2, label="午前の部")
    later = {"starts_at": first.starts_at + timedelta(hours=4), "ends_at": first.ends_at + timedelta(hours=4)}
    return first, a_sitting(event, capacity=2, label="午後の部", **later)


def a_place(sitting: Sitting) -> RegistrationRow:
    member = a_member().id
    staffing.register_member(sitting.id, member, **BY)
    return queries.of_member(member)[0]


def now_at(*rows: RegistrationRow) -> list[int]:
    db.session.expire_all()
    return [queries.by_id(row.id).sitting_id for row in rows]


def mails(kind: str) -> list[OutboundMessage]:
    return list(db.session.scalars(sa.select(OutboundMessage).filter_by(kind=kind).order_by(OutboundMessage.id)))


def test_both_change_at_once_although_every_seat_is_taken():
    morning, afternoon = two_sittings()
    giver, taker = a_place(morning), a_place(afternoon)
    a_place(morning), a_place(afternoon)
    offer = swapping.propose(giver.id, taker.details.email.upper(), **BY)
    assert now_at(giver, taker) == [morning.id, afternoon.id]
    swapping.accept(offer, **BY)
    assert now_at(giver, taker) == [afternoon.id, morning.id]
    assert [morning.seats_taken, afternoon.seats_taken] == [2, 2]


def test_the_calendar_entries_of_both_move_along_under_their_uid():
    morning, afternoon = two_sittings()
    giver, taker = a_place(morning), a_place(afternoon)
    swapping.accept(swapping.propose(giver.id, taker.details.email, **BY), **BY)
    entries = [rendering.render(mail.kind, mail.payload).calendar for mail in mails("registration.switched")]
    assert [(entry.method, entry.sequence, entry.starts_at) for entry in entries] == [
        (Method.REQUEST, 1, afternoon.starts_at),
        (Method.REQUEST, 1, morning.starts_at),
    ]
    assert [giver.public_id in entries[0].uid, taker.public_id in entries[1].uid] == [True, True]


def test_the_colleague_reads_who_asks_and_what_would_change():
    morning, afternoon = two_sittings()
    giver, taker = a_place(morning), a_place(afternoon)
    swapping.propose(giver.id, taker.details.email, **BY)
    mail = mails("registration.swap_offered")[0]
    assert mail.to_email == taker.details.email
    text = rendering.render(mail.kind, mail.payload).text
    assert giver.details.name in text
    assert "午前の部" in text
    assert "/my/trainings/" in text


def test_a_question_that_was_taken_back_is_not_mailed_any_more():
    morning, afternoon = two_sittings()
    giver, taker = a_place(morning), a_place(afternoon)
    offer = swapping.propose(giver.id, taker.details.email, **BY)
    swapping.withdraw(offer, **BY)
    mail = mails("registration.swap_offered")[0]
    assert not rendering.is_wanted(mail.kind, mail.payload)
    with pytest.raises(OfferOver):
        swapping.accept(offer, **BY)


def test_no_is_told_to_who_asked_and_changes_nothing():
    morning, afternoon = two_sittings()
    giver, taker = a_place(morning), a_place(afternoon)
    swapping.decline(swapping.propose(giver.id, taker.details.email, **BY), **BY)
    assert now_at(giver, taker) == [morning.id, afternoon.id]
    mail = mails("registration.swap_declined")[0]
    assert mail.to_email == giver.details.email
    assert "参加する回は変わりません" in rendering.render(mail.kind, mail.payload).text


def test_unknown_same_sitting_and_waiting_colleagues_read_the_same():
    morning, afternoon = two_sittings()
    giver, neighbour = a_place(morning), a_place(morning)
    a_place(afternoon), a_place(afternoon)
    waiting = a_place(afternoon)
    told = set()
    for email in ("nobody@city.example.jp", neighbour.details.email, waiting.details.email, giver.details.email):
        with pytest.raises(NoPartner) as refused:
            swapping.propose(giver.id, email, **BY)
        told.add(refused.value.message)
    assert len(told) == 1


def test_one_colleague_is_asked_at_a_time():
    morning, afternoon = two_sittings()
    giver, taker, other = a_place(morning), a_place(afternoon), a_place(afternoon)
    swapping.propose(giver.id, taker.details.email, **BY)
    with pytest.raises(AlreadyOffered):
        swapping.propose(giver.id, other.details.email, **BY)
    services.cancel(taker.id, **BY)
    assert swapping.propose(giver.id, other.details.email, **BY)


def test_an_offer_ends_when_one_of_the_two_has_another_place():
    morning, afternoon = two_sittings()
    giver, taker = a_place(morning), a_place(afternoon)
    offer = swapping.propose(giver.id, taker.details.email, **BY)
    staffing.switch(taker.id, morning.id, **BY)
    with pytest.raises(OfferOver):
        swapping.accept(offer, **BY)
    assert now_at(giver, taker) == [morning.id, morning.id]


def test_who_has_swapped_is_not_bound_by_other_questions_any_more():
    morning, afternoon = two_sittings()
    one, two, taker = a_place(morning), a_place(morning), a_place(afternoon)
    first = swapping.propose(one.id, taker.details.email, **BY)
    second = swapping.propose(two.id, taker.details.email, **BY)
    swapping.accept(first, **BY)
    with pytest.raises(OfferOver):
        swapping.accept(second, **BY)


def test_it_can_be_answered_until_the_sign_up_closes():
    morning, afternoon = two_sittings()
    giver, taker = a_place(morning), a_place(afternoon)
    offer = swapping.propose(giver.id, taker.details.email, **BY)
    closes_at = db.session.get_one(Event, morning.event_id).closes_at
    assert swaps.live(offer, now=closes_at - timedelta(minutes=1)).expires_at == closes_at
    with pytest.raises(OfferOver):
        swapping.accept(offer, by=ORGANIZER, now=closes_at)
    with pytest.raises(ApplicationsClosed):
        swapping.propose(giver.id, taker.details.email, by=ORGANIZER, now=closes_at)


def test_the_database_itself_refuses_a_second_open_question():
    morning, afternoon = two_sittings()
    giver, taker, other = a_place(morning), a_place(afternoon), a_place(afternoon)
    swapping.propose(giver.id, taker.details.email, **BY)
    values = {"giver_id": giver.id, "giver_sitting_id": morning.id, "taker_sitting_id": afternoon.id}
    twice = sa.insert(SwapOffer).values(taker_id=other.id, made_at=NOW, expires_at=NOW, **values)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(twice)
    db.session.rollback()


def test_who_gives_a_place_up_says_why_and_only_before_the_start():
    morning, _afternoon = two_sittings()
    place = a_place(morning)
    with pytest.raises(NoReason):
        services.give_up(place.id, reason="", **BY)
    with pytest.raises(TooLateToChange):
        services.give_up(place.id, reason="議会対応", by=ORGANIZER, now=morning.starts_at)
    services.give_up(place.id, reason="議会対応", **BY)
    row = queries.by_id(place.id)
    assert (row.status, row.cancel_reason) == (Status.CANCELLED, "議会対応")


ACTS = ["register", "switch", "cancel", "propose", "accept", "decline"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 4), st.integers(0, 4)), max_size=25))
def test_whatever_is_swapped_seats_and_places_agree(acts):
    sittings = two_sittings()
    people = [a_member() for _ in range(5)]
    ids = [person.id for person in people]
    for act, who, other in acts:
        try:
            do(act, ids[who], sittings[other % 2], ids[other])
        except Refusal:
            db.session.rollback()
    held = sa.select(Registration.sitting_id, sa.func.count()).where(
        Registration.event_id == sittings[0].event_id, Registration.status == Status.CONFIRMED
    )
    counted = dict(db.session.execute(held.group_by(Registration.sitting_id)).all())
    db.session.expire_all()
    assert [one.seats_taken for one in sittings] == [counted.get(one.id, 0) for one in sittings]
    for sitting in sittings:
        assert sitting.seats_taken <= sitting.capacity
        assert not (sitting.waiting and sitting.seats_taken < sitting.capacity)


def do(act: str, who: int, sitting: Sitting, other: int) -> None:
    """One act of a member of staff; nothing where they have no place to do it with."""
    held = next(iter(queries.of_member(who)), None)
    partner = next(iter(queries.of_member(other)), None)
    asked = swaps.of_member(who, now=NOW)[0]
    if act == "register":
        staffing.register_member(sitting.id, who, **BY)
    elif held and act == "switch":
        staffing.switch(held.id, sitting.id, **BY)
    elif held and act == "cancel":
        services.cancel(held.id, **BY)
    elif held and partner and act == "propose":
        swapping.propose(held.id, partner.details.email, **BY)
    elif asked and act in {"accept", "decline"}:
        {"accept": swapping.accept, "decline": swapping.decline}[act](asked[0].id, **BY)
