"""From the first draft to the archive: create, edit, publish, finish, delete."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.events import queries, services
from app.events.errors import NotEditable, NotReady, SlugFixed, SlugTaken, WrongWindow
from app.events.types import EventStatus
from app.infra.db import db
from app.kernel.errors import NotFound
from tests.factories import NOW, ORGANIZER, a_draft, a_series, a_sitting, an_event, basics

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def test_a_draft_is_seen_by_nobody_outside():
    event = a_draft()
    with pytest.raises(NotFound):
        queries.one(event.slug)


def test_an_address_belongs_to_one_event_and_is_plain():
    taken = a_draft(slug="summer")
    for slug in (taken.slug, "夏", "a b", "Summer", "-summer"):
        with pytest.raises(SlugTaken):
            a_draft(slug=slug)


def test_sign_up_does_not_end_before_it_begins():
    with pytest.raises(WrongWindow):
        a_draft(closes_at=NOW)


def test_saving_what_is_there_already_changes_nothing():
    event = a_draft(series_id=(series := a_series()).id)
    services.edit(event.id, basics(series_id=series.id), revision=event.revision, by=ORGANIZER, now=NOW + DAY)
    assert queries.by_id(event.id) == event


def test_a_new_title_reaches_calendars():
    sitting = a_sitting(event := an_event())
    services.edit(event.id, basics(title="新しい題名"), revision=1, by=ORGANIZER, now=NOW)
    assert queries.by_id(event.id).sittings[0].sequence == 1
    assert queries.by_id(event.id).sittings[0].id == sitting.id


def test_the_address_of_a_published_event_stays():
    event = an_event()
    with pytest.raises(SlugFixed):
        services.edit(event.id, basics(slug="other"), revision=1, by=ORGANIZER, now=NOW)


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"contact_phone": ""}, "問合せ先"),
        ({"purpose": ""}, "利用目的"),
        ({"opens_at": None}, "受付開始"),
    ],
)
def test_what_residents_must_know_is_named_before_publication(lacking, named):
    event = a_draft(**lacking)
    a_sitting(db.session.get_one(queries.Event, event.id))
    with pytest.raises(NotReady, match=named):
        services.publish(event.id, by=ORGANIZER, now=NOW)


def test_an_event_without_dates_is_not_published():
    with pytest.raises(NotReady, match="日時"):
        services.publish(a_draft().id, by=ORGANIZER, now=NOW)


def test_a_past_event_needs_no_more_than_its_dates():
    event = a_draft(contact_phone="", purpose="", opens_at=None, closes_at=None)
    a_sitting(db.session.get_one(queries.Event, event.id), starts_at=NOW - DAY)
    services.publish(event.id, by=ORGANIZER, now=NOW)
    services.finish(event.id, by=ORGANIZER, now=NOW)
    assert queries.one(event.slug).status is EventStatus.FINISHED


def test_a_published_event_is_public_and_is_not_published_twice():
    event = a_draft()
    a_sitting(db.session.get_one(queries.Event, event.id))
    services.publish(event.id, by=ORGANIZER, now=NOW)
    assert queries.one(event.slug).published_at == NOW
    with pytest.raises(NotEditable):
        services.publish(event.id, by=ORGANIZER, now=NOW)


def test_an_event_that_is_not_over_is_not_finished():
    sitting = a_sitting()
    with pytest.raises(NotReady):
        services.finish(sitting.event_id, by=ORGANIZER, now=NOW)


def test_only_what_is_public_is_finished():
    with pytest.raises(NotEditable):
        services.finish(a_draft().id, by=ORGANIZER, now=NOW)


def test_what_was_public_is_not_deleted():
    with pytest.raises(NotEditable):
        services.delete_draft(an_event().id, by=ORGANIZER, now=NOW)
