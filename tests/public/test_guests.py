"""Staff of other municipalities apply through the public page and read there what became of it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from app.events import queries
from app.events.models import Event, Sitting
from app.events.types import Audience
from app.infra.db import db
from app.registrations import deciding, guests
from app.registrations import queries as registrations
from tests.factories import NOW, ORGANIZER, a_sitting, an_event
from tests.public.door import applied, confirmation, filled_in, problems, ready, receipt, rows

GUEST = {"municipality": "総社市", "section": "政策調整課"}


@pytest.fixture
def guest_form(site) -> str:
    """The form of an event with one place for guests at its one sitting."""
    with site.app_context():
        event = an_event(audience=Audience.STAFF, asks_affiliation=True, max_companions=3)
        sitting = a_sitting(event)
        guests.change_guest_places(sitting.id, 1, by=ORGANIZER, now=NOW)
        return f"/events/{event.slug}/apply/guest/"


def sitting_ids(site) -> list[int]:
    """The ids of the one event's sittings."""
    with site.app_context():
        return list(db.session.scalars(sa.select(Sitting.id).order_by(Sitting.id)))


def event_page(guest_form: str) -> str:
    return guest_form.removesuffix("apply/guest/")


def test_the_event_page_leads_guests_to_their_form_while_places_are_left(visitor, guest_form):
    assert guest_form in visitor.get(event_page(guest_form)).text
    applied(visitor, guest_form, **GUEST)
    assert guest_form not in visitor.get(event_page(guest_form)).text


def test_a_guest_applies_with_municipality_and_section_and_waits_for_the_answer(site, visitor, guest_form):
    own_page = applied(visitor, guest_form, **GUEST)
    assert receipt(visitor.get(own_page))[1] == "pending"
    stored = rows(site, "registration")[0]
    assert (stored["affiliation"], stored["category"], stored["companions"]) == ("総社市　政策調整課", "neighbour", 0)


def test_the_confirmation_page_says_that_approval_is_needed(visitor, guest_form):
    page = confirmation(visitor, guest_form, **GUEST)
    assert all(words in page.text for words in ("承認が必要です", "総社市", "政策調整課"))


def test_a_municipality_that_is_not_listed_is_named(site, visitor, guest_form):
    applied(visitor, guest_form, municipality="その他", elsewhere="岡山市", section="市民協働課")
    assert rows(site, "registration")[0]["affiliation"] == "岡山市　市民協働課"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"municipality": "", "section": "課"}, "municipality"),
        ({"municipality": "倉敷市", "section": "課"}, "municipality"),
        ({"municipality": "その他", "elsewhere": "", "section": "課"}, "elsewhere"),
        ({"municipality": "総社市", "section": ""}, "section"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(visitor, guest_form, typed, field):
    page = confirmation(visitor, guest_form, **typed)
    assert page.status_code == 422
    assert list(problems(page)) == [field]
    assert "クラシキ　ハナコ" in page.text


def test_when_another_guest_was_quicker_the_page_says_so_and_nothing_is_stored(site, visitor, guest_form):
    pressed = ready(visitor, guest_form, **GUEST)
    other = site.test_client()
    applied(other, guest_form, **GUEST, email="other@example.jp")
    answer = visitor.post(guest_form, data=pressed)
    assert answer.status_code == 422
    assert "受入枠は、いまは空きがありません" in answer.text
    assert len(rows(site, "registration")) == 1


def test_the_same_form_sent_twice_asks_once(site, visitor, guest_form):
    pressed = ready(visitor, guest_form, **GUEST)
    first, second = (visitor.post(guest_form, data=pressed) for _ in range(2))
    assert first.location == second.location
    assert len(rows(site, "registration")) == 1


def test_an_event_without_places_for_guests_has_no_such_page(visitor, form):
    assert visitor.get(f"{form}guest/").status_code == 404


def test_who_asks_may_put_it_right_and_give_up(site, visitor, guest_form):
    own_page = applied(visitor, guest_form, **GUEST)
    changed = filled_in(visitor, f"{own_page}change/", name="倉敷　桃子", email=None, phone=None)
    assert "companions" not in changed
    assert visitor.post(f"{own_page}change/", data=changed).status_code == 303
    assert visitor.post(f"{own_page}cancel/", data=filled_in(visitor, f"{own_page}cancel/")).status_code == 303
    assert receipt(visitor.get(own_page))[1] == "cancelled"
    with site.app_context():
        slug = urlsplit(event_page(guest_form)).path.split("/")[2]
        assert queries.one(slug).sittings[0].guests_left == 1


def test_a_guest_takes_another_sitting_and_keeps_what_is_held_where_it_is_full(site, visitor, guest_form):
    with site.app_context():
        event = db.session.scalars(sa.select(Event)).one()
        later = a_sitting(event, label="午後の部")
        guests.change_guest_places(later.id, 1, by=ORGANIZER, now=NOW)
        number = later.id
    first = sitting_ids(site)[0]
    own_page = applied(visitor, guest_form, **GUEST, sitting=str(first))
    page = f"{own_page}sitting/"
    assert page in visitor.get(own_page).text
    pressed = filled_in(visitor, page, name=None, kana=None, email=None, phone=None, sitting=str(number))
    applied(site.test_client(), guest_form, **GUEST, sitting=str(number), email="other@example.jp")
    refused = visitor.post(page, data=pressed)
    assert (refused.status_code, rows(site, "registration")[0]["sitting_id"]) == (422, first)
    with site.app_context():
        guests.change_guest_places(number, 2, by=ORGANIZER, now=NOW)
    assert visitor.post(page, data=pressed).status_code == 303
    assert rows(site, "registration")[0]["sitting_id"] == number


def test_a_guest_cannot_hand_on_what_the_organizer_gave(visitor, guest_form):
    own_page = applied(visitor, guest_form, **GUEST)
    assert f"{own_page}hand-over/" not in visitor.get(own_page).text
    assert visitor.get(f"{own_page}hand-over/").status_code == 404


def test_the_ordinary_form_sends_neighbours_to_their_own(site, visitor, form):
    with site.app_context():
        db.session.execute(sa.update(Event).values(audience=Audience.BOTH))
        db.session.commit()
        sitting = queries.one(form.split("/")[2]).sittings[0].id
        assert 'value="neighbour"' in visitor.get(form).text
        stale = ready(visitor, form, category="neighbour")
        guests.change_guest_places(sitting, 1, by=ORGANIZER, now=NOW)
    page = visitor.get(form)
    assert 'value="neighbour"' not in page.text
    assert f"{form}guest/" in page.text
    assert list(problems(visitor.post(form, data=stale))) == ["category"]


def test_an_event_that_became_one_for_residents_says_so_to_guests(site, visitor, guest_form):
    with site.app_context():
        db.session.execute(sa.update(Event).values(audience=Audience.RESIDENTS, revision=Event.revision + 1))
        db.session.commit()
    assert "受け付けていません" in visitor.get(guest_form).text
    assert guest_form not in visitor.get(event_page(guest_form)).text


def test_who_was_declined_reads_why_and_finds_no_button(site, visitor, guest_form):
    own_page = applied(visitor, guest_form, **GUEST)
    with site.app_context():
        number = registrations.by_token(own_page.split("/")[2], now=NOW).id
        deciding.decline(number, "市職員で定員に達したため", by=ORGANIZER, now=NOW)
    page = visitor.get(own_page)
    assert "市職員で定員に達したため" in page.text
    assert f"{own_page}cancel/" not in page.text
    assert visitor.get(f"{own_page}invitation.ics").status_code == 404
