"""Cancelling, changing, promoting; moving and calling off a sitting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.delivery.types import Method
from app.events import queries as events
from app.events.drafts import Basics
from app.events.types import EventRow
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.types import RESIDENT
from app.registrations import meetings, queries, reminders, services, switching
from app.registrations.errors import AlreadyCancelled, ChangedMeanwhile, NoSeatsLeft, TooLateToChange
from app.registrations.types import Place, Status
from tests.factories import NOW, ORGANIZER, a_sitting, a_venue, an_event, apply_for

pytestmark = pytest.mark.usefixtures("any_app")


def row(place: Place):
    return queries.by_token(place.token, now=NOW)


def cancel(place: Place) -> None:
    services.cancel(row(place).id, now=NOW)


def statuses(*places: Place) -> list[Status]:
    return [row(p).status for p in places]


def kinds() -> list[str]:
    return list(db.session.scalars(sa.select(OutboundMessage.kind).order_by(OutboundMessage.id)))


def change(place: Place, **changes: object) -> None:
    known = row(place)
    services.change_details(known.id, replace(known.details, **changes), version=known.version, now=NOW)


def test_a_freed_seat_goes_to_whoever_waited_longest():
    sitting = a_sitting(capacity=1)
    held, first, second = (apply_for(sitting) for _ in range(3))
    cancel(held)
    assert statuses(held, first, second) == [Status.CANCELLED, Status.CONFIRMED, Status.WAITLISTED]
    assert row(second).position == 1


def test_freed_seats_go_to_the_next_who_fits_and_the_passing_is_recorded():
    sitting = a_sitting(capacity=2)
    held, kept = apply_for(sitting), apply_for(sitting)
    party, single = apply_for(sitting, companions=1), apply_for(sitting)
    cancel(held)
    assert statuses(kept, party, single) == [Status.CONFIRMED, Status.WAITLISTED, Status.CONFIRMED]
    passed = db.session.scalars(sa.select(AuditEntry.object_id).filter_by(action="registration.passed")).all()
    assert passed == [str(row(party).id)]


def test_cancelling_twice_frees_one_seat_and_sends_one_message():
    sitting = a_sitting(capacity=2)
    place, _other = apply_for(sitting), apply_for(sitting)
    cancel(place)
    cancel(place)
    db.session.refresh(sitting)
    assert sitting.seats_taken == 1
    assert kinds().count("registration.cancelled") == 1


def test_leaving_the_waiting_list_frees_no_seat():
    sitting = a_sitting(capacity=1)
    apply_for(sitting)
    waiting, behind = apply_for(sitting), apply_for(sitting)
    cancel(waiting)
    assert row(behind).position == 1
    db.session.refresh(sitting)
    assert (sitting.seats_taken, sitting.waiting) == (1, 1)


def test_nobody_is_promoted_once_the_sitting_began():
    sitting = a_sitting(capacity=1)
    held, waiting = apply_for(sitting), apply_for(sitting)
    services.cancel(row(held).id, by=ORGANIZER, now=sitting.starts_at)
    assert statuses(waiting) == [Status.WAITLISTED]


def test_a_resident_cannot_cancel_once_the_sitting_began():
    sitting = a_sitting()
    place = apply_for(sitting)
    with pytest.raises(TooLateToChange):
        services.cancel(row(place).id, now=sitting.starts_at)


def test_fewer_companions_free_seats_for_those_who_wait():
    sitting = a_sitting(capacity=3)
    party, waiting = apply_for(sitting, companions=2), apply_for(sitting)
    change(party, companions=1)
    assert statuses(waiting) == [Status.CONFIRMED]


def test_more_companions_need_free_seats_that_nobody_who_waits_could_use():
    sitting = a_sitting(capacity=4)
    place, other = apply_for(sitting), apply_for(sitting)
    family = apply_for(sitting, companions=2)
    change(place, companions=2)
    with pytest.raises(NoSeatsLeft):
        change(place, companions=3)
    assert (row(place).details.seats, queries.history(row(family).id)[-1].action) == (3, "registration.passed")
    assert statuses(other, family) == [Status.CONFIRMED, Status.WAITLISTED]


def test_two_people_changing_at_once_are_told():
    place = apply_for(a_sitting())
    seen = row(place)
    change(place, name="倉敷　次郎")
    with pytest.raises(ChangedMeanwhile):
        services.change_details(seen.id, replace(seen.details, name="倉敷　三郎"), version=seen.version, now=NOW)
    assert row(place).details.name == "倉敷　次郎"


def test_what_was_cancelled_cannot_be_changed():
    place = apply_for(a_sitting())
    cancel(place)
    with pytest.raises(AlreadyCancelled):
        change(place, name="倉敷　次郎")


def test_a_change_that_changes_nothing_sends_nothing():
    place = apply_for(a_sitting())
    change(place)
    assert kinds() == ["registration.confirmed"]


def test_the_old_address_learns_that_it_was_replaced():
    place = apply_for(a_sitting(), email="old@example.jp")
    change(place, email="new@example.jp")
    sent = db.session.execute(sa.select(OutboundMessage.kind, OutboundMessage.to_email)).all()
    assert ("registration.address_changed", "old@example.jp") in [tuple(s) for s in sent]


def test_a_larger_hall_promotes_in_order():
    sitting = a_sitting(capacity=1)
    places = [apply_for(sitting) for _ in range(4)]
    assert meetings.change_capacity(sitting.id, 3, by=ORGANIZER, now=NOW) == 2
    assert statuses(*places) == [Status.CONFIRMED] * 3 + [Status.WAITLISTED]


def test_a_smaller_hall_throws_nobody_out_and_says_who_is_affected():
    sitting = a_sitting(capacity=3)
    places = [apply_for(sitting) for _ in range(3)]
    with pytest.raises(meetings.CapacityBelowTaken) as refused:
        meetings.change_capacity(sitting.id, 2, by=ORGANIZER, now=NOW)
    assert row(places[-1]).reference_text in refused.value.message
    assert statuses(*places) == [Status.CONFIRMED] * 3


def test_a_moved_sitting_raises_every_sequence_and_tells_everybody():
    sitting = a_sitting(capacity=1)
    held, waiting = apply_for(sitting), apply_for(sitting)
    hall = a_venue()
    told = meetings.reschedule(
        sitting.id,
        starts_at=sitting.starts_at + timedelta(hours=1),
        ends_at=sitting.ends_at + timedelta(hours=1),
        venue_id=hall.id,
        notify=True,
        by=ORGANIZER,
        now=NOW,
    )
    assert (told, row(held).sequence, row(waiting).sequence) == (2, 1, 1)


def test_a_move_without_notice_still_raises_the_sequence():
    sitting = a_sitting()
    place = apply_for(sitting)
    meetings.reschedule(
        sitting.id,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at + timedelta(hours=1),
        venue_id=sitting.venue_id,
        notify=False,
        by=ORGANIZER,
        now=NOW,
    )
    assert (row(place).sequence, kinds()) == (1, ["registration.confirmed"])


def test_calling_off_cancels_everybody_and_tells_everybody_once():
    event = an_event()
    sitting = a_sitting(event, capacity=1)
    places = [apply_for(sitting), apply_for(sitting)]
    assert meetings.call_off(event.id, "台風のため", notify=True, by=ORGANIZER, now=NOW) == 2
    assert statuses(*places) == [Status.CANCELLED] * 2
    assert kinds().count("registration.called_off") == 2
    db.session.refresh(sitting)
    assert (sitting.seats_taken, sitting.waiting) == (0, 0)


def test_each_person_is_reminded_once_and_again_after_a_move():
    sitting = a_sitting(capacity=1)
    apply_for(sitting)
    apply_for(sitting)
    eve = sitting.starts_at - timedelta(hours=20)
    assert [reminders.remind_due(now=eve) for _ in range(2)] == [1, 0]
    later = {"starts_at": sitting.starts_at + timedelta(hours=2), "ends_at": sitting.ends_at + timedelta(hours=2)}
    meetings.reschedule(sitting.id, **later, venue_id=None, notify=False, by=ORGANIZER, now=eve)
    assert reminders.remind_due(now=eve) == 1


def test_a_seat_freed_after_the_start_is_given_when_the_sitting_is_moved_ahead():
    sitting = a_sitting(capacity=1)
    held, waiting = apply_for(sitting), apply_for(sitting)
    begun = sitting.starts_at
    services.cancel(row(held).id, by=ORGANIZER, now=begun)
    later = {"starts_at": begun + timedelta(days=7), "ends_at": begun + timedelta(days=7, hours=3)}
    meetings.reschedule(sitting.id, **later, venue_id=sitting.venue_id, notify=False, by=ORGANIZER, now=begun)
    assert statuses(waiting) == [Status.CONFIRMED]


def an_edit(event: EventRow, **changes: Any) -> Basics:
    kept = {name: getattr(event, name) for name in Basics.__slots__ if hasattr(event, name)}
    return Basics(**{**kept, "series_id": events.series(event.series_slug).id, **changes})


def test_a_new_title_reaches_everybody_who_registered_with_a_new_calendar_entry():
    event = an_event(title="応援講座")
    sitting = a_sitting(event, capacity=1)
    held, waiting = apply_for(sitting), apply_for(sitting)
    shown = events.by_id(event.id)
    renamed = an_edit(shown, title="実践講座", bring="筆記用具", max_companions=2)
    assert meetings.edit(event.id, renamed, revision=shown.revision, notify=True, by=ORGANIZER, now=NOW) == 2
    assert (row(held).sequence, row(waiting).sequence) == (1, 1)
    payload = db.session.scalars(sa.select(OutboundMessage.payload).filter_by(kind="registration.edited")).first()
    mail = rendering.render("registration.edited", payload)
    assert "変わったところ：名称、持ち物" in mail.text
    assert "実践講座" in mail.subject
    assert (mail.calendar.sequence, mail.calendar.method) == (1, Method.REQUEST)
    assert "実践講座" in mail.calendar.summary


def test_what_concerns_nobody_who_registered_is_not_told():
    event = an_event()
    apply_for(a_sitting(event))
    shown = events.by_id(event.id)
    quiet = an_edit(shown, max_companions=2, asks_district=True)
    assert meetings.edit(event.id, quiet, revision=shown.revision, notify=True, by=ORGANIZER, now=NOW) == 0
    assert kinds() == ["registration.confirmed"]


def test_who_took_another_sitting_before_a_move_was_told_is_told_of_theirs():
    event = an_event()
    first, second = a_sitting(event), a_sitting(event, starts_at=NOW + timedelta(days=12), label="午後の部")
    place = apply_for(first)
    start = NOW + timedelta(days=11)
    meetings.reschedule(
        first.id,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        venue_id=None,
        notify=True,
        by=ORGANIZER,
        now=NOW,
    )
    switching.change_sitting(row(place).id, second.id, by=RESIDENT, now=NOW)
    moved = db.session.scalars(sa.select(OutboundMessage).filter_by(kind="registration.moved")).one()
    assert "午後の部" in rendering.render(moved.kind, moved.payload).text
