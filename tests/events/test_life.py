"""From the first draft to the archive: create, edit, publish, finish, delete."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.events import queries, services
from app.events.drafts import Basics
from app.events.errors import ChangedMeanwhile, NotEditable, NotReady, SlugFixed, SlugTaken, WrongWindow
from app.events.types import AgendaRow, EventStatus
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import NotFound
from tests.factories import NOW, ORGANIZER, a_series, a_sitting, an_event

pytestmark = pytest.mark.usefixtures("any_app")
DAY = timedelta(days=1)


def basics(**changes):
    values = {
        "series_id": 0,
        "fiscal_year": 2026,
        "number": 1,
        "title": "応援講座",
        "contact_phone": "086-426-3107",
        "purpose": "受付と連絡のため",
        "opens_at": NOW,
        "closes_at": NOW + 7 * DAY,
        **changes,
    }
    values["series_id"] = values["series_id"] or a_series().id
    return Basics(**values)


def a_draft(**changes):
    event_id = services.create_draft(basics(**changes), section="市民活動推進課", by=ORGANIZER, now=NOW)
    return queries.by_id(event_id)


def test_the_address_is_made_of_year_series_and_number():
    series = a_series(slug="chiiki")
    slugs = [a_draft(series_id=series.id, number=number).slug for number in (1, 1, 1, None)]
    assert slugs == ["2026-chiiki-1", "2026-chiiki-1-b", "2026-chiiki-1-c", "2026-chiiki"]


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


def test_an_edit_keeps_what_was_said_and_raises_the_revision():
    event = a_draft()
    edited = basics(title="新しい題名", slug="new-slug", max_companions=2)
    services.edit(event.id, edited, revision=event.revision, by=ORGANIZER, now=NOW + DAY)
    now = queries.by_id(event.id)
    assert (now.title, now.slug, now.max_companions, now.updated_at) == ("新しい題名", "new-slug", 2, NOW + DAY)
    assert now.revision == event.revision + 1
    fields = db.session.scalars(sa.select(AuditEntry.fields).where(AuditEntry.action == "event.edited")).one()
    assert {"title", "slug", "max_companions"} <= set(fields.split())


def test_of_two_organizers_who_edit_at_once_the_second_is_told():
    event = a_draft()
    services.edit(event.id, basics(title="一人目"), revision=event.revision, by=ORGANIZER, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        services.edit(event.id, basics(title="二人目"), revision=event.revision, by=ORGANIZER, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        services.set_agenda(event.id, (), (), revision=event.revision, by=ORGANIZER, now=NOW)
    assert queries.by_id(event.id).title == "一人目"


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


def test_a_draft_goes_with_all_that_hangs_on_it():
    event = a_draft()
    a_sitting(db.session.get_one(queries.Event, event.id))
    programme = (AgendaRow("", "一", (), (AgendaRow("", "二", (), ()),)),)
    services.set_agenda(event.id, programme, (), revision=event.revision, by=ORGANIZER, now=NOW)
    services.delete_draft(event.id, by=ORGANIZER, now=NOW)
    with pytest.raises(NotFound):
        queries.by_id(event.id)


def test_what_was_public_is_not_deleted():
    with pytest.raises(NotEditable):
        services.delete_draft(an_event().id, by=ORGANIZER, now=NOW)


def test_the_programme_is_replaced_as_a_whole():
    event = a_draft()
    first = (AgendaRow("講義", "一", (), (AgendaRow("", "二", (), ()),)),)
    services.set_agenda(event.id, first, (), revision=event.revision, by=ORGANIZER, now=NOW)
    second = (replace(first[0], title="三"),)
    services.set_agenda(event.id, second, (), revision=event.revision + 1, by=ORGANIZER, now=NOW)
    assert queries.by_id(event.id).agenda == second
