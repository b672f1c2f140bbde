"""What the organizer does for somebody, with a note, and the story that it leaves."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.events.models import Event
from app.infra import clock
from app.infra.db import db
from app.registrations import handing, queries, services
from tests.factories import NOW, a_sitting
from tests.public.door import filled_in
from tests.staff import post


@pytest.fixture(autouse=True)
def _days_before(site):
    with clock.fixed(NOW):
        yield


def story(page: str) -> str:
    return re.search(r'<ol class="dk-story">.*?</ol>', page, re.DOTALL)[0]


def test_another_sitting_with_a_note_is_told_as_a_sentence(desk, organizer):
    with desk.site.app_context():
        later = a_sitting(db.session.get(Event, desk.event_id), label="午後の部", starts_at=NOW + timedelta(days=11)).id
    person = desk.somebody()
    page = f"/console/registrations/{person}/"
    assert f"{page}sitting/" in organizer.get(page).text
    assert post(organizer, f"{page}sitting/", sitting=later, why="本人から電話").status_code == 303
    told = story(organizer.get(page).text)
    assert "から午後の部に変更しました" in told
    assert "メモ：本人から電話" in told


def test_the_party_is_told_from_what_to_what(desk, organizer):
    person = desk.somebody(companions=1)

    def more():
        known = queries.by_id(person)
        services.change_details(person, replace(known.details, companions=3), version=known.version, now=NOW)

    desk.ask(more)
    told = story(organizer.get(f"/console/registrations/{person}/").text)
    assert "人数を、2人から4人に変更しました。" in told


def test_the_place_of_somebody_who_telephoned_goes_to_the_person_they_named(desk, organizer):
    person = desk.somebody(name="倉敷　花子")
    page = f"/console/registrations/{person}/hand-over/"
    other = {"name": "玉島　次郎", "kana": "タマシマ　ジロウ", "email": "jiro@example.jp", "phone": ""}
    sent = filled_in(organizer, page, **other, consent=None, agreed="y", why="ご家族に譲りたいとのこと")
    assert organizer.post(page, data=sent).status_code == 303
    theirs = desk.ask(lambda: handing.of_registration(person).to_id)
    before, after = (organizer.get(f"/console/registrations/{one}/").text for one in (person, theirs))
    assert "席をほかの方に譲り、この申込みは終わりました。" in story(before)
    assert "メモ：ご家族に譲りたいとのこと" in story(after)
    assert f"/console/registrations/{theirs}/" in before
    assert f"/console/registrations/{person}/" in after
    assert len(desk.acts("registration.handed_on")) == 1
