"""Named people of one registration, and seats that a body fills by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.attendance import lists
from app.attendance.types import Order
from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.events.choices import Naming
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import RESIDENT
from app.registrations import bodies, handing, party, queries, services
from app.registrations.errors import (
    ChangedMeanwhile,
    NamesMissing,
    NoSeatsLeft,
    PlacesBelowNamed,
    TooLateToChange,
    TooManyNames,
    WrongDeadline,
)
from app.registrations.types import Filters, Member, Place, Status
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_sitting, an_event, apply_for, details

pytestmark = pytest.mark.usefixtures("any_app")

TARO, JIRO, SAKURA = (Member("倉敷　太郎", "クラシキ　タロウ"), Member("倉敷　次郎"), Member("倉敷　さくら"))
UNTIL = NOW + timedelta(days=5)


def row(place: Place):
    return queries.by_token(place.token, now=NOW)


def a_party(*people: Member, capacity: int = 10, naming: Naming = Naming.ASKED) -> Place:
    sitting = a_sitting(an_event(names_companions=naming), capacity=capacity)
    return apply_for(sitting, companions=len(people), party=people)


def change(place: Place, **changes) -> None:
    known = row(place)
    services.change_details(known.id, replace(known.details, **changes), version=known.version, now=NOW)


def links_of(place: Place) -> dict[str, str]:
    return {one.member.name: one.token for one in party.rows_of(row(place).id)}


def sent(kind: str) -> list[OutboundMessage]:
    return list(db.session.scalars(sa.select(OutboundMessage).filter_by(kind=f"registration.{kind}")))


def test_names_change_with_the_party_and_who_stays_keeps_their_link():
    place = a_party(TARO, JIRO)
    before = links_of(place)
    change(place, companions=2, party=(SAKURA, TARO))
    after = links_of(place)
    assert list(after) == [SAKURA.name, TARO.name]
    assert after[TARO.name] == before[TARO.name]
    with pytest.raises(NotFound):
        party.by_token(before[JIRO.name], now=NOW)
    assert doctor.examine(now=NOW) == []


def test_nobody_is_named_who_has_no_seat_and_all_are_where_the_event_wants_it():
    place = a_party(TARO, naming=Naming.REQUIRED)
    with pytest.raises(TooManyNames):
        change(place, party=(TARO, JIRO))
    with pytest.raises(NamesMissing):
        change(place, companions=2, party=(TARO,))


def test_who_gives_their_own_seat_up_leaves_the_others_theirs_and_the_representative_is_told():
    place = a_party(TARO, JIRO, capacity=3)
    waiting = apply_for(row(place).sitting_id)
    token = links_of(place)[TARO.name]
    party.leave(token, by=RESIDENT, now=NOW)
    assert (row(place).details.seats, list(links_of(place))) == (2, [JIRO.name])
    assert row(waiting).status is Status.CONFIRMED
    (message,) = sent("party_left")
    assert "2人です" in rendering.render(message.kind, message.payload).text
    with pytest.raises(NotFound):
        party.leave(token, by=RESIDENT, now=NOW)
    assert doctor.examine(now=NOW) == []


def test_whoever_takes_the_place_over_brings_the_same_people():
    place = a_party(TARO)
    token = links_of(place)[TARO.name]
    handing.hand_over(row(place).id, details(), by=RESIDENT, now=NOW)
    _person, registration = party.by_token(token, now=NOW)
    assert registration.id == handing.of_registration(row(place).id).to_id


def test_the_roster_has_a_line_for_each_named_person_and_counts_everybody_once():
    place = a_party(TARO, JIRO)
    change(place, companions=3)
    lines = lists.roster_rows(row(place).sitting_id, Order.KANA)
    assert [(line.number, line.party) for line in lines] == [(1, 2), (0, 1), (0, 1)]
    assert [line.name for line in lines[1:]] == [TARO.name, JIRO.name]


def test_the_organizer_finds_a_party_by_the_name_of_somebody_in_it():
    place = a_party(TARO)
    found = queries.console_list(Filters(row(place).event_id, word="くらしきたろう"))
    assert [one.id for one in found.rows] == [row(place).id]


def a_body(*, held: int = 3, capacity: int = 5, key: str = "key", **changes) -> int:
    sitting = a_sitting(capacity=capacity)
    return bodies.make(draft(sitting.id, held, key, **changes), by=ORGANIZER, now=NOW)


def draft(sitting_id: int, held: int, key: str = "key", edit_until=UNTIL) -> bodies.BodyDraft:
    of_it = details(name="早島町", kana="ハヤシマチョウ", email="machi@example.jp", companions=held - 1)
    return bodies.BodyDraft(sitting_id, of_it, "担当　一郎", edit_until, key)


def fill(body_id: int, *people: Member, head_count: int | None = None, now=NOW) -> None:
    version = bodies.one(body_id).registration.version
    bodies.fill(body_id, people, head_count, version=version, by=RESIDENT, now=now)


def test_a_body_holds_its_seats_before_the_sign_up_opens_and_gets_its_link_once():
    sitting = a_sitting(an_event(opens_at=NOW + timedelta(days=1)), capacity=5)
    twice = [bodies.make(draft(sitting.id, 3), by=ORGANIZER, now=NOW) for _ in range(2)]
    assert twice[0] == twice[1]
    db.session.refresh(sitting)
    assert sitting.seats_taken == 3
    (message,) = sent("body_made")
    mail = rendering.render(message.kind, message.payload)
    assert "3席を確保しました" in mail.text
    assert mail.calendar is not None
    assert doctor.examine(now=NOW) == []


def test_a_body_takes_no_seat_that_is_not_free_and_no_deadline_that_is_over():
    sitting = a_sitting(capacity=2)
    with pytest.raises(NoSeatsLeft):
        bodies.make(draft(sitting.id, 3), by=ORGANIZER, now=NOW)
    with pytest.raises(WrongDeadline):
        bodies.make(draft(sitting.id, 1, edit_until=NOW), by=ORGANIZER, now=NOW)


def test_what_was_not_named_is_given_back_at_the_deadline_and_the_body_is_told_once():
    body_id = a_body(held=3, capacity=3)
    waiting = apply_for(bodies.one(body_id).registration.sitting_id)
    fill(body_id, TARO, head_count=2)
    assert bodies.due(now=UNTIL - timedelta(seconds=1)) == []
    assert bodies.due(now=UNTIL) == [body_id]
    for _ in range(2):
        bodies.settle(body_id, now=UNTIL)
    held = bodies.one(body_id)
    assert (held.registration.details.seats, held.settled) == (2, True)
    assert row(waiting).status is Status.CONFIRMED
    (message,) = sent("body_settled")
    assert "2人で受け付けています" in rendering.render(message.kind, message.payload).text
    with pytest.raises(TooLateToChange):
        fill(body_id, TARO, JIRO)
    assert doctor.examine(now=UNTIL) == []


def test_a_body_that_names_nobody_has_no_place_after_the_deadline():
    body_id = a_body()
    bodies.settle(body_id, now=UNTIL)
    assert bodies.one(body_id).registration.status is Status.CANCELLED
    assert len(sent("cancelled")) == 1
    assert doctor.examine(now=UNTIL) == []


def test_two_who_edit_the_list_at_once_lose_nothing():
    body_id = a_body()
    seen = bodies.one(body_id).registration.version
    bodies.fill(body_id, (TARO,), None, version=seen, by=RESIDENT, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        bodies.fill(body_id, (JIRO,), None, version=seen, by=RESIDENT, now=NOW)
    assert party.of_registration(body_id) == (TARO,)


def test_more_names_than_seats_or_than_the_number_are_refused():
    body_id = a_body(held=2)
    for people, head_count in (((TARO, JIRO, SAKURA), None), ((TARO, JIRO), 1), ((), 3)):
        with pytest.raises(TooManyNames):
            fill(body_id, *people, head_count=head_count)


def test_the_organizer_gives_more_seats_or_time_and_takes_unused_ones_back():
    body_id = a_body(held=3, capacity=4)
    fill(body_id, TARO, JIRO)
    bodies.change(body_id, 4, UNTIL, by=ORGANIZER, now=NOW)
    waiting = apply_for(bodies.one(body_id).registration.sitting_id)
    with pytest.raises(PlacesBelowNamed):
        bodies.change(body_id, 1, UNTIL, by=ORGANIZER, now=NOW)
    bodies.change(body_id, 2, UNTIL + timedelta(days=1), by=ORGANIZER, now=NOW)
    assert row(waiting).status is Status.CONFIRMED
    assert bodies.one(body_id).edit_until == UNTIL + timedelta(days=1)
    assert len(sent("body_changed")) == 2
    assert doctor.examine(now=NOW) == []
