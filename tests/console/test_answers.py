"""Answers of everybody: counted on a page, as chosen columns of the roster, and in the files."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from app.events import asking, queries
from app.events.models import Event
from app.infra.db import db
from app.questions.party import Answered
from app.questions.types import Kind
from app.registrations import services, tallies
from tests.console.desk import Desk, statements
from tests.factories import NOW, ORGANIZER, a_question, a_sitting, an_application


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """An event that asks for a number, one option, several, and words, of which one is asked no more."""
    with desk.site.app_context():
        a_question(desk.event_id, Kind.NUMBER, "お子さんの人数", key="children", unit="人")
        a_question(desk.event_id, Kind.SINGLE, "年代", key="age", options=("30代", "40代"), per_person=True)
        a_question(desk.event_id, Kind.LINE, "聞きたいこと", key="wish")
        a_question(desk.event_id, Kind.LINE, "担当者の記録", key="secret", internal=True)
    return desk


def comes(desk: Desk, *people: dict[str, Any], sitting_id: int = 0, **details: Any) -> None:
    keys = ("children", "age", "wish", "secret")
    said = {"companions": len(people) - 1, "answered": Answered(people, keys), **details}
    application = an_application(sitting_id or desk.sitting_id, **said)
    with desk.site.app_context():
        services.apply(application, now=NOW)


def of_event(desk: Desk, **more: Any) -> dict[str, tallies.Tally]:
    with desk.site.app_context():
        found = tallies.of_event(desk.event_id, queries.by_id(desk.event_id).asked, **more)
        return {one.row.question.key: one for one in found}


def test_answers_are_counted_and_those_of_a_sitting_by_themselves(asked: Desk, organizer: FlaskClient) -> None:
    with asked.site.app_context():
        later = a_sitting(db.session.get(Event, asked.event_id)).id
    comes(asked, {"children": "1", "age": "age1", "wish": "費用のこと"}, {"age": "age2"})
    comes(asked, {"children": "4", "age": "age2"})
    comes(asked, {"children": "2", "age": "age2", "secret": "記録"}, sitting_id=later)
    found = of_event(asked)
    assert found["age"].choices == (("30代", 1), ("40代", 3))
    figures = found["children"].figures
    assert figures
    assert (figures.least, figures.middle, figures.most, figures.total) == ("1人", "2人", "4人", "7人")
    assert of_event(asked, sitting_id=later)["age"].choices == (("30代", 0), ("40代", 1))
    page = organizer.get(f"/console/events/{asked.event_id}/questions/answers/?sitting={asked.sitting_id}").text
    assert "費用のこと" in page
    assert "記録" not in page.replace("担当者の記録", "").replace("操作記録", "")


def test_a_helper_sees_no_answers(asked: Desk, helper: FlaskClient) -> None:
    comes(asked, {"wish": "費用のこと"})
    assert helper.get(f"/console/events/{asked.event_id}/questions/answers/").status_code == 403
    roster = helper.get(f"{asked.roster}/?column=name&question=wish")
    assert roster.status_code == 200
    assert "費用のこと" not in roster.text


def test_chosen_answers_stand_on_the_roster_on_the_screen_and_on_paper(asked: Desk, organizer: FlaskClient) -> None:
    comes(asked, {"age": "age1", "wish": "費用のこと"}, {"age": "age2"})
    choice = "column=number&column=name&column=signature&question=age&question=wish"
    page = organizer.get(f"{asked.roster}/?{choice}").text
    assert "30代／40代" in page
    assert page.index(">費用のこと<") < page.index('<td class="ro-signature">')
    assert organizer.get(f"{asked.roster}.pdf?{choice}").data.startswith(b"%PDF-")


def test_all_answers_leave_in_the_files_also_to_questions_asked_no_more(asked: Desk, organizer: FlaskClient) -> None:
    comes(asked, {"children": "3", "wish": "費用のこと"})
    with asked.site.app_context():
        wish = next(row for row in queries.by_id(asked.event_id).asked if row.question.key == "wish")
        asking.remove(asked.event_id, wish.id, by=ORGANIZER, now=NOW)
    sheet = openpyxl.load_workbook(io.BytesIO(organizer.get(f"{asked.roster}.xlsx").data)).active
    head, first = (list(row) for row in sheet.iter_rows(max_row=2, values_only=True))
    said = dict(zip(head, first, strict=True))
    assert (said["お子さんの人数"], said["聞きたいこと（取りやめ）"]) == (3, "費用のこと")
    assert "費用のこと" in organizer.get(f"{asked.roster}.csv").data.decode("utf-8-sig")


def test_neither_page_asks_more_for_many(asked: Desk, organizer: FlaskClient) -> None:
    pages = [f"/console/events/{asked.event_id}/questions/answers/", f"{asked.roster}/?column=name&question=age"]
    comes(asked, {"age": "age1"})
    few = [statements(asked.site, organizer, page) for page in pages]
    for _ in range(9):
        comes(asked, {"age": "age1"})
    assert [statements(asked.site, organizer, page) for page in pages] == few
