"""The organizer keeps seats for an audience or in hand, on the page of the sitting and at the counter."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.events import queries
from app.events.audiences import Category
from app.events.models import Event
from app.events.types import Audience
from app.infra.db import db
from app.registrations import queries as registrations
from app.registrations.types import Status
from tests.console.desk import Desk, statements
from tests.factories import NOW, a_sitting
from tests.staff import post

# The desk's clock stands on the day of the first sitting; the second one is a fortnight later.
LATER = NOW + timedelta(days=24)
KEPT = {"held_back": "1", "staff_places": "２", "staff_until": "令和8年6月20日"}


@pytest.fixture
def shared(desk):
    """A sitting of five seats for residents and staff."""
    with desk.site.app_context():
        db.session.execute(sa.update(Event).values(audience=Audience.BOTH))
        db.session.commit()
        event = db.session.get_one(Event, desk.event_id)
        event.closes_at = None
        db.session.commit()
        return Desk(desk.site, desk.event_id, a_sitting(event, starts_at=LATER, capacity=5).id)


def page_of(shared: Desk) -> str:
    return f"/console/events/{shared.event_id}/sittings/{shared.sitting_id}/"


def sitting(shared: Desk):
    rows = shared.ask(lambda: queries.by_id(shared.event_id)).sittings
    return next(row for row in rows if row.id == shared.sitting_id)


def keep(shared: Desk, organizer, **fields: str):
    return post(organizer, page_of(shared), f"{page_of(shared)}kept/", **(KEPT | fields))


def test_seats_are_kept_and_the_table_says_who_can_get_which(shared, organizer):
    assert keep(shared, organizer).status_code == 303
    row = sitting(shared)
    assert (row.kept, row.free_for(Category.RESIDENT), row.free_for(Category.STAFF)) == (3, 2, 4)
    assert row.allotments[0].last_day.isoformat() == "2026-06-20"
    page = organizer.get(page_of(shared)).text
    assert "枠2席・6月20日（土）まで" in page
    assert 'value="令和8年6月20日"' in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"staff_until": ""}, "「市職員の枠の期限」を入力してください。"),
        ({"staff_until": "令和8年6月25日"}, "開催日の前日まで"),
        ({"staff_places": "5"}, "5席までです（いまの入力では6席になります）"),
        ({"held_back": "多め"}, "0から5000までの数字"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(shared, organizer, fields, said):
    answer = keep(shared, organizer, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{typed}"' in answer.text for typed in (KEPT | fields).values())
    assert sitting(shared).kept == 0


def test_an_audience_is_released_with_one_press_and_a_second_one_is_harmless(shared, organizer):
    keep(shared, organizer)
    for said in ("どなたでも使えるように", "すでに開放"):
        address = f"{page_of(shared)}kept/release/"
        answer = post(organizer, page_of(shared), address, category="staff")
        assert said in organizer.get(answer.headers["Location"]).text
    assert sitting(shared).free_for(Category.RESIDENT) == 4
    assert [entry.reason for entry in shared.acts("sitting.released")] == ["市職員"]


def test_for_residents_alone_there_is_only_the_hand(desk, organizer):
    page = organizer.get(page_of(desk)).text
    assert "取り置きの席" in page
    assert "市民の枠" not in page


def test_the_counter_offers_a_seat_in_hand_only_where_there_is_one(shared, organizer):
    counter = f"/console/events/{shared.event_id}/intake/"
    assert "取り置きの席を使う" not in organizer.get(counter).text
    keep(shared, organizer, staff_places="", held_back="5")
    assert "取り置きの席を使う" in organizer.get(counter).text


def test_who_is_entered_on_a_seat_in_hand_has_it_in_a_full_sitting(shared, organizer):
    keep(shared, organizer, staff_places="", held_back="2")
    for _ in range(4):
        shared.somebody()
    person = {"name": "玉島　三郎", "kana": "タマシマ　サブロウ", "phone": "086-000-0000", "category": "resident"}
    sent = person | {"sitting": str(shared.sitting_id), "channel": "phone", "told": "y", "submission_id": "desk-1"}
    counter = f"/console/events/{shared.event_id}/intake/"
    answer = post(organizer, counter, **sent, held="y", companions="2")
    assert answer.status_code == 422
    assert "取り置きの席は残り2席です" in answer.text
    answer = post(organizer, counter, **sent, held="y")
    number = int(answer.headers["Location"].split("/")[-3])
    assert shared.ask(lambda: registrations.by_id(number)).status is Status.CONFIRMED
    assert (sitting(shared).held_back, sitting(shared).waiting) == (1, 1)


def test_the_list_of_sittings_costs_the_same_however_many_keep_seats(shared, organizer):
    listed = f"/console/events/{shared.event_id}/sittings/"
    keep(shared, organizer)
    one = statements(shared.site, organizer, listed)
    with shared.site.app_context():
        other = a_sitting(db.session.get_one(Event, shared.event_id), starts_at=LATER, capacity=5).id
    keep(Desk(shared.site, shared.event_id, other), organizer)
    assert statements(shared.site, organizer, listed) == one
