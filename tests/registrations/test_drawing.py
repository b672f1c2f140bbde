"""Draws: promised, closed, drawn once, and repeated by anybody from what is published."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.delivery.models import OutboundMessage
from app.delivery.rendering import render
from app.events import draws
from app.events.models import Draw, Event, Sitting
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.registrations import drawing, meetings, queries, services
from app.registrations.errors import ApplicationsClosed, DrawClosed, NotDrawable
from app.registrations.models import DrawEntry
from app.registrations.types import Channel, Lot, Status
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_lottery, a_sitting, an_application, apply_for

CLOSED = NOW + timedelta(days=2)
SEED = bytes(range(32))
AFTER = CLOSED + timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("any_app")


def enter(sitting: Sitting, **changes) -> int:
    return queries.by_token(apply_for(sitting, **changes).token, now=NOW).id


def closed_and_drawn(event_id: int) -> drawing.Outcome:
    drawing.freeze(event_id, now=CLOSED)
    return drawing.draw(event_id, by=ORGANIZER, now=AFTER)


def lots_of(event_id: int) -> list[DrawEntry]:
    chosen = sa.select(DrawEntry).where(DrawEntry.event_id == event_id).order_by(DrawEntry.rank)
    return list(db.session.scalars(chosen.execution_options(populate_existing=True)))


def told() -> Counter[str]:
    return Counter(kind.removeprefix("registration.") for kind in db.session.scalars(sa.select(OutboundMessage.kind)))


def test_who_enters_has_no_seat_and_the_seed_stays_secret():
    sitting = a_lottery()
    entered = queries.by_id(enter(sitting))
    promise = draws.of_event(sitting.event_id)
    assert (entered.status, entered.word) == (Status.PENDING, "抽選待ち")
    assert (promise.seed, promise.list_hash, len(promise.commitment)) == ("", "", 64)


def test_everybody_gets_the_place_that_the_draw_gave_and_is_told_once():
    sitting = a_lottery(capacity=3)
    people = [enter(sitting) for _ in range(5)]
    assert closed_and_drawn(sitting.event_id) == drawing.Outcome(3, 2, 0)
    entries = lots_of(sitting.event_id)
    assert [one.rank for one in entries] == [1, 2, 3, 4, 5]
    assert sorted(one.registration_id for one in entries) == people
    rows = [queries.by_id(one.registration_id) for one in entries]
    assert [row.status for row in rows] == [Status.CONFIRMED] * 3 + [Status.WAITLISTED] * 2
    assert [row.position for row in rows[3:]] == [1, 2]
    assert told() == {"pending": 5, "won": 3, "reserved": 2}
    assert doctor.examine(now=AFTER) == []


def test_where_nobody_waits_the_others_are_declined():
    sitting = a_lottery(capacity=1, draw_waits=False)
    people = [enter(sitting) for _ in range(3)]
    assert closed_and_drawn(sitting.event_id) == drawing.Outcome(1, 0, 2)
    assert Counter(queries.by_id(one).word for one in people) == {"確定": 1, "落選": 2}
    assert told()["lost"] == 2
    assert doctor.examine(now=AFTER) == []


def test_a_freed_seat_goes_to_the_first_whom_the_draw_left_waiting():
    sitting = a_lottery(capacity=1)
    for _ in range(3):
        enter(sitting)
    closed_and_drawn(sitting.event_id)
    first, second, third = (one.registration_id for one in lots_of(sitting.event_id))
    services.cancel(first, now=AFTER)
    assert [queries.by_id(one).status for one in (second, third)] == [Status.CONFIRMED, Status.WAITLISTED]


def test_a_party_that_does_not_fit_is_passed_as_a_whole_and_that_is_recorded():
    sitting = a_lottery(capacity=2)
    db.session.execute(sa.update(Draw).values(seed=SEED.hex(), commitment=hashlib.sha256(SEED).hexdigest()))
    db.session.commit()
    for seats in (1, 2, 2, 1):
        enter(sitting, companions=seats - 1)
    closed_and_drawn(sitting.event_id)
    left, passed, waiting = 2, set(), set()
    for one in lots_of(sitting.event_id):
        if one.seats <= left:
            assert one.lot is Lot.WON
            left, passed = left - one.seats, passed | waiting
        else:
            assert one.lot is Lot.WAITING
            waiting |= {str(one.registration_id)}
    recorded = db.session.scalars(sa.select(AuditEntry.object_id).filter_by(action="registration.passed"))
    assert set(recorded) == passed


def test_nothing_is_drawn_before_the_list_is_closed_and_never_twice():
    sitting = a_lottery()
    enter(sitting)
    with pytest.raises(NotDrawable):
        drawing.draw(sitting.event_id, by=ORGANIZER, now=NOW)
    assert drawing.freeze(sitting.event_id, now=NOW) is False
    closed_and_drawn(sitting.event_id)
    before = [(one.registration_id, one.rank, one.lot) for one in lots_of(sitting.event_id)]
    with pytest.raises(NotDrawable):
        drawing.draw(sitting.event_id, by=ORGANIZER, now=AFTER)
    assert drawing.freeze(sitting.event_id, now=AFTER) is False
    assert [(one.registration_id, one.rank, one.lot) for one in lots_of(sitting.event_id)] == before
    recorded = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.actor_label).where(AuditEntry.action.startswith("draw."))
    ).all()
    assert [tuple(row) for row in recorded] == [("draw.frozen", "システム"), ("draw.drawn", ORGANIZER.label)]


def test_nothing_is_drawn_once_a_sitting_began_or_the_event_was_called_off():
    late = a_lottery()
    enter(late)
    drawing.freeze(late.event_id, now=CLOSED)
    with pytest.raises(NotDrawable):
        drawing.draw(late.event_id, by=ORGANIZER, now=late.starts_at)
    meetings.call_off(late.event_id, "大雨のため", notify=True, by=ORGANIZER, now=CLOSED)
    with pytest.raises(NotDrawable):
        drawing.draw(late.event_id, by=ORGANIZER, now=AFTER)


def test_after_the_closing_time_nothing_that_decides_can_be_changed_but_one_may_withdraw():
    sitting = a_lottery(capacity=1, tickets_first_time=2)
    one, other = (queries.by_id(enter(sitting)) for _ in range(2))
    for change in ({"companions": 1}, {"first_time": True}):
        with pytest.raises(DrawClosed):
            services.change_details(one.id, replace(one.details, **change), version=one.version, now=CLOSED)
    services.change_details(one.id, replace(one.details, name="倉敷　桃子"), version=one.version, now=CLOSED)
    drawing.freeze(sitting.event_id, now=CLOSED)
    services.cancel(other.id, now=AFTER)
    drawing.draw(sitting.event_id, by=ORGANIZER, now=AFTER)
    assert {row.registration_id: row.lot for row in lots_of(sitting.event_id)} == {
        one.id: Lot.WON,
        other.id: Lot.WITHDRAWN,
    }
    assert doctor.examine(now=AFTER) == []


def test_who_comes_late_by_telephone_stands_behind_the_draw():
    sitting = a_lottery(capacity=1)
    enter(sitting), enter(sitting)
    by_phone = replace(an_application(sitting), channel=Channel.PHONE)
    with pytest.raises(ApplicationsClosed):
        services.apply(by_phone, by=ORGANIZER, now=CLOSED)
    closed_and_drawn(sitting.event_id)
    late = services.apply(by_phone, by=ORGANIZER, now=AFTER)
    assert (late.status, late.position) == (Status.WAITLISTED, 2)


@pytest.mark.parametrize("change", [{"seats": 2}, {"tickets": 9}, {"reference": "00000000"}])
def test_a_changed_entry_is_found_and_not_drawn(change):
    sitting = a_lottery()
    one = enter(sitting)
    drawing.freeze(sitting.event_id, now=CLOSED)
    db.session.execute(sa.update(DrawEntry).where(DrawEntry.registration_id == one).values(**change))
    db.session.commit()
    with pytest.raises(NotDrawable):
        drawing.draw(sitting.event_id, by=ORGANIZER, now=AFTER)
    assert [breach.name for breach in doctor.examine(now=AFTER)] == ["draw_list"]


def test_another_seed_than_the_promised_one_is_found():
    sitting = a_lottery()
    db.session.execute(sa.update(Draw).values(seed="00" * 32))
    db.session.commit()
    assert [(breach.name, breach.ids) for breach in doctor.examine(now=NOW)] == [("draw_list", (sitting.event_id,))]


def test_several_sittings_are_drawn_each_by_itself_in_one_go():
    first = a_lottery(capacity=1)
    second = a_sitting(db.session.get_one(Event, first.event_id), capacity=2)
    for sitting in (first, first, second, second, second):
        enter(sitting)
    assert closed_and_drawn(first.event_id) == drawing.Outcome(3, 2, 0)
    places = [(first.id, 1), (first.id, 2), (second.id, 1), (second.id, 2), (second.id, 3)]
    assert sorted((one.sitting_id, one.rank) for one in lots_of(first.event_id)) == sorted(places)


def test_mails_repeat_the_promise_and_only_a_seat_fills_the_calendar():
    sitting = a_lottery(capacity=1)
    enter(sitting), enter(sitting)
    closed_and_drawn(sitting.event_id)
    with clock.fixed(AFTER):
        mails = {row.kind: render(row.kind, row.payload) for row in db.session.scalars(sa.select(OutboundMessage))}
    assert draws.of_event(sitting.event_id).commitment in mails["registration.pending"].text
    assert {kind for kind, mail in mails.items() if mail.calendar is not None} == {"registration.won"}
    assert "1番目" in mails["registration.reserved"].text
