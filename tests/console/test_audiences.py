"""Whom a requirement binds: sections that are ticked, people whose numbers are pasted; both can be put right later."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from app.compliance import queries
from app.compliance.types import Audience
from app.events.types import Audience as EventAudience
from app.infra import clock
from app.org import services as org
from app.org.types import UnitKind
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_member, a_sitting, a_unit, an_event
from tests.staff import post

NEW = "/console/compliance/new/"
BY = {"by": ORGANIZER, "now": NOW}


@pytest.fixture
def hall(site) -> dict[str, int]:
    """A training, a department of two sections and another one; 100001 … 100004 work there, 100005 has left."""
    with site.app_context():
        event = an_event(title="人権研修", audience=EventAudience.STAFF)
        start = clock.now() + timedelta(days=10)
        a_sitting(event, starts_at=start, ends_at=start + timedelta(hours=2), capacity=None)
        civic, roads = (a_unit(UnitKind.DEPARTMENT, name=name) for name in ("市民部", "土木部"))
        sections = ((civic, "市民課"), (civic, "文化課"), (roads, "道路課"))
        units = [a_unit(parent_id=above, name=name) for above, name in sections]
        for number, unit in enumerate((*units, civic, None), 1):
            member = a_member(number=f"10000{number}", name=f"職員　{number}").id
            if unit:
                org.post(member, unit, date(2026, 4, 1), **BY)
        return {"event": event.id, "civic": civic, "roads": roads, "city": units[0], "culture": units[1]}


def said(hall, **more) -> dict[str, object]:
    return {"event_id": str(hall["event"]), "title": "人権研修の受講", "due_on": "令和8年9月1日",
            "substitutes": "refused", **more}  # fmt: skip


def bound(site, number: int = 1) -> list[str]:
    with site.app_context():
        return [line.person.number for line in queries.board(number, today=date(2026, 7, 1)).lines]


def test_ticked_units_bind_their_staff_and_can_be_ticked_otherwise(site, organizer, hall):
    page = organizer.get(NEW).text
    assert page.index("市民部のすべて") < page.index("文化課") < page.index("土木部のすべて")
    nobody = post(organizer, NEW, **said(hall, audience="sections"))
    assert (nobody.status_code, "受講する部・課を選んでください。" in nobody.text) == (422, True)
    address = post(organizer, NEW, **said(hall, audience="sections", units=[hall["civic"]])).headers["Location"]
    board = organizer.get(address).text
    assert ("対象は3人です。" in board, "対象の部・課：市民部" in board) == (True, True)
    assert bound(site) == ["100004", "100001", "100002"]
    form = organizer.get(f"{address}edit/").text
    assert re.findall(r'name="units" value="(\d+)" checked', form) == [str(hall["civic"])]
    changed = said(hall, audience="sections", units=[hall["culture"], hall["roads"]])
    assert post(organizer, f"{address}edit/", **changed).status_code == 303
    assert bound(site) == ["100002", "100003"]


def test_a_list_is_pasted_as_it_comes_out_of_a_sheet_and_put_right_later(site, organizer, hall):
    sent = said(hall, audience="list", numbers="１００００３\t100001\r\n100002、")
    address = post(organizer, NEW, **sent).headers["Location"]
    assert bound(site) == ["100001", "100002", "100003"]
    assert "100001\n100002\n100003</textarea>" in organizer.get(f"{address}edit/").text
    assert post(organizer, f"{address}edit/", **{**sent, "numbers": "100004"}).status_code == 303
    assert bound(site) == ["100004"]
    assert post(organizer, f"{address}edit/", **{**sent, "audience": "everyone"}).status_code == 303
    assert sorted(bound(site)) == ["100001", "100002", "100003", "100004"]


def test_each_number_that_cannot_be_taken_is_named_with_its_line_and_all_that_was_typed_stays(site, organizer, hall):
    typed = "100001\n999999 100002\n100005\n100001"
    refused = post(organizer, NEW, **said(hall, audience="list", numbers=typed, title=""))
    assert refused.status_code == 422
    for sentence in (
        "2行目「999999」は、登録されていない職員番号です。",
        "3行目「100005」（職員　5）は、期限の日に在籍していません。",
        "4行目「100001」は、1行目と同じ職員番号です。",
        "「必修の名称」を入力してください。",
    ):
        assert sentence in refused.text
    assert f"{typed}</textarea>" in refused.text
    empty = post(organizer, NEW, **said(hall, audience="list", numbers=" "))
    assert (empty.status_code, "受講する人の職員番号を入力してください。" in empty.text) == (422, True)
    with site.app_context():
        assert queries.every() == []


def test_a_unit_that_left_the_chart_stays_ticked_until_it_is_unticked(site, organizer, hall):
    sent = said(hall, audience="sections", units=[hall["culture"]])
    address = post(organizer, NEW, **sent).headers["Location"]
    with site.app_context():
        org.succeed([hall["culture"]], [hall["city"]], 2026, **BY)
    assert post(organizer, f"{address}edit/", **{**sent, "title": "別の名称"}).status_code == 303
    assert bound(site) == ["100002"]
    other = post(organizer, NEW, **{**sent, "title": "もう一つ"})
    assert (other.status_code, "一覧の中から選んでください。" in other.text) == (422, True)


def test_the_form_costs_the_same_for_many_units(site, organizer, hall):
    few = statements(site, organizer, NEW)
    with site.app_context():
        for _ in range(10):
            a_unit(parent_id=hall["civic"])
    assert statements(site, organizer, NEW) == few
    assert {one.word for one in Audience} == set(re.findall(r'for="audience[-\d]*">([^<]+)<', organizer.get(NEW).text))
