"""Marks on the sheet of a sitting."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.attendance import queries, services
from app.attendance.errors import NamesOrNumbers, NotHeld, NotOnTheList, PartyTooLarge, TooEarly
from app.attendance.types import Mark, Order, Presence, WalkIn
from app.events.types import EventStatus
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import NotFound
from app.registrations import meetings
from app.registrations import services as registrations
from app.registrations.errors import AlreadyAttended
from app.registrations.models import Registration
from app.registrations.types import Category
from tests.factories import NOW, ORGANIZER, a_sitting, an_event, apply_for

THE_DAY = NOW + timedelta(days=10)
PRESENT, LATE, ABSENT = Presence.PRESENT, Presence.LATE, Presence.ABSENT

pytestmark = pytest.mark.usefixtures("app")


def registered(sitting_id, **changes):
    reference = apply_for(sitting_id, **changes).reference
    return db.session.scalar(sa.select(Registration.id).filter_by(reference=reference))


def mark(sitting_id, registration_id, presence=PRESENT, *, now=THE_DAY, **more):
    services.mark(sitting_id, registration_id, presence, by=ORGANIZER, now=now, **more)


def line(sitting_id, registration_id):
    return next(one for one in queries.sheet(sitting_id).lines if one.registration_id == registration_id)


def acts():
    kinds = sa.select(AuditEntry.action).where(AuditEntry.action.startswith("attendance."))
    return list(db.session.scalars(kinds.order_by(AuditEntry.id)))


def test_a_mark_counts_the_whole_party_unless_told_how_many_came():
    sitting = a_sitting().id
    family, couple = registered(sitting, companions=3), registered(sitting, companions=1)
    mark(sitting, family)
    mark(sitting, couple, LATE, people=1)
    assert (line(sitting, family).people, line(sitting, couple).people) == (4, 1)
    assert queries.totals(sitting).people == 5


def test_who_did_not_come_counts_nobody():
    sitting = a_sitting().id
    person = registered(sitting, companions=2)
    mark(sitting, person, ABSENT, people=3)
    assert (line(sitting, person).people, queries.totals(sitting).absent) == (0, 1)


def test_the_same_mark_twice_is_one_change_and_one_line_of_the_log():
    sitting = a_sitting().id
    person = registered(sitting)
    mark(sitting, person)
    before = line(sitting, person).version
    mark(sitting, person, now=THE_DAY + timedelta(minutes=1))
    assert line(sitting, person).version == before
    assert acts() == ["attendance.present"]


def test_undo_leaves_the_line_as_if_it_had_never_been_marked_and_the_log_knows():
    sitting = a_sitting().id
    person = registered(sitting)
    mark(sitting, person)
    for _twice in range(2):
        services.undo(sitting, person, by=ORGANIZER, now=THE_DAY)
    assert (line(sitting, person).presence, line(sitting, person).version) == (None, 0)
    assert acts() == ["attendance.present", "attendance.undone"]


@pytest.mark.parametrize("people", [0, 3, -1])
def test_a_party_is_no_larger_than_its_registration(people):
    sitting = a_sitting().id
    person = registered(sitting, companions=1)
    with pytest.raises(PartyTooLarge):
        mark(sitting, person, people=people)


def test_who_waits_or_cancelled_is_not_on_the_list():
    sitting = a_sitting(capacity=1).id
    first, waiting = registered(sitting), registered(sitting)
    with pytest.raises(NotOnTheList):
        mark(sitting, waiting)
    registrations.cancel(first, by=ORGANIZER, now=NOW)
    with pytest.raises(NotOnTheList):
        mark(sitting, first)


def test_a_registration_of_another_sitting_is_not_found():
    sitting, other = a_sitting().id, a_sitting().id
    with pytest.raises(NotFound):
        mark(sitting, registered(other))
    with pytest.raises(NotFound):
        mark(999, 1)


def test_attendance_is_taken_from_the_day_of_the_sitting_in_japan():
    sitting = a_sitting(starts_at=NOW.replace(day=10, hour=0, minute=30)).id  # 9:30 in Japan
    person = registered(sitting)
    with pytest.raises(TooEarly):
        mark(sitting, person, now=NOW.replace(day=9, hour=14, minute=59))
    mark(sitting, person, now=NOW.replace(day=9, hour=15))


def test_nobody_attends_an_event_that_was_called_off():
    sitting = a_sitting(an_event(status=EventStatus.CANCELLED)).id
    with pytest.raises(NotHeld):
        services.add_walk_in(sitting, walk_in(), by=ORGANIZER, now=THE_DAY)


def test_who_was_seen_cannot_cancel_and_the_event_cannot_be_called_off():
    event = an_event()
    sitting = a_sitting(event).id
    person = registered(sitting)
    mark(sitting, person)
    with pytest.raises(AlreadyAttended):
        registrations.cancel(person, by=ORGANIZER, now=THE_DAY)
    with pytest.raises(AlreadyAttended):
        meetings.call_off(event.id, "台風", notify=False, by=ORGANIZER, now=THE_DAY)


def test_who_was_marked_absent_can_still_be_cancelled_and_leaves_the_sheet():
    sitting = a_sitting().id
    person = registered(sitting)
    mark(sitting, person, ABSENT)
    registrations.cancel(person, by=ORGANIZER, now=THE_DAY)
    assert queries.sheet(sitting).lines == ()
    assert queries.totals(sitting).absent == 0


def test_the_database_itself_refuses_somebody_both_cancelled_and_attended():
    sitting = a_sitting().id
    person = registered(sitting)
    mark(sitting, person)
    with pytest.raises(sa.exc.IntegrityError, match="attended"):
        db.session.execute(sa.update(Registration).values(status="cancelled", cancelled_at=NOW))
    db.session.rollback()


def test_a_whole_sheet_is_written_at_once_and_says_what_it_left_alone():
    sitting = a_sitting().id
    one, two, three, gone = (registered(sitting) for _ in range(4))
    mark(sitting, two, ABSENT)
    mark(sitting, three, LATE)
    registrations.cancel(gone, by=ORGANIZER, now=NOW)
    seen = line(sitting, three).version
    marks = [Mark(one, PRESENT, seen=0), Mark(two, PRESENT, seen=0), Mark(three, None, seen=seen), Mark(gone, PRESENT)]
    done = services.mark_many(sitting, marks, by=ORGANIZER, now=THE_DAY)
    assert (done.changed, done.stale, done.gone) == ((one, three), (two,), (gone,))
    assert line(sitting, two).presence is ABSENT


def test_the_same_sheet_sent_twice_changes_nothing_more():
    sitting = a_sitting().id
    people = [registered(sitting) for _ in range(3)]
    marks = [Mark(person, PRESENT, seen=0) for person in people]
    services.mark_many(sitting, marks, by=ORGANIZER, now=THE_DAY)
    again = services.mark_many(sitting, marks, by=ORGANIZER, now=THE_DAY)
    assert again.changed == again.stale == ()
    assert len(acts()) == 3


def test_a_line_taken_back_and_written_again_is_not_mistaken_for_the_old_one():
    sitting = a_sitting().id
    person = registered(sitting)
    mark(sitting, person)
    seen = line(sitting, person).version
    services.undo(sitting, person, by=ORGANIZER, now=THE_DAY)
    mark(sitting, person, ABSENT, now=THE_DAY + timedelta(minutes=1))
    done = services.mark_many(sitting, [Mark(person, LATE, seen=seen)], by=ORGANIZER, now=THE_DAY)
    assert done.stale == (person,)


def walk_in(key="k1", **changes):
    return WalkIn(
        **{"name": "児島　一郎", "kana": "コジマ　イチロウ", "category": Category.RESIDENT, "people": 1} | changes,
        entry_key=key,
    )


def test_a_walk_in_sent_twice_counts_once_and_can_be_taken_off():
    sitting = a_sitting().id
    first = services.add_walk_in(sitting, walk_in(people=2), by=ORGANIZER, now=THE_DAY)
    assert services.add_walk_in(sitting, walk_in(people=2), by=ORGANIZER, now=THE_DAY) == first
    assert queries.totals(sitting).walk_ins == 2
    for _twice in range(2):
        services.remove_walk_in(sitting, first, by=ORGANIZER, now=THE_DAY)
    assert queries.totals(sitting).people == 0
    assert acts() == ["attendance.walk_in_added", "attendance.walk_in_removed"]


@pytest.mark.parametrize("people", [0, 51])
def test_a_walk_in_is_a_sensible_number_of_people(people):
    with pytest.raises(PartyTooLarge):
        services.add_walk_in(a_sitting().id, walk_in(people=people), by=ORGANIZER, now=THE_DAY)


def test_a_sitting_is_counted_by_names_or_by_numbers():
    sitting = a_sitting().id
    person = registered(sitting)
    headcount = {"by": ORGANIZER, "now": THE_DAY}
    services.set_headcount(sitting, Category.RESIDENT, 37, **headcount)
    services.set_headcount(sitting, Category.STAFF, 7, **headcount)
    assert queries.totals(sitting).by_category == {Category.RESIDENT: 37, Category.STAFF: 7}
    with pytest.raises(NamesOrNumbers):
        mark(sitting, person)
    services.set_headcount(sitting, Category.RESIDENT, 0, **headcount)
    services.set_headcount(sitting, Category.STAFF, 0, **headcount)
    mark(sitting, person)
    with pytest.raises(NamesOrNumbers):
        services.set_headcount(sitting, Category.RESIDENT, 5, **headcount)


def test_lines_are_numbered_in_the_order_of_the_paper():
    sitting = a_sitting().id
    apply_for(sitting, kana="ワタナベ　アキ", affiliation="")
    apply_for(sitting, kana="カトウ　ユウ", affiliation="玉島コミュニティ協議会")
    apply_for(sitting, kana="ガトウ　ユウ", affiliation="児島町内会")
    apply_for(sitting, kana="アオキ　ミナ", affiliation="玉島コミュニティ協議会")
    by_kana = [(one.number, one.kana[:2]) for one in queries.sheet(sitting).lines]
    by_place = [one.kana[:2] for one in queries.sheet(sitting, Order.AFFILIATION).lines]
    assert by_kana == [(1, "アオ"), (2, "カト"), (3, "ガト"), (4, "ワタ")]
    assert by_place == ["ガト", "アオ", "カト", "ワタ"]
