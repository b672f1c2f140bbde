"""Several sittings of one event in one sign-up: each by its own seats, answered together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.events.choices import SittingsTaken
from app.events.models import Sitting
from app.events.types import Admission
from app.infra.db import db
from app.kernel.errors import Refusal
from app.kernel.types import RESIDENT
from app.registrations import meetings, queries, services, signing_up, switching, together
from app.registrations.errors import ApplicationsClosed, SubmissionChanged, TooLateToChange, WrongSitting
from app.registrations.models import Registration
from app.registrations.types import Place, Status
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_sitting, an_application, an_event, apply_for

pytestmark = pytest.mark.usefixtures("any_app")
WEEK = timedelta(weeks=1)


def lectures(*capacities: int, **changes: object) -> list[int]:
    """Sittings of one event, a week apart, of which one takes as many as one likes."""
    event = an_event(sittings_taken=SittingsTaken.SOME, **changes)
    days = [NOW + timedelta(days=10) + number * WEEK for number in range(len(capacities))]
    return [
        a_sitting(event, capacity=capacity, starts_at=day, label=f"第{number}回").id
        for number, (capacity, day) in enumerate(zip(capacities, days, strict=True), 1)
    ]


def sign_up(sittings: list[int], *, submission_id: str | None = None, now=NOW, **person: object) -> Place:
    application = an_application(sittings[0], submission_id=submission_id, **person)
    return signing_up.sign_up(application, sittings, now=now)


def row(place: Place):
    return queries.by_token(place.token, now=NOW)


def all_of(place: Place) -> list:
    return [one for one, _token in together.rows(row(place).id)]


def messages() -> list[OutboundMessage]:
    return list(db.session.scalars(sa.select(OutboundMessage).order_by(OutboundMessage.id)))


def test_each_sitting_gives_a_seat_or_a_place_in_its_own_line():
    first, second, third = lectures(5, 1, 5)
    apply_for(second)
    place = sign_up([third, first, second])
    assert [(one.sitting_id, one.status) for one in all_of(place)] == [
        (first, Status.CONFIRMED),
        (second, Status.WAITLISTED),
        (third, Status.CONFIRMED),
    ]
    assert doctor.examine(now=NOW) == []


def test_one_message_answers_with_every_sitting_and_an_entry_for_each_seat():
    place = sign_up(lectures(5, 5))
    (message,) = messages()
    mail = rendering.render(message.kind, message.payload)
    references = [one.reference_text for one in all_of(place)]
    assert message.kind == "registration.signed_up"
    assert all(text in mail.text for text in references)
    assert len({one.public_id for one in all_of(place)} & {mail.calendar.uid.split("-1@")[0]}) == 1
    assert [file.file_name for file in mail.attachments] == ["invite-2.ics"]


def test_where_the_organizer_approves_the_message_promises_no_seat():
    sign_up(lectures(5, 5, admission=Admission.APPROVAL))
    (message,) = messages()
    mail = rendering.render(message.kind, message.payload)
    assert ("「承認待ち」の回は" in mail.text, "参加が決まりました" in mail.text) == (True, False)
    assert (mail.calendar, mail.attachments) == (None, ())


def test_the_same_form_twice_is_one_sign_up_and_other_sittings_under_its_key_are_refused():
    first, second, third = lectures(5, 5, 5)
    once, twice = (
        sign_up([first, second], submission_id="key", name="倉敷　花子", email="a@example.jp") for _ in range(2)
    )
    with pytest.raises(SubmissionChanged):
        sign_up([first, third], submission_id="key", name="倉敷　花子", email="a@example.jp")
    assert (once.reference, len(messages())) == (twice.reference, 1)


def test_one_sitting_that_is_over_keeps_all_of_them_from_being_taken():
    first, second = lectures(5, 5)
    with pytest.raises(ApplicationsClosed):
        sign_up([first, second], now=NOW + timedelta(days=11))
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 0


def test_several_sittings_are_taken_only_where_the_event_says_so():
    event = an_event()
    with pytest.raises(WrongSitting):
        sign_up([a_sitting(event).id, a_sitting(event).id])
    with pytest.raises(WrongSitting):
        sign_up([lectures(5)[0], lectures(5)[0]])


def test_a_new_address_is_the_same_in_all_sittings_and_told_once():
    place = sign_up(lectures(5, 5))
    known = row(place)
    changed = replace(known.details, email="new@example.jp", companions=2)
    services.change_details(known.id, changed, version=known.version, now=NOW)
    assert [(one.details.email, one.details.companions) for one in all_of(place)] == [
        ("new@example.jp", 2),
        ("new@example.jp", 0),
    ]
    assert [message.kind for message in messages()].count("registration.changed") == 1
    assert doctor.examine(now=NOW) == []


def test_one_sitting_is_given_up_by_itself_or_all_at_once():
    one, all_ = sign_up(lectures(5, 5)), sign_up(lectures(5, 5))
    services.cancel(row(one).id, now=NOW)
    for _ in range(2):
        signing_up.cancel_all(row(all_).id, now=NOW)
    assert [r.status for r in all_of(one)] == [Status.CANCELLED, Status.CONFIRMED]
    assert [r.status for r in all_of(all_)] == [Status.CANCELLED] * 2
    assert [message.kind for message in messages()].count("registration.cancelled") == 3


def test_once_some_began_a_resident_gives_up_the_rest():
    place = sign_up(lectures(5, 5))
    signing_up.cancel_all(row(place).id, now=NOW + timedelta(days=11))
    assert [r.status for r in all_of(place)] == [Status.CONFIRMED, Status.CANCELLED]
    with pytest.raises(TooLateToChange):
        signing_up.cancel_all(row(place).id, now=NOW + timedelta(days=11))


def test_nobody_moves_to_where_the_same_sign_up_sits_already():
    first, second, third = lectures(5, 5, 5)
    place = sign_up([first, second])
    with pytest.raises(WrongSitting):
        switching.change_sitting(row(place).id, second, by=RESIDENT, now=NOW)
    switching.change_sitting(row(place).id, third, by=RESIDENT, now=NOW)
    assert sorted(one.sitting_id for one in all_of(place)) == [second, third]


STEP = st.one_of(
    st.tuples(st.just("sign up"), st.sets(st.integers(0, 2), min_size=1), st.integers(0, 2)),
    st.tuples(st.just("cancel"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("cancel all"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("party"), st.integers(0, 9), st.integers(0, 2)),
    st.tuples(st.just("seats"), st.integers(0, 2), st.integers(0, 6)),
)


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(STEP, min_size=4, max_size=16))
def test_in_any_order_no_sitting_is_oversold_and_everybody_was_told(steps):
    sittings, places = lectures(2, 1, 4), list[Place]()
    for what, which, number in steps:
        try:
            take(what, which, number, sittings, places)
        except Refusal:
            continue
    db.session.expire_all()
    for sitting in sittings:
        seats = sa.select(sa.func.coalesce(sa.func.sum(1 + Registration.companions), 0)).where(
            Registration.sitting_id == sitting, Registration.status == Status.CONFIRMED
        )
        assert db.session.scalar(seats) == db.session.get_one(Sitting, sitting).seats_taken
    assert doctor.examine(now=NOW) == []


def take(what: str, which: object, number: int, sittings: list[int], places: list[Place]) -> None:
    if what == "sign up":
        places.append(sign_up([sittings[one] for one in sorted(which)], companions=number))
    elif what == "seats":
        meetings.change_capacity(sittings[which], number, by=ORGANIZER, now=NOW)
    elif places:
        known = row(places[which % len(places)])
        if what == "party":
            details = replace(known.details, companions=number)
            services.change_details(known.id, details, version=known.version, now=NOW)
        else:
            verb = signing_up.cancel_all if what == "cancel all" else services.cancel
            verb(known.id, now=NOW)
