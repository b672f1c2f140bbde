"""A course: one application for all meetings, one seat for all of them, attendance each time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.attendance import certificates, ledger
from app.attendance import queries as attendance
from app.attendance import services as sheets
from app.attendance.types import Presence
from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.delivery.types import Rendered
from app.events import queries as events
from app.events import services as planning
from app.events import sittings
from app.events.audiences import Category
from app.events.choices import SittingsTaken
from app.events.drafts import AllotmentPlan, SittingPlan
from app.events.errors import CourseFixed, CourseKeepsSeats, WrongPeriod
from app.events.models import Sitting
from app.infra.db import db
from app.registrations import allotments, meetings, queries, reminders, services
from app.registrations.errors import WrongSitting
from app.registrations.types import Place, Status
from app.stewardship import doctor
from tests.factories import NOW, ORGANIZER, a_course, an_application, apply_for, basics

pytestmark = pytest.mark.usefixtures("any_app")
WEEK = timedelta(weeks=1)


def row(place: Place):
    return queries.by_token(place.token, now=NOW)


def last_mail(kind: str) -> Rendered:
    message = db.session.scalars(
        sa.select(OutboundMessage).filter_by(kind=f"registration.{kind}").order_by(OutboundMessage.id.desc())
    ).first()
    return rendering.render(message.kind, message.payload)


def mark(sitting: int, place: Place, presence: Presence) -> None:
    sheets.mark(sitting, row(place).id, presence, by=ORGANIZER, now=start_of(sitting))


def start_of(sitting: int) -> datetime:
    return db.session.get_one(Sitting, sitting).starts_at


def move(sitting: int, starts_at: datetime, **more: object) -> int:
    end = starts_at + timedelta(hours=2)
    moved = {"starts_at": starts_at, "ends_at": end, "venue_id": None, "notify": True, **more}
    return meetings.reschedule(sitting, by=ORGANIZER, now=NOW, **moved)


def test_one_application_takes_one_seat_that_every_meeting_shows():
    first, *_others = a_course(capacity=2)
    apply_for(first)
    shown = events.by_id(events.event_of_sitting(first))
    assert [(one.seats_taken, one.seats_left) for one in shown.sittings] == [(1, 1)] * 3
    assert [one.id for one in shown.offered] == [first]
    assert doctor.examine(now=NOW) == []


def test_the_course_is_full_for_all_meetings_at_once_and_a_freed_seat_goes_to_who_waits():
    first, *_others = a_course(capacity=1)
    held, waiting = apply_for(first), apply_for(first)
    services.cancel(row(held).id, now=NOW)
    assert (row(held).status, row(waiting).status) == (Status.CANCELLED, Status.CONFIRMED)


def test_nobody_applies_for_a_later_meeting_alone():
    _first, second, _third = a_course()
    with pytest.raises(WrongSitting):
        services.apply(an_application(second), now=NOW)
    with pytest.raises(WrongSitting):
        meetings.change_capacity(second, 5, by=ORGANIZER, now=NOW)


def test_the_database_itself_gives_no_seat_at_a_later_meeting():
    _first, second, _third = a_course()
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Sitting).where(Sitting.id == second).values(seats_taken=1))
    db.session.rollback()


def test_the_mail_lists_all_meetings_and_brings_an_entry_for_each():
    first, *_others = a_course()
    public_id = row(apply_for(first)).public_id
    mail = last_mail("confirmed")
    assert all(f"第{number}回" in mail.text for number in (1, 2, 3))
    assert mail.calendar.uid.startswith(f"{public_id}-1@")
    assert [file.file_name for file in mail.attachments] == ["invite-2.ics", "invite-3.ics"]
    uids = [f"UID:{public_id}-{number}@".encode() for number in (2, 3)]
    assert [uid in file.content for uid, file in zip(uids, mail.attachments, strict=True)] == [True, True]


def test_a_meeting_that_moves_changes_its_own_entry_only():
    first, second, _third = a_course()
    place = apply_for(first)
    assert move(second, start_of(second) + WEEK / 7) == 1
    mail = last_mail("moved")
    assert (mail.calendar.uid.split("@")[0], mail.attachments) == (f"{row(place).public_id}-2", ())
    assert (mail.calendar.sequence, mail.calendar.starts_at) == (1, start_of(second))
    assert "第2回" in mail.text
    assert "第3回" not in mail.text


def test_cancelling_takes_every_entry_back():
    first, *_others = a_course()
    services.cancel(row(apply_for(first)).id, now=NOW)
    mail = last_mail("cancelled")
    assert mail.calendar.method == "CANCEL"
    assert [b"METHOD:CANCEL" in file.content for file in mail.attachments] == [True, True]


def test_the_first_meeting_stays_the_first():
    first, second, _third = a_course()
    for sitting, when in ((second, start_of(first) - WEEK), (first, start_of(second) + WEEK)):
        with pytest.raises(WrongPeriod):
            move(sitting, when)


def test_each_meeting_is_reminded_of_once():
    first, second, _third = a_course()
    apply_for(first)
    for sitting in (first, second):
        eve = start_of(sitting) - timedelta(hours=20)
        assert [reminders.remind_due(now=eve), reminders.remind_due(now=eve)] == [1, 0]
    assert len(list(db.session.scalars(sa.select(OutboundMessage).filter_by(kind="registration.reminder")))) == 2


def test_everybody_of_the_course_is_on_the_sheet_of_each_meeting_and_marked_there():
    first, second, third = a_course()
    place, other = apply_for(first), apply_for(first)
    mark(first, place, Presence.PRESENT)
    mark(second, place, Presence.ABSENT)
    mark(second, other, Presence.LATE)
    came = [attendance.totals(sitting).people for sitting in (first, second, third)]
    assert ([len(attendance.sheet(one).lines) for one in (first, second, third)], came) == ([2, 2, 2], [1, 1, 0])
    assert [m.presence for m in attendance.marks_of(row(place).id)] == [Presence.PRESENT, Presence.ABSENT]
    assert doctor.examine(now=start_of(third) + WEEK) == []


@pytest.mark.parametrize(("needed", "due"), [(None, 1), (2, 2), (1, 3)])
def test_a_certificate_takes_as_many_meetings_as_were_said_and_is_dated_by_the_last(needed, due):
    first, second, third = a_course(completed_after=needed)
    thrice, twice, once = (apply_for(first) for _ in range(3))
    for sitting, came in ((first, (thrice, twice, once)), (second, (thrice, twice)), (third, (thrice,))):
        for place in came:
            mark(sitting, place, Presence.PRESENT)
    event_id = events.event_of_sitting(first)
    assert certificates.issue(event_id, issuer="倉敷市長", by=ORGANIZER, now=start_of(third) + WEEK) == due
    latest = max(one.attended_on for one in ledger.of_event(event_id))
    assert latest == start_of(third).date()


def test_a_certificate_ends_when_a_mark_that_it_needs_is_taken_back():
    first, second = a_course(2)
    place = apply_for(first)
    for sitting in (first, second):
        mark(sitting, place, Presence.PRESENT)
    event_id = events.event_of_sitting(first)
    certificates.issue(event_id, issuer="倉敷市長", by=ORGANIZER, now=start_of(second) + WEEK)
    sheets.undo(second, row(place).id, by=ORGANIZER, now=start_of(second) + WEEK)
    assert [bool(one.revoked_reason) for one in ledger.of_event(event_id)] == [True]
    assert row(place).status is Status.CONFIRMED


def test_the_link_opens_until_a_month_after_the_last_meeting():
    first, _second, third = a_course()
    place = apply_for(first)
    assert queries.by_token(place.token, now=start_of(third) + timedelta(days=29)).reference == place.reference


# ------------------------------------------------------------------------------------------------ planning one


def plan(day: int, **more: object) -> SittingPlan:
    start = NOW + timedelta(days=day)
    return SittingPlan(starts_at=start, ends_at=start + timedelta(hours=2), **more)


def a_draft(**more: object) -> int:
    return planning.create_draft(basics(**more), section="市民活動推進課", by=ORGANIZER, now=NOW)


def add(event_id: int, day: int, **more: object) -> int:
    return sittings.add_sitting(event_id, plan(day, **more), by=ORGANIZER, now=NOW)


def test_the_earliest_meeting_leads_in_whatever_order_they_are_planned():
    event_id = a_draft(sittings_taken=SittingsTaken.ALL)
    late, early = add(event_id, 20, capacity=30), add(event_id, 10, capacity=20)
    shown = events.by_id(event_id)
    assert [(one.id, one.lead_id, one.capacity, one.meeting_no) for one in shown.sittings] == [
        (early, None, 20, 1),
        (late, early, 20, 2),
    ]


def test_a_draft_that_is_a_course_no_more_gives_each_meeting_its_seats():
    event_id = a_draft(sittings_taken=SittingsTaken.ALL)
    for day in (10, 20):
        add(event_id, day, capacity=20)
    shown = events.by_id(event_id)
    planning.edit(event_id, basics(series_id=series_of(event_id)), revision=shown.revision, by=ORGANIZER, now=NOW)
    assert [(one.lead_id, one.capacity) for one in events.by_id(event_id).sittings] == [(None, 20)] * 2


def test_a_meeting_that_keeps_seats_cannot_follow_another():
    event_id = a_draft(sittings_taken=SittingsTaken.ALL, audience="both")
    kept = (AllotmentPlan(Category.STAFF, 5, NOW + timedelta(days=5)),)
    add(event_id, 20, capacity=20)
    allotments.change(events.by_id(event_id).sittings[0].id, 2, kept, by=ORGANIZER, now=NOW)
    with pytest.raises(CourseKeepsSeats):
        add(event_id, 10, capacity=20)


def test_a_published_course_keeps_its_meetings_and_its_copy_is_one_too():
    first, *_others = a_course()
    event_id = events.event_of_sitting(first)
    with pytest.raises(CourseFixed):
        add(event_id, 30)
    with pytest.raises(CourseFixed):
        sittings.remove_sitting(first, by=ORGANIZER, now=NOW)
    copied = events.by_id(planning.copy_from_last_year(event_id, by=ORGANIZER, now=NOW))
    assert (copied.is_course, [one.lead_id is None for one in copied.sittings]) == (True, [True, False, False])


def test_removing_the_first_meeting_of_a_draft_hands_its_seats_to_the_next():
    event_id = a_draft(sittings_taken=SittingsTaken.ALL)
    first, second = add(event_id, 10, capacity=20), add(event_id, 20)
    sittings.remove_sitting(first, by=ORGANIZER, now=NOW)
    assert [(one.id, one.lead_id, one.capacity) for one in events.by_id(event_id).sittings] == [(second, None, 20)]


def series_of(event_id: int) -> int:
    slug = events.by_id(event_id).series_slug
    return next(one.id for one in events.all_series() if one.slug == slug)
