"""Who gets a place, and who waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.events.models import Sitting
from app.events.types import EventStatus
from app.infra.db import db
from app.infra.tokens import is_reference
from app.registrations import queries, services
from app.registrations.errors import (
    ApplicationsClosed,
    SubmissionChanged,
    TooManyCompanions,
    WrongSitting,
)
from app.registrations.models import Registration
from app.registrations.types import Status
from tests.factories import NOW, ORGANIZER, a_sitting, an_application, an_event, apply_for

pytestmark = pytest.mark.usefixtures("any_app")


def test_the_last_seat_is_given_and_the_next_person_waits():
    sitting = a_sitting(capacity=1)
    assert [apply_for(sitting).status, apply_for(sitting).status] == [Status.CONFIRMED, Status.WAITLISTED]


def test_who_waits_is_told_the_place_in_line():
    sitting = a_sitting(capacity=1)
    assert [apply_for(sitting).position for _ in range(3)] == [None, 1, 2]


def test_companions_take_seats():
    sitting = a_sitting(capacity=3)
    assert [apply_for(sitting, companions=2).status, apply_for(sitting).status] == [
        Status.CONFIRMED,
        Status.WAITLISTED,
    ]


def test_a_newcomer_takes_the_seat_that_is_too_few_for_a_party_that_waits_and_that_is_recorded():
    sitting = a_sitting(capacity=3)
    apply_for(sitting, companions=1)
    family = queries.by_token(apply_for(sitting, companions=1).token, now=NOW)
    assert apply_for(sitting).status is Status.CONFIRMED
    assert queries.history(family.id)[-1].action == "registration.passed"


def test_a_sitting_without_limit_confirms_everybody():
    sitting = a_sitting(capacity=None)
    assert {apply_for(sitting, companions=4).status for _ in range(5)} == {Status.CONFIRMED}


def test_the_same_submission_twice_is_one_registration_and_one_message():
    asked = an_application(a_sitting())
    first, second = services.apply(asked, now=NOW), services.apply(asked, now=NOW + timedelta(minutes=1))
    assert first == second
    assert db.session.scalar(sa.select(sa.func.count(OutboundMessage.id))) == 1


def test_the_same_submission_with_other_content_is_refused():
    sitting = a_sitting()
    services.apply(an_application(sitting, submission_id="k", name="甲"), now=NOW)
    with pytest.raises(SubmissionChanged):
        services.apply(an_application(sitting, submission_id="k", name="乙"), now=NOW)


def test_sign_up_opens_and_closes_on_the_second():
    event = an_event(opens_at=NOW, closes_at=NOW + timedelta(seconds=10))
    sitting = a_sitting(event)
    for moment in (NOW - timedelta(microseconds=1), NOW + timedelta(seconds=10)):
        with pytest.raises(ApplicationsClosed):
            apply_for(sitting, now=moment)
    assert [apply_for(sitting, now=NOW + timedelta(seconds=s)).status for s in (0, 9)] == [Status.CONFIRMED] * 2


def test_nobody_applies_once_a_sitting_began():
    sitting = a_sitting(an_event(closes_at=None), starts_at=NOW)
    with pytest.raises(ApplicationsClosed):
        apply_for(sitting)


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED, EventStatus.FINISHED])
def test_only_a_published_event_takes_applications(status):
    with pytest.raises(ApplicationsClosed):
        apply_for(a_sitting(an_event(status=status)))


def test_staff_enter_a_late_postcard_after_closing():
    sitting = a_sitting(an_event(closes_at=NOW - timedelta(days=1)))
    assert services.apply(an_application(sitting), by=ORGANIZER, now=NOW).status is Status.CONFIRMED


def test_more_companions_than_the_event_allows_are_refused():
    with pytest.raises(TooManyCompanions):
        apply_for(a_sitting(an_event(max_companions=1)), companions=2)


def test_a_party_that_the_hall_never_holds_is_refused():
    with pytest.raises(TooManyCompanions):
        apply_for(a_sitting(capacity=2), companions=2)


def test_a_sitting_that_does_not_exist_is_refused_at_its_field():
    with pytest.raises(WrongSitting) as refused:
        apply_for(987)
    assert refused.value.field == "sitting"


def test_a_reference_number_proves_itself_and_opens_nothing():
    place = apply_for(a_sitting())
    assert is_reference(place.reference)
    assert place.reference not in place.token


def test_a_copy_of_the_database_holds_no_link():
    place = apply_for(a_sitting())
    row = db.session.scalars(sa.select(Registration)).one()
    stored = " ".join(str(getattr(row, c.name)) for c in Registration.__table__.columns)
    payload = str(db.session.scalars(sa.select(OutboundMessage.payload)).one())
    assert place.token not in stored + payload
    assert queries.with_link(row.id)[1] == place.token


def test_a_family_shares_a_telephone_and_nobody_is_blocked():
    sitting = a_sitting()
    for kana in ("クラシキ　タロウ", "クラシキ　ハナコ"):
        apply_for(sitting, kana=kana, email=None, phone="+81864263107")
    assert [r.possible_duplicate for r in queries.everyone(sitting.id)] == [False, False]


def test_the_same_person_again_is_marked_and_not_blocked():
    sitting = a_sitting()
    first = apply_for(sitting, kana="クラシキ　ハナコ", email="hanako@example.jp")
    second = apply_for(sitting, kana="クラシキハナコ", email="Hanako@example.jp")
    assert [first.status, second.status] == [Status.CONFIRMED, Status.CONFIRMED]
    assert [queries.by_token(p.token, now=NOW).possible_duplicate for p in (first, second)] == [False, True]


def test_the_database_itself_refuses_an_oversold_sitting():
    sitting = a_sitting(capacity=1)
    with pytest.raises(sa.exc.IntegrityError, match="seats"):
        db.session.execute(sa.update(Sitting).where(Sitting.id == sitting.id).values(seats_taken=2))
    db.session.rollback()


def test_a_link_opens_nothing_a_month_after_the_sitting():
    sitting = a_sitting()
    place = apply_for(sitting)
    assert queries.by_token(place.token, now=sitting.ends_at + timedelta(days=29)).reference == place.reference
    with pytest.raises(queries.NotFound):
        queries.by_token(place.token, now=sitting.ends_at + timedelta(days=31))
