"""Themes and tables through the doors: set up, chosen, made up, moved, talked at, and counted for the report."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.permissions import Role
from app.attendance import services as attendance
from app.events import services as events
from app.events.audiences import Category
from app.events.types import Audience
from app.infra.db import db
from app.model_projects import queries, services
from app.model_projects.errors import ChoosingOver, OneSittingOnly, ThemeInUse, TooEarly, WrongChoice
from app.model_projects.types import Quadrant, ThemeDraft
from app.registrations import queries as registrations
from app.registrations import services as applying
from app.registrations.types import Status
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_sitting, an_event, apply_for
from tests.staff import at, post, signed_in

YOUTH = ThemeDraft(None, "若者のキャリア教育", "活動団体", "生涯学習課", 2)
DISASTER = ThemeDraft(None, "子どもの防災", "", "防災危機管理室", 1)
MEETING = NOW + timedelta(days=10)
AFTER = MEETING + timedelta(hours=4)


@pytest.fixture(autouse=True)
def today():
    with at(NOW):
        yield


def a_project(*themes, people=0):
    """An event with themes and people, each with one who comes along; its id."""
    event = an_event(audience=Audience.BOTH)
    event_id, sitting_id = event.id, a_sitting(event, capacity=40).id
    services.set_up(event_id, by=ORGANIZER, now=NOW)
    services.save_themes(event_id, themes or (YOUTH, DISASTER), 4, by=ORGANIZER, now=NOW)
    for number in range(people):
        apply_for(sitting_id, companions=1, now=NOW + timedelta(minutes=number))
    return event_id


def rows(event_id):
    return [person.key[0] for person in queries.people(event_id) if person.key[1] == 0]


def own_link(event_id):
    """The secret page of whoever applied first."""
    return f"/r/{registrations.with_link(rows(event_id)[0])[1]}/"


def test_the_organizer_sets_themes_up_and_makes_up_tables(site):
    with site.app_context():
        event = an_event(audience=Audience.BOTH)
        event_id, sitting_id = event.id, a_sitting(event).id
        apply_for(sitting_id, name="倉敷　一郎", affiliation="NPO法人")
    base, client = f"/console/events/{event_id}/themes/", signed_in(site)
    assert post(client, base, do="set_up").status_code == 303
    typed = {"table_size": "5", "themes-0-title": "子どもの防災", "themes-0-sections": "防災危機管理室"}
    wrong = post(client, f"{base}edit/", **{**typed, "themes-0-tables": "百"})
    assert (wrong.status_code, "子どもの防災" in wrong.text) == (422, True)
    assert post(client, f"{base}edit/", **{**typed, "themes-0-tables": "2"}).status_code == 303
    assert post(client, base, do="form").status_code == 303
    page = client.get(base).text
    assert "子どもの防災　テーブル1" in page
    for what in ("list", "cards"):
        assert "倉敷　一郎" in client.get(f"{base}{what}/").text
    moving = {"person": re.search(r'value="(\d+-0)"', page)[1], "table": re.search(r'value="(\d+-2)"', page)[1]}
    assert post(client, base, f"{base}move/", **moving).status_code == 303
    with site.app_context():
        assert [person.table for person in queries.people(event_id)] == [2]
    assert post(client, base, f"{base}move/", **{**moving, "table": "9-9"}).status_code == 422


def test_a_participant_chooses_until_the_tables_are_made_up_and_then_sees_the_own(site):
    with site.app_context():
        event_id = a_project(people=1)
        page, (youth, disaster) = own_link(event_id), [theme.id for theme in queries.of_event(event_id).themes]
    client = site.test_client()
    assert f"{page}themes/" in client.get(page).text
    twice = post(client, f"{page}themes/", first=disaster, second=disaster)
    assert (twice.status_code, "別のテーマを選んでください" in twice.text) == (422, True)
    assert post(client, f"{page}themes/", first=disaster, second=youth).status_code == 303
    with site.app_context():
        services.form_tables(event_id, by=ORGANIZER, now=NOW)
    assert "子どもの防災　テーブル1" in client.get(f"{page}themes/").text
    with site.app_context(), pytest.raises(ChoosingOver):
        services.choose(rows(event_id)[0], youth, None, by=ORGANIZER, now=NOW)


def test_who_came_says_what_they_want_to_do_next(site):
    with site.app_context():
        event_id = a_project(people=1)
        page = own_link(event_id)
        with pytest.raises(TooEarly):
            services.name_step(rows(event_id)[0], "早すぎる", by=ORGANIZER, now=NOW)
    with at(AFTER):
        answer = post(site.test_client(), f"{page}themes/", text="近所に声をかける")
        assert answer.status_code == 303
        assert "近所に声をかける" in signed_in(site).get(f"/console/events/{event_id}/themes/").text


def test_choices_said_by_telephone_are_written_down_for_all_at_once(site):
    with site.app_context():
        event_id = a_project(people=2)
        (one, two), (youth, disaster) = rows(event_id), [theme.id for theme in queries.of_event(event_id).themes]
    address, client = f"/console/events/{event_id}/themes/choices/", signed_in(site)
    sent = {"registration": [one, two], f"first-{one}": youth, f"second-{one}": disaster, f"first-{two}": disaster}
    assert post(client, address, **sent).status_code == 303
    with site.app_context():
        chosen = {person.key: (person.first, person.second) for person in queries.people(event_id)}
    assert chosen[one, 0] == chosen[one, 1] == (youth, disaster)
    assert chosen[two, 0] == (disaster, None)
    refused = post(client, address, **{**sent, f"second-{two}": disaster})
    assert refused.status_code == 422
    assert refused.text.count(f'<option value="{disaster}" selected') == 3
    assert f'<a href="#second-{two}">第1希望と第2希望には' in refused.text
    assert refused.text.count("ts-problem") == refused.text.count(f'id="second-{two}-error"') == 1
    # Somebody of another event is not there to be written about.
    assert post(client, address, **{"registration": 999999, "first-999999": youth}).status_code == 404


def test_cards_lie_in_their_quadrant_can_be_laid_elsewhere_and_keep_their_theme(site):
    with site.app_context():
        event_id = a_project()
        youth = queries.of_event(event_id).themes[0].id
    address = f"/console/events/{event_id}/themes/{youth}/tables/1/"
    client = signed_in(site)
    assert post(client, address, text="", quadrant="now").status_code == 422
    assert post(client, address, text="役割を<b>一つ</b>頼む", quadrant="now").status_code == 303
    assert "役割を&lt;b&gt;一つ" in client.get(address).text
    with site.app_context():
        (card,) = queries.cards(event_id)
        with pytest.raises(ThemeInUse):
            services.save_themes(event_id, (DISASTER,), 4, by=ORGANIZER, now=NOW)
    assert post(client, address, **{f"quadrant-{card.id}": "plan", "do": f"lay:{card.id}"}).status_code == 303
    with site.app_context():
        assert [one.quadrant for one in queries.cards(event_id)] == [Quadrant.PLAN]
    assert post(client, address, do=f"remove:{card.id}").status_code == 303
    assert client.get(f"/console/events/{event_id}/themes/{youth}/tables/3/").status_code == 404


def test_another_sections_themes_look_missing(site):
    with site.app_context():
        event_id = a_project()
    other = signed_in(site, Role.ORGANIZER, section="防災危機管理室", email="other@city.example.jp")
    assert other.get(f"/console/events/{event_id}/themes/").status_code == 404


def test_on_both_databases_tables_hold_everybody_and_follow_the_themes(any_app):
    event_id = a_project(people=5)
    project = queries.of_event(event_id)
    youth, disaster = (theme.id for theme in project.themes)
    for one in rows(event_id)[:4]:
        services.choose(one, disaster, youth, by=ORGANIZER, now=NOW)
    services.form_tables(event_id, by=ORGANIZER, now=NOW)
    people = queries.people(event_id)
    assert sorted(len(table.people) for table in queries.tables(project, people)) == [3, 3, 4]
    # The first two registrations fill the table, with whom they bring along.
    assert {person.key[0] for person in people if person.theme_id == disaster} == set(rows(event_id)[:2])
    # A theme that is left out takes along its choices, and the second one moves up.
    kept = ThemeDraft(youth, "若者", "", "", 1)
    services.save_themes(event_id, (kept,), 4, by=ORGANIZER, now=NOW)
    after = queries.people(event_id)
    assert {person.first for person in after[:8]} == {youth}
    assert {person.table for person in after} == {1, None}


def test_what_cannot_be_is_refused_by_the_database_too(any_app):
    event_id, other = a_project(people=1), a_project()
    foreign = queries.of_event(other).themes[0].id
    with pytest.raises(WrongChoice):
        services.choose(rows(event_id)[0], foreign, None, by=ORGANIZER, now=NOW)
    values = {"r": rows(event_id)[0], "e": event_id, "t": foreign}
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(
            sa.text("INSERT INTO theme_choice (registration_id, event_id, first_id) VALUES (:r, :e, :t)"), values
        )
    db.session.rollback()


def test_an_event_of_two_sittings_has_no_tables(app):
    event = an_event()
    event_id = event.id
    for _ in range(2):
        a_sitting(event)
    with pytest.raises(OneSittingOnly):
        services.set_up(event_id, by=ORGANIZER, now=NOW)


def test_the_year_counts_who_came_by_audience(app):
    event_id = a_project()
    sitting_id = db.session.scalar(sa.text("SELECT id FROM sitting"))
    for category, people in ((Category.RESIDENT, 37), (Category.STAFF, 7)):
        attendance.set_headcount(sitting_id, category, people, by=ORGANIZER, now=AFTER)
    assert queries.held(2026) == []
    events.finish(event_id, by=ORGANIZER, now=AFTER)
    (held,) = queries.held(2026)
    assert (sum(held.attended.values()), held.attended[Category.STAFF]) == (44, 7)
    assert [theme.title for theme in held.themes] == ["若者のキャリア教育", "子どもの防災"]


def test_who_gave_the_place_up_sits_nowhere(app):
    event_id = a_project(people=2)
    services.form_tables(event_id, by=ORGANIZER, now=NOW)
    gone = rows(event_id)[0]
    applying.cancel(gone, by=ORGANIZER, now=NOW)
    assert registrations.by_id(gone).status is Status.CANCELLED
    assert gone not in {person.key[0] for person in queries.people(event_id)}


def test_the_page_costs_the_same_for_more_people(site):
    with site.app_context():
        few, many = a_project(people=2), a_project(people=7)
        for event_id in (few, many):
            services.form_tables(event_id, by=ORGANIZER, now=NOW)
    client = signed_in(site)
    costs = {statements(site, client, f"/console/events/{event_id}/themes/") for event_id in (few, many)}
    assert len(costs) == 1
