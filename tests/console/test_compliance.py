"""The organizer's question: who is still missing."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pypdf
import pytest

from app.accounts.permissions import Role
from app.compliance import queries
from app.events.types import Audience
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.org.types import UnitKind
from app.registrations import staffing
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_sitting, a_unit, an_event
from tests.staff import post, signed_in


@pytest.fixture
def training(site) -> int:
    """A training of one sitting and a department with three sections and their promoters; the event's id."""
    with site.app_context():
        event = an_event(title="協働推進員研修", audience=Audience.STAFF)
        start = clock.now() + timedelta(days=10)
        a_sitting(event, starts_at=start, ends_at=start + timedelta(hours=2), capacity=None)
        department = a_unit(UnitKind.DEPARTMENT, name="市民協働部")
        for number in range(3):
            a_duty(a_unit(UnitKind.SECTION, department, name=f"第{number}課"), a_member(name=f"推進　{number}").id)
        return event.id


@pytest.fixture
def address(site, organizer, training) -> str:
    """The board of a requirement that was made through the page."""
    due = f"{local_date(clock.now() + timedelta(days=12)):%Y/%m/%d}"
    sent = {
        "event_id": str(training),
        "title": "研修の受講",
        "audience": "promoters",
        "due_on": due,
        "substitutes": "refused",
    }
    answer = post(organizer, "/console/compliance/new/", **sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_the_board_names_who_is_missing(site, organizer, training, address):
    with site.app_context():
        staffing.register_member(1, queries.board(1, today=local_date(NOW)).lines[0].person.id, by=ORGANIZER, now=NOW)
    page = organizer.get(address).text
    assert "3人" in page
    assert [name in page for name in ("推進　0", "推進　1", "推進　2")] == [True] * 3
    registered = organizer.get(f"{address}?standing=registered").text
    assert [name in registered for name in ("推進　0", "推進　1", "推進　2")] == [True, False, False]
    assert "3人のうち0人が完了" in organizer.get("/console/compliance/").text


def test_the_workbook_holds_everybody(organizer, address):
    book = openpyxl.load_workbook(BytesIO(organizer.get(f"{address}board.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == ("部", "課・室", "職員番号", "氏名", "受講状況", "完了")
    assert [(row[0], row[1], row[3], row[4], row[5]) for row in rows[1:]] == [
        ("市民協働部", f"第{n}課", f"推進　{n}", "未申込", "未") for n in range(3)
    ]


def test_the_paper_for_the_meeting_is_tagged_and_names_departments_and_the_missing(site, organizer, training, address):
    paper = pypdf.PdfReader(BytesIO(organizer.get(f"{address}board.pdf").data))
    text = "".join(page.extract_text() for page in paper.pages)
    for part in ("研修の受講", "市民協働部", "未受講者（3人）", "推進　0", "第2課", "未申込", "対象3人のうち0人が完了"):
        assert part in text
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    other = signed_in(site, Role.ORGANIZER, email="other@city.example.jp", section="総務課")
    assert other.get(f"{address}board.pdf").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("title", "", "「必修の名称」を入力してください。"), ("due_on", "あした", "は年から入力してください")],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_stays(organizer, training, field, typed, said):
    sent = {"event_id": str(training), "title": "研修の受講", "audience": "promoters", "due_on": "令和8年9月1日",
            "substitutes": "refused", field: typed}  # fmt: skip
    answer = post(organizer, "/console/compliance/new/", **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{training}" selected' in answer.text


def test_a_manager_looks_and_makes_nothing(site, training, address):
    manager = signed_in(site, Role.MANAGER)
    assert manager.get(address).status_code == 200
    assert manager.get("/console/compliance/new/").status_code == 403


def test_the_board_costs_the_same_for_many(site, organizer, address):
    few = statements(site, organizer, address)
    with site.app_context():
        department = a_unit(UnitKind.DEPARTMENT)
        for _ in range(20):
            a_duty(a_unit(UnitKind.SECTION, department))
    assert statements(site, organizer, address) == few


def test_another_sections_training_is_not_found(site, address):
    other = signed_in(site, Role.ORGANIZER, email="other@city.example.jp", section="総務課")
    assert other.get(address).status_code == 404
    assert other.get(f"{address}board.xlsx").status_code == 404
    assert f'href="{address}"' not in other.get("/console/compliance/").text
