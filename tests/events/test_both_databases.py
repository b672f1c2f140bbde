"""What leans on the database: locks, order, deleting what hangs together. On SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from app.accounts.types import Scope
from app.events import overview, queries, services, sittings
from app.events.errors import ChangedMeanwhile, SittingInUse
from app.events.models import Event
from app.events.overview import Filters
from app.events.types import AgendaRow, EventStatus
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import NotFound
from tests.factories import NOW, ORGANIZER, a_draft, a_series, a_sitting, an_event, apply_for, basics

pytestmark = pytest.mark.usefixtures("any_app")
DAY = timedelta(days=1)


def test_the_address_is_made_of_year_series_and_number():
    series = a_series(slug="chiiki")
    slugs = [a_draft(series_id=series.id, number=number).slug for number in (1, 1, 1, None)]
    assert slugs == ["2026-chiiki-1", "2026-chiiki-1-b", "2026-chiiki-1-c", "2026-chiiki"]


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


def test_a_draft_goes_with_all_that_hangs_on_it():
    event = a_draft()
    a_sitting(db.session.get_one(queries.Event, event.id))
    programme = (AgendaRow("", "一", (), (AgendaRow("", "二", (), ()),)),)
    services.set_agenda(event.id, programme, (), revision=event.revision, by=ORGANIZER, now=NOW)
    services.delete_draft(event.id, by=ORGANIZER, now=NOW)
    with pytest.raises(NotFound):
        queries.by_id(event.id)


def test_the_programme_is_replaced_as_a_whole():
    event = a_draft()
    first = (AgendaRow("講義", "一", (), (AgendaRow("", "二", (), ()),)),)
    services.set_agenda(event.id, first, (), revision=event.revision, by=ORGANIZER, now=NOW)
    second = (replace(first[0], title="三"),)
    services.set_agenda(event.id, second, (), revision=event.revision + 1, by=ORGANIZER, now=NOW)
    assert queries.by_id(event.id).agenda == second


def test_of_many_who_save_in_the_same_moment_one_succeeds(any_app):
    event = a_draft(series_id=a_series().id)
    form, together = basics(title="", series_id=db.session.get_one(Event, event.id).series_id), Barrier(4)

    def save(number: int) -> bool:
        with any_app.app_context():
            together.wait()
            try:
                wish = replace(form, title=f"{number}人目")
                services.edit(event.id, wish, revision=event.revision, by=ORGANIZER, now=NOW)
            except ChangedMeanwhile:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save, range(4))) == [False, False, False, True]


def test_a_sitting_with_registrations_stays():
    event = an_event()
    kept, _other = a_sitting(event), a_sitting(event)
    apply_for(kept)
    with pytest.raises(SittingInUse):
        sittings.remove_sitting(kept.id, by=ORGANIZER, now=NOW)


def test_the_list_shows_undated_drafts_first_then_the_latest():
    undated, early, late = an_event(), an_event(), an_event()
    a_sitting(early, starts_at=NOW + DAY)
    a_sitting(late, starts_at=NOW + 2 * DAY)
    found = overview.listing(Filters(), Scope(section="市民活動推進課"))
    assert [row.id for row in found.rows] == [undated.id, late.id, early.id]
    assert [row.id for row in overview.open_work(Scope(section="市民活動推進課"))] == [undated.id, early.id, late.id]


def test_a_scope_limits_the_list():
    mine, other = an_event(), an_event(section="財政課")

    def seen(scope: Scope) -> list[int]:
        return [row.id for row in overview.listing(Filters(), scope).rows]

    assert seen(Scope(section="市民活動推進課")) == [mine.id]
    assert seen(Scope(event_ids=frozenset({other.id}))) == [other.id]
    assert seen(Scope()) == []


def test_words_of_the_filter_are_taken_literally():
    an_event(title="百パーセント")
    wanted = an_event(title="100%_達成")
    scope = Scope(section=wanted.section)
    found = overview.listing(Filters(word="100%_", status=EventStatus.PUBLISHED, fiscal_year=2026), scope)
    assert [row.id for row in found.rows] == [wanted.id]
