"""The year's plan: begun once, carried on, ticked, and what the data say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.accounts.permissions import Role
from app.events.models import Event
from app.events.types import Audience, EventStatus
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.fiscal_year import fiscal_year
from app.org.types import UnitKind
from app.web.console.year_watch import PERIODS, WATCHES
from app.year_plan import queries, rules, services, shipped
from app.year_plan.errors import AlreadyBegun, WrongDay, WrongPage
from app.year_plan.types import EntryDraft, EntryRow, Standing, State
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, ORGANIZER, a_duty, a_sitting, a_unit, an_event
from tests.proposals.programmes import a_programme
from tests.public.door import statements
from tests.staff import SECTION, post, signed_in, token_of

BY = {"by": ORGANIZER, "now": NOW}
PLAN = "/console/calendar/2026/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """The application as it stands behind a server, on 1 June 2026."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


def an_entry(**changes: object) -> EntryRow:
    values = {
        "id": 1,
        "fiscal_year": 2026,
        "section": SECTION,
        "title": "報告",
        "starts_on": date(2026, 6, 10),
        "ends_on": date(2026, 6, 20),
        "done_at": None,
        "done_by": "",
        "updated_at": NOW,
        **changes,
    }
    return EntryRow(**values)


def test_a_plan_is_begun_once_changed_and_carried_into_the_next_year(any_app):
    assert services.begin(2026, SECTION, **BY) == len(shipped.entries(2026))
    with pytest.raises(AlreadyBegun):
        services.begin(2026, SECTION, **BY)
    assert services.begin(2026, "生涯学習課", **BY) == len(shipped.entries(2026))
    own = EntryDraft(
        title="審議会に報告する", starts_on=date(2027, 2, 28), ends_on=date(2027, 2, 28), page="/console/org/"
    )
    services.add(2026, SECTION, own, **BY)
    plan = {entry.title: entry for entry in queries.entries(2026, SECTION)}
    first, last = plan["協働推進員研修を開く"], plan["協働推進レポートをまとめ、公開する"]
    services.remove(last.id, **BY)
    services.change(first.id, replace(shipped_draft(first), starts_on=date(2026, 5, 11), note="会場は10階"), **BY)
    for _twice in range(2):
        services.tick(first.id, done=True, **BY)
    assert queries.entry(first.id).done_by == ORGANIZER.label
    assert services.begin(2027, SECTION, **BY) == len(plan) - 1
    carried = {entry.title: entry for entry in queries.entries(2027, SECTION)}
    assert (carried[first.title].starts_on, carried[first.title].note) == (date(2027, 5, 11), "会場は10階")
    assert carried[first.title].done_at is None
    assert (carried[own.title].starts_on, carried[own.title].page) == (date(2028, 2, 29), "/console/org/")
    assert last.title not in carried
    noted = list(db.session.scalars(sa.select(AuditEntry.action).filter_by(object_type="year_plan", object_id="1")))
    assert noted == [f"year_plan.{did}" for did in ("begun", "added", "removed", "changed", "ticked")]


def shipped_draft(entry: EntryRow) -> EntryDraft:
    return rules.carried([entry], entry.fiscal_year)[0]


@pytest.mark.usefixtures("app")
def test_days_outside_the_year_or_the_wrong_way_round_and_foreign_pages_are_refused():
    services.begin(2026, SECTION, **BY)
    draft = EntryDraft(title="報告", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    services.add(2026, SECTION, draft, **BY)
    for wrong, field in (
        ({"starts_on": date(2026, 3, 31)}, "starts_on"),
        ({"ends_on": date(2027, 4, 1)}, "ends_on"),
        ({"starts_on": date(2026, 6, 2), "ends_on": date(2026, 6, 1)}, "ends_on"),
    ):
        with pytest.raises(WrongDay) as refused:
            services.add(2026, SECTION, replace(draft, **wrong), **BY)
        assert refused.value.field == field
    for page in ("https://elsewhere.example.jp/", "//elsewhere.example.jp/", "console/"):
        with pytest.raises(WrongPage):
            services.add(2026, SECTION, replace(draft, page=page), **BY)


@given(st.integers(2000, 2090), st.integers(1, 5))
def test_the_shipped_list_lies_in_its_year_and_moves_with_it(year, later):
    entries = shipped.entries(year)
    rows = [
        an_entry(**{name: getattr(entry, name) for name in EntryDraft.__slots__}, fiscal_year=year) for entry in entries
    ]
    for entry in (*entries, *rules.carried(rows, year + later)):
        rules.check(entry, fiscal_year(entry.starts_on))
    assert rules.carried(rows, year + later) == shipped.entries(year + later)
    assert len({entry.key for entry in entries}) == len(entries)


STANDINGS = st.none() | st.builds(Standing, begun=st.booleans(), done=st.booleans())


@given(STANDINGS, st.booleans(), st.dates(date(2026, 6, 1), date(2026, 6, 30)))
def test_a_state_follows_the_tick_then_the_data_then_the_day(standing, ticked, today):
    entry = an_entry(done_at=NOW if ticked else None, done_by="担当者" if ticked else "")
    found = rules.state(entry, standing, today)
    assert (found is State.DONE) == (ticked or bool(standing and standing.done))
    if found is not State.DONE:
        assert (found is State.LATE) == (today > entry.ends_on)
    if found is State.UNDER_WAY:
        assert standing.begun if standing else today >= entry.starts_on


def test_each_thing_that_can_be_told_stands_in_the_shipped_list_and_the_other_way_round():
    watched = {entry.watch for entry in shipped.entries(2026)}
    assert set(WATCHES) | set(PERIODS) == watched - {""}


def test_the_page_tells_what_the_data_say_and_the_first_page_what_this_month_brings(site: Flask):
    desk = signed_in(site)
    assert "標準の予定から作る" in desk.get(PLAN).text
    assert post(desk, PLAN, f"{PLAN}begin/").status_code == 303
    with site.app_context():
        entries = {entry.key: entry for entry in queries.entries(2026, SECTION)}
        unit = a_unit(parent_id=a_unit(UnitKind.DEPARTMENT))
        event_id = an_event(title="応援講座", section=SECTION).id
        a_sitting(db.session.get(Event, event_id), starts_at=datetime(2026, 6, 29, 1, 0, tzinfo=UTC))
        a_sitting(an_event(title="職員だけの回", section=SECTION, audience=Audience.STAFF), starts_at=NOW)
        a_sitting(an_event(title="他課の講座", section="生涯学習課"), starts_at=NOW)
    page = desk.get(PLAN).text
    for told in (
        "2の組織を登録済み",
        "協働推進員が1人未定、協働調整員が1人未定",
        "応援講座（公開）",
        "様式は、まだ作っていません。",
        "コースは、まだ作っていません。",
        "応募のページは、まだ公開していません。",
        "調査は、まだ作っていません。",
    ):
        assert told in page, told
    assert "職員だけの回" not in page
    assert "他課の講座" not in page
    with site.app_context():
        a_programme()
    assert "受付中（締切は7月1日（水））、応募0件" in desk.get(PLAN).text
    home = desk.get("/console/").text
    assert "今月の予定" in home
    for title in (entries["workshop_1"].title, entries["duties"].title):
        assert title in home
    assert entries["survey"].title not in home
    with site.app_context():
        a_duty(unit)
        db.session.execute(sa.update(Event).where(Event.id == event_id).values(status=EventStatus.FINISHED))
        db.session.commit()
    with clock.fixed(NOW + timedelta(days=40)):
        page = signed_in(site, email="later@city.example.jp").get(PLAN).text
    assert "協働推進員が1人未定" not in page
    assert "応援講座（終了）" in page


def send(client, form, typed):
    token = token_of(client.get(form).text)
    return client.post(form, data={"csrf_token": token, **typed}, headers={"Origin": "http://localhost"})


def test_an_entry_is_added_changed_ticked_and_removed_and_mistakes_keep_what_was_typed(site: Flask):
    desk = signed_in(site)
    post(desk, PLAN, f"{PLAN}begin/")
    typed = {"title": "審議会に報告する", "starts_on": "令和8年11月20日", "watch": "", "page": "/console/org/"}
    wrong = send(desk, f"{PLAN}new/", {**typed, "starts_on": "2026/3/31"})
    assert (wrong.status_code, 'value="審議会に報告する"' in wrong.text) == (422, True)
    assert send(desk, f"{PLAN}new/", typed).status_code == 303
    with site.app_context():
        own = next(entry for entry in queries.entries(2026, SECTION) if entry.key is None)
    here = f"/console/calendar/entries/{own.id}/"
    assert (own.starts_on, own.ends_on) == (date(2026, 11, 20), date(2026, 11, 20))
    assert send(desk, here, {**typed, "ends_on": "2026/11/21"}).status_code == 303
    assert post(desk, PLAN, f"{here}done/").location.endswith(f"#entry-{own.id}")
    assert "検証 太郎（担当者）" in desk.get(PLAN).text
    assert post(desk, PLAN, f"{here}undone/").status_code == 303
    file = icalendar.Calendar.from_ical(desk.get(f"{PLAN}calendar.ics").data)
    event = next(one for one in file.walk("VEVENT") if one["summary"] == own.title)
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 11, 20), date(2026, 11, 22))
    assert event["url"].endswith("/console/org/")
    other = signed_in(site, email="other@city.example.jp", section="生涯学習課")
    assert other.get(here).status_code == 404
    assert post(other, PLAN, f"{here}remove/").status_code == 404
    manager = signed_in(site, Role.MANAGER)
    seen = manager.get(PLAN).text
    assert own.title in seen
    assert "済みにする" not in seen
    assert post(desk, here, f"{here}remove/").status_code == 303
    assert own.title not in desk.get(PLAN).text
    assert desk.get("/console/calendar/2031/").status_code == desk.get("/console/calendar/2031/new/").status_code == 404


def test_the_page_costs_the_same_for_more_entries(site: Flask):
    desk = signed_in(site)
    post(desk, PLAN, f"{PLAN}begin/")
    costs = []
    for more in (1, 12):
        with site.app_context():
            for number in range(more):
                day = date(2026, 6, 1 + number)
                watch = ("resident_event", "worksheets", "")[number % 3]
                draft = EntryDraft(title=f"予定{number}", starts_on=day, ends_on=day, watch=watch)
                services.add(2026, SECTION, draft, **BY)
        with statements(site) as seen:
            assert desk.get(PLAN).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]
