"""The organizer answers staff of other municipalities."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.events.models import Event
from app.events.types import Audience
from app.infra.db import db
from app.registrations import guests, queries, services
from app.registrations.types import Category, Channel, Status
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_sitting, an_application
from tests.staff import post


@pytest.fixture
def places(desk):
    """The desk's sitting keeps 30 places for guests."""
    with desk.site.app_context():
        db.session.execute(sa.update(Event).values(audience=Audience.STAFF))
        db.session.commit()
        guests.change_guest_places(desk.sitting_id, 30, by=ORGANIZER, now=NOW)
    return f"/console/events/{desk.event_id}/guests/"


def ask(desk, sitting: int | None = None, **changes) -> int:
    with desk.site.app_context():
        asked = an_application(
            sitting or desk.sitting_id, category=Category.NEIGHBOUR, affiliation="総社市　政策調整課", **changes
        )
        place = services.apply(replace(asked, municipality="総社市"), now=NOW)
        return queries.by_token(place.token, now=NOW).id


def status(desk, guest: int) -> Status:
    return desk.ask(lambda: queries.by_id(guest)).status


def test_who_waits_for_an_answer_stands_on_the_page_of_the_event(desk, organizer, places):
    ask(desk, name="総社　一郎")
    assert "承認待ち1件" in organizer.get(f"/console/events/{desk.event_id}/").text
    page = organizer.get(places).text
    assert "総社　一郎" in page
    assert "総社市　政策調整課" in page


def test_one_press_approves(desk, organizer, places):
    guest = ask(desk)
    assert post(organizer, places, f"/console/registrations/{guest}/approve/").status_code == 303
    assert status(desk, guest) is Status.CONFIRMED


def test_approving_without_a_free_seat_says_so_and_changes_nothing(desk, organizer, places):
    guest = ask(desk)
    with desk.site.app_context():
        full = a_sitting(db.session.get_one(Event, desk.event_id), capacity=0).id
        guests.change_guest_places(full, 1, by=ORGANIZER, now=NOW)
        asked = an_application(full, category=Category.NEIGHBOUR, affiliation="総社市　政策調整課")
        place = services.apply(replace(asked, municipality="総社市"), now=NOW)
        crowded = queries.by_token(place.token, now=NOW).id
    answer = post(organizer, places, f"/console/registrations/{crowded}/approve/")
    assert answer.status_code == 422
    assert "空いている席がありません" in answer.text
    assert (status(desk, crowded), status(desk, guest)) == (Status.PENDING, Status.PENDING)


def a_later_sitting(desk, places: int = 1) -> int:
    """A sitting that has not begun, with places for guests."""
    with desk.site.app_context():
        later = a_sitting(db.session.get_one(Event, desk.event_id), starts_at=NOW + timedelta(days=20)).id
        guests.change_guest_places(later, places, by=ORGANIZER, now=NOW)
        return later


def entered(organizer, places, **more):
    """Send the form for a guest who telephoned."""
    who = {"municipality": "総社市", "section": "企画課", "name": "総社　一郎", "kana": "ソウジャ　イチロウ"}
    return post(organizer, f"{places}new/", **{"phone": "0866-92-8200", "channel": "fax", "told": "y", **who, **more})


@pytest.mark.parametrize(("ticked", "becomes"), [({}, Status.PENDING), ({"approved": "y"}, Status.CONFIRMED)])
def test_a_guest_who_telephoned_is_entered_and_may_be_approved_at_once(desk, organizer, places, ticked, becomes):
    assert entered(organizer, places, sitting=str(a_later_sitting(desk)), **ticked).status_code == 303
    (row,) = desk.ask(lambda: queries.guests(desk.event_id))
    assert (row.status, row.municipality, row.details.affiliation) == (becomes, "総社市", "総社市　企画課")
    assert row.channel is Channel.FAX


def test_without_a_way_to_be_reached_a_guest_is_not_entered_and_nothing_typed_is_lost(desk, organizer, places):
    answer = entered(organizer, places, sitting=str(a_later_sitting(desk)), phone="")
    assert answer.status_code == 422
    assert "ソウジャ　イチロウ" in answer.text
    assert desk.ask(lambda: queries.guests(desk.event_id)) == []


def test_the_organizer_moves_a_guest_to_another_sitting(desk, organizer, places):
    held, other = a_later_sitting(desk), a_later_sitting(desk)
    guest = ask(desk, sitting=held)
    assert post(organizer, f"/console/registrations/{guest}/sitting/", sitting=str(other)).status_code == 303
    assert desk.ask(lambda: queries.by_id(guest)).sitting_id == other


def test_an_event_for_residents_keeps_its_guests_in_sight(desk, organizer, places):
    guest = ask(desk, name="総社　一郎")
    with desk.site.app_context():
        db.session.execute(sa.update(Event).values(audience=Audience.RESIDENTS))
        db.session.commit()
    assert "総社　一郎" in organizer.get(places).text
    assert organizer.get(f"{places}new/").status_code == 404
    assert "受入枠を変える" in organizer.get(f"/console/events/{desk.event_id}/sittings/{desk.sitting_id}/").text
    assert post(organizer, places, f"/console/registrations/{guest}/approve/").status_code == 303


def test_declining_asks_for_the_reason(desk, organizer, places):
    guest = ask(desk)
    page = f"/console/registrations/{guest}/decline/"
    assert post(organizer, page, reason="").status_code == 422
    assert post(organizer, page, reason="定員に達したため").status_code == 303
    assert status(desk, guest) is Status.DECLINED


def test_only_guests_are_approved(desk, organizer, places):
    ask(desk)
    somebody = desk.somebody()
    assert post(organizer, places, f"/console/registrations/{somebody}/approve/").status_code == 404


def test_the_number_of_places_cannot_go_below_who_asked(desk, organizer, places):
    ask(desk)
    sitting = f"/console/events/{desk.event_id}/sittings/{desk.sitting_id}/"
    answer = post(organizer, sitting, f"{sitting}guests/", guest_places="0")
    assert answer.status_code == 422
    assert "0人には減らせません" in answer.text


def test_the_helper_sees_who_asks_and_cannot_answer(desk, helper, places):
    guest = ask(desk)
    page = helper.get(places).text
    assert "総社市　政策調整課" in page
    assert "承認する" not in page
    assert post(helper, "/my/", f"/console/registrations/{guest}/approve/").status_code == 403


def test_the_page_costs_the_same_for_one_and_for_twenty(desk, organizer, places):
    costs = []
    for more in (1, 19):
        for _ in range(more):
            ask(desk)
        costs.append(statements(desk.site, organizer, places))
    assert costs[0] == costs[1]
