"""Handing a place to another person, and another sitting for whoever registered by themselves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.delivery.types import Method
from app.events.models import Event, Sitting
from app.events.types import Admission
from app.infra.db import db
from app.kernel.types import RESIDENT
from app.registrations import deciding, handing, queries, services, switching
from app.registrations.errors import (
    AlreadyCancelled,
    ApplicationsClosed,
    NoSeatsLeft,
    NotSeated,
    NotTransferable,
    TooLateToChange,
)
from app.registrations.types import Place, RegistrationRow, Status
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_lottery, a_sitting, an_event, apply_for, details

pytestmark = pytest.mark.usefixtures("any_app")


def row(place: Place) -> RegistrationRow:
    return queries.by_token(place.token, now=NOW)


def hand(place: Place, *, by=RESIDENT, now=NOW, **changes) -> RegistrationRow:
    """Hand the place on; what the other person has then."""
    handing.hand_over(row(place).id, details(name="玉島　次郎", **changes), by=by, now=now)
    to_id = handing.of_registration(row(place).id).to_id
    return queries.by_id(to_id)


def sent(kind: str) -> list[OutboundMessage]:
    return list(db.session.scalars(sa.select(OutboundMessage).filter_by(kind=f"registration.{kind}")))


def test_the_other_person_has_the_seats_under_a_link_of_their_own_and_nobody_who_waits_moves():
    sitting = a_sitting(capacity=3)
    place, waiting = apply_for(sitting, companions=2), apply_for(sitting)
    theirs = hand(place)
    assert (theirs.details.name, theirs.details.seats, theirs.status) == ("玉島　次郎", 3, Status.CONFIRMED)
    assert queries.with_link(theirs.id)[1] != place.token
    assert (row(place).status, row(waiting).status) == (Status.CANCELLED, Status.WAITLISTED)
    assert doctor.examine(now=NOW) == []


def test_what_the_first_person_said_is_not_the_others():
    place = apply_for(a_sitting(), district="児島", email="first@example.jp")
    theirs = hand(place, email="second@example.jp")
    assert (theirs.details.district, theirs.details.email) == ("", "second@example.jp")


def test_each_of_the_two_is_told_once_and_the_calendar_follows():
    place = apply_for(a_sitting(), email="first@example.jp")
    theirs = hand(place, email="second@example.jp")
    ((end,), (begin,)) = sent("handed_on"), sent("taken_over")
    assert (end.to_email, begin.to_email) == ("first@example.jp", "second@example.jp")
    gone, come = (rendering.render(m.kind, m.payload) for m in (end, begin))
    assert (gone.calendar.method, come.calendar.method) == (Method.CANCEL, Method.REQUEST)
    assert gone.calendar.uid != come.calendar.uid
    assert queries.with_link(theirs.id)[1] not in gone.text
    assert "玉島" not in gone.text


def test_twice_is_once_and_the_old_link_can_do_nothing_any_more():
    place = apply_for(a_sitting())
    first, second = hand(place), hand(place)
    assert first.id == second.id
    with pytest.raises(AlreadyCancelled):
        services.change_details(row(place).id, details(), version=row(place).version, now=NOW)


def test_who_waits_has_nothing_to_hand_on_and_who_comes_too_late_neither():
    sitting = a_sitting(capacity=1)
    held, waiting = apply_for(sitting), apply_for(sitting)
    with pytest.raises(NotSeated):
        hand(waiting)
    with pytest.raises(TooLateToChange):
        hand(held, now=sitting.starts_at)
    assert hand(held, by=ORGANIZER, now=sitting.starts_at).status is Status.CONFIRMED


def approved(**changes) -> Place:
    place = apply_for(a_sitting(an_event(admission=Admission.APPROVAL, **changes)))
    deciding.approve(row(place).id, by=ORGANIZER, now=NOW)
    return place


def test_an_approved_place_goes_on_only_where_the_organizer_says_so():
    with pytest.raises(NotTransferable):
        hand(approved())
    assert hand(approved(hands_on=True)).status is Status.CONFIRMED
    assert hand(approved(), by=ORGANIZER).status is Status.CONFIRMED


@pytest.fixture
def drawn() -> Place:
    """A place of an event whose seats are drawn."""
    sitting = a_lottery()
    place = apply_for(sitting)
    db.session.execute(sa.text("UPDATE registration SET status = 'confirmed'"))
    db.session.commit()
    return place


def test_a_drawn_place_is_handed_on_by_nobody_unless_the_event_allows_it(drawn):
    for by in (RESIDENT, ORGANIZER):
        with pytest.raises(NotTransferable, match="抽選で決まった席"):
            hand(drawn, by=by)
    db.session.execute(sa.update(Event).values(hands_on=True))
    db.session.commit()
    assert hand(drawn).status is Status.CONFIRMED


def test_a_drawn_place_is_not_handed_on_under_the_name_of_a_correction(drawn):
    known = row(drawn)
    other = details(name="別の　人", kana="ベツノ　ヒト", email=known.details.email)
    with pytest.raises(NotTransferable):
        services.change_details(known.id, other, version=known.version, now=NOW)
    services.change_details(known.id, other, version=known.version, by=ORGANIZER, now=NOW)
    assert row(drawn).details.name == "別の　人"


def two_sittings(*, free: int = 1, **changes) -> tuple[Sitting, Sitting]:
    event = an_event(**changes)
    return a_sitting(event, capacity=1), a_sitting(event, capacity=free)


def move(place: Place, to: Sitting, **how) -> Status:
    return switching.change_sitting(row(place).id, to.id, **{"by": RESIDENT, "now": NOW, **how})


def test_another_sitting_is_theirs_where_a_seat_is_free_and_the_old_one_goes_to_who_waits():
    here, there = two_sittings()
    place, waiting = apply_for(here), apply_for(here)
    assert move(place, there) is Status.CONFIRMED
    assert (row(place).sitting_id, row(waiting).status) == (there.id, Status.CONFIRMED)
    (message,) = sent("switched")
    assert rendering.render(message.kind, message.payload).calendar.method is Method.REQUEST
    assert doctor.examine(now=NOW) == []


def test_a_held_seat_is_kept_where_the_other_sitting_is_full():
    here, there = two_sittings()
    place = apply_for(here)
    apply_for(there)
    with pytest.raises(NoSeatsLeft, match="そのまま取ってあります"):
        move(place, there)
    assert (row(place).sitting_id, row(place).status) == (here.id, Status.CONFIRMED)


def test_who_waits_gets_a_free_seat_there_or_the_end_of_the_line():
    here, there = two_sittings()
    apply_for(here)
    first, second = apply_for(here), apply_for(here)
    assert [move(first, there), move(second, there)] == [Status.CONFIRMED, Status.WAITLISTED]
    assert row(second).position == 1
    message = sent("switched")[1]
    assert "キャンセル待ちの1番目" in rendering.render(message.kind, message.payload).text
    assert doctor.examine(now=NOW) == []


def test_after_the_deadline_only_the_organizer_moves_somebody():
    here, there = two_sittings()
    place = apply_for(here)
    late = db.session.get(Event, here.event_id).closes_at
    with pytest.raises(ApplicationsClosed):
        move(place, there, now=late)
    assert move(place, there, by=ORGANIZER, now=late, note="電話で依頼") is Status.CONFIRMED
    assert "電話で依頼" in [one.reason for one in queries.history(row(place).id)]
