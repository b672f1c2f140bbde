"""The organizer chooses how places are given, answers applications one by one, and draws."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.events import draws
from app.events import queries as events
from app.events.models import Event
from app.events.types import Admission
from app.infra import clock
from app.infra.db import db
from app.registrations import drawing, queries
from app.registrations.types import Status
from tests.console.desk import THE_DAY, statements
from tests.factories import NOW, a_draft, a_lottery, a_sitting, an_event, apply_for
from tests.public.door import fields
from tests.staff import post

CLOSED = NOW + timedelta(days=2)


@pytest.fixture
def lottery(desk):
    """Three people want one seat: event, address of the page."""
    with desk.site.app_context():
        sitting = a_lottery(capacity=1)
        for _ in range(3):
            apply_for(sitting)
        return sitting.event_id, f"/console/events/{sitting.event_id}/draw/"


def test_looking_shows_what_would_be_drawn_and_draws_nothing(desk, organizer, lottery):
    event_id, page = lottery
    with clock.fixed(CLOSED):
        assert "抽選して、結果を知らせる" not in organizer.get(page).text
        desk.ask(lambda: drawing.freeze(event_id, now=CLOSED))
        shown = organizer.get(page).text
    assert "1本が3件" in shown
    assert "抽選して、結果を知らせる" in shown
    assert desk.ask(lambda: {row.registrations for row in queries.counts(event_id)}) == {3}


def test_one_press_draws_and_a_second_one_is_refused(desk, organizer, lottery):
    event_id, page = lottery
    desk.ask(lambda: drawing.freeze(event_id, now=CLOSED))
    with clock.fixed(CLOSED):
        assert post(organizer, page).status_code == 303
        assert "抽選は終わりました" in organizer.get(page).text
        again = post(organizer, "/console/", page)
    assert again.status_code == 422
    assert "やり直すことはできません" in again.text
    assert [act.actor_label for act in desk.acts("draw.drawn")] == ["検証 太郎（担当者）"]


def test_other_events_have_no_draw_and_a_draw_no_answers_by_hand(desk, organizer, lottery):
    event_id, _page = lottery
    assert organizer.get(f"/console/events/{desk.event_id}/draw/").status_code == 404
    assert organizer.get(f"/console/events/{event_id}/approvals/").status_code == 404
    with desk.site.app_context():
        waiting = queries.console_list(queries.Filters(event_id)).rows[0].id
    assert post(organizer, "/console/", f"/console/registrations/{waiting}/approve/").status_code == 404


def test_applications_are_answered_from_one_list(desk, organizer):
    with desk.site.app_context():
        sitting = a_sitting(an_event(admission=Admission.APPROVAL), starts_at=NOW + timedelta(days=20), capacity=1)
        first, second, third = (queries.by_token(apply_for(sitting).token, now=NOW).id for _ in range(3))
        event_id = sitting.event_id
    page = f"/console/events/{event_id}/approvals/"
    for one in (first, second):
        assert post(organizer, page, f"/console/registrations/{one}/approve/").status_code == 303
    refused = f"/console/registrations/{third}/decline/"
    assert post(organizer, refused, reason="").status_code == 422
    assert post(organizer, refused, reason="対象の方を優先したため").location.endswith(page)
    states = desk.ask(lambda: [queries.by_id(one).status for one in (first, second, third)])
    assert states == [Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED]
    assert "承認待ちの申込みはありません" in organizer.get(page).text


def test_a_longer_list_of_applications_needs_no_more_statements(desk, organizer):
    with desk.site.app_context():
        sitting = a_sitting(an_event(admission=Admission.APPROVAL), capacity=50)
        apply_for(sitting)
        page = f"/console/events/{sitting.event_id}/approvals/"
    few = statements(desk.site, organizer, page)
    with desk.site.app_context():
        for _ in range(9):
            apply_for(sitting.id)
    assert statements(desk.site, organizer, page) == few


def test_the_way_places_are_given_is_chosen_in_the_draft_and_stays_once_published(desk, organizer):
    with desk.site.app_context():
        draft = a_draft(opens_at=THE_DAY, closes_at=THE_DAY + timedelta(days=7))
        a_sitting(db.session.get_one(Event, draft.id), starts_at=THE_DAY + timedelta(days=30))
    edit = f"/console/events/{draft.id}/edit/"
    chosen = {**fields(organizer.get(edit)), "admission": "lottery", "tickets_first_time": "3"}
    assert organizer.post(edit, data=chosen).status_code == 303
    assert post(organizer, f"/console/events/{draft.id}/publish/").status_code == 303
    assert "選考方法は「抽選」です" in organizer.get(edit).text
    again = {**fields(organizer.get(edit)), "title": "実践講座", "admission": "first_come", "tickets_first_time": "1"}
    assert organizer.post(edit, data=again).status_code == 303
    row = desk.ask(lambda: events.by_id(draft.id))
    assert (row.title, row.admission, row.tickets_first_time) == ("実践講座", Admission.LOTTERY, 3)
    assert desk.ask(lambda: draws.of_event(draft.id)) is not None
