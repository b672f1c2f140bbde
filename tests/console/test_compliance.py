"""The organizer's question: who is still missing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pypdf
import pytest

from app.accounts.permissions import Role
from app.attendance import ledger
from app.compliance import queries, services
from app.compliance.types import RequirementDraft, Standing
from app.events.types import Audience
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.org.types import UnitKind
from app.registrations import staffing
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_sitting, a_template, a_unit, a_worksheet, an_event
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
    assert rows[0] == ("部", "課・室", "職員番号", "氏名", "受講状況", "棚卸シート", "完了")
    assert [(row[0], row[1], row[3], row[4], row[6]) for row in rows[1:]] == [
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


def test_a_worksheet_that_is_demanded_too_is_shown_beside_the_training(site, organizer, training):
    with site.app_context():
        sheet = a_template()
    sent = {"event_id": str(training), "title": "受講と提出", "audience": "promoters", "due_on": "令和8年9月1日",
            "substitutes": "refused", "template_id": str(sheet)}  # fmt: skip
    refused = post(organizer, "/console/compliance/new/", **{**sent, "audience": "coordinators"})
    assert refused.status_code == 422
    assert "棚卸シートは、協働推進員が受講する必修だけで求められます。" in refused.text
    address = post(organizer, "/console/compliance/new/", **sent).headers["Location"]
    with site.app_context():
        units = [line.unit_id for line in queries.board(1, today=local_date(NOW)).lines]
        a_worksheet(sheet, units[0], "窓口")
    begun = organizer.get(f"{address}?sheet=draft").text
    assert [name in begun for name in ("推進　0", "推進　1")] == [True, False]
    book = openpyxl.load_workbook(BytesIO(organizer.get(f"{address}board.xlsx").data))
    assert [row[5] for row in book.active.iter_rows(values_only=True)] == ["棚卸シート", "作成中", "未着手", "未着手"]
    paper = pypdf.PdfReader(BytesIO(organizer.get(f"{address}board.pdf").data))
    assert "シート作成中" in "".join(page.extract_text() for page in paper.pages)


def test_a_requirement_is_changed_and_its_plan_and_cases_stay(site, organizer, training, address):
    with site.app_context():
        sheet = a_template()
        services.plan(1, [-3], by=ORGANIZER, now=NOW)
        services.exempt(1, 1, "育児休業", by=ORGANIZER, now=NOW)
    assert 'value="研修の受講"' in organizer.get(f"{address}edit/").text
    sent = {"event_id": str(training), "title": "受講と提出", "audience": "promoters", "due_on": "令和8年9月1日",
            "substitutes": "counts", "template_id": str(sheet)}  # fmt: skip
    assert post(organizer, f"{address}edit/", **{**sent, "title": ""}).status_code == 422
    assert post(organizer, f"{address}edit/", **sent).status_code == 303
    with site.app_context():
        row = queries.one(1)
        assert (row.title, row.due_on, row.template_id) == ("受講と提出", date(2026, 9, 1), sheet)
        assert queries.steps(1) == (-3,)
    assert standing(site, 1) is Standing.EXEMPT


def test_only_one_departments_people_are_shown_where_one_asks(site, organizer, address):
    with site.app_context():
        department = a_unit(UnitKind.DEPARTMENT, name="環境部")
        a_duty(a_unit(UnitKind.SECTION, department), a_member(name="環境　花子").id)
    shown = organizer.get(f"{address}?department=環境部").text
    assert [name in shown for name in ("環境　花子", "推進　0")] == [True, False]


def test_a_manager_looks_and_makes_nothing(site, training, address):
    manager = signed_in(site, Role.MANAGER)
    assert manager.get(address).status_code == 200
    assert manager.get("/console/compliance/new/").status_code == 403


def test_certificates_are_issued_as_the_page_showed_them_and_no_other_way(site, organizer, address):
    page = f"{address}certificates/"
    with site.app_context():
        for line in queries.board(1, today=local_date(NOW)).lines[:2]:
            services.record_elsewhere(1, line.person.id, date(2026, 5, 8), "県の研修", by=ORGANIZER, now=NOW)
    shown = organizer.get(page).text
    assert "これから発行する人（2人）" in shown
    assert post(organizer, page, plan="another").status_code == 422
    assert ledger_of(site) == []
    assert post(organizer, page, plan=re.search(r'name="plan" value="(\w+)"', shown)[1]).status_code == 303
    assert ledger_of(site) == ["推進　0", "推進　1"]
    assert "発行済み" in organizer.get(page).text


def ledger_of(site) -> list[str]:
    with site.app_context():
        return [one.name for one in ledger.of_event(queries.one(1).event_id)]


@pytest.mark.parametrize("page", ["", "certificates/"])
def test_the_board_costs_the_same_for_many(site, organizer, address, page):
    address += page
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
    assert other.get(f"{address}certificates/").status_code == 404
    assert f'href="{address}"' not in other.get("/console/compliance/").text


def test_this_year_stands_beside_the_year_before(site, organizer, address):
    assert "年度ごとの比較" not in organizer.get(address).text
    with site.app_context():
        this_year = queries.one(1)
        before = RequirementDraft(2025, this_year.code, "研修の受講", this_year.event_id, date(2025, 9, 1))
        services.make(before, by=ORGANIZER, now=NOW)
        a_duty(a_unit(year=2025), a_member().id, year=2025)
    page = organizer.get(address).text
    assert re.search(r"令和7年度.*?0人.*?1人", page[page.index("年度ごとの比較") :], re.DOTALL)


def standing(site, member_id: int) -> Standing:
    with site.app_context():
        lines = queries.board(1, today=local_date(clock.now())).lines
        return next(line.standing for line in lines if line.person.id == member_id)


@pytest.mark.parametrize(
    ("what", "typed", "becomes"),
    [
        ("exempt", {"reason": "育児休業のため"}, Standing.EXEMPT),
        ("elsewhere", {"day": "令和8年6月1日", "note": "県の研修。修了証を確認"}, Standing.ELSEWHERE),
    ],
)
def test_an_exemption_or_another_training_is_recorded_with_its_reason_and_taken_back(
    site, organizer, address, what, typed, becomes
):
    case = f"{address}people/1/"
    refused = post(organizer, case, f"{case}{what}/")
    assert refused.status_code == 422
    assert standing(site, 1) is Standing.NOT_REGISTERED
    assert post(organizer, case, f"{case}{what}/", **typed).status_code == 303
    assert standing(site, 1) is becomes
    assert list(typed.values())[-1] in organizer.get(case).text
    post(organizer, case, f"{case}{what}/take-back/")
    assert standing(site, 1) is Standing.NOT_REGISTERED


def test_somebody_whom_the_requirement_does_not_bind_is_not_found(site, organizer, address):
    with site.app_context():
        stranger = a_member().id
    assert organizer.get(f"{address}people/{stranger}/").status_code == 404


def test_a_reminder_is_shown_before_it_goes_and_logged_afterwards(site, organizer, address):
    page = f"{address}reminders/"
    with site.app_context():
        services.exempt(1, 3, "育児休業のため", by=ORGANIZER, now=NOW)
        services.plan(1, [-60], by=ORGANIZER, now=NOW)
    before = organizer.get(page).text
    assert [word in before for word in ("2人に送ります", "推進　0", "免除のため")] == [True] * 3
    assert post(organizer, page, f"{page}send/").status_code == 303
    after = organizer.get(page).text
    assert "期限の60営業日前" in after
    assert "いま送る相手はいません" in after
    assert "期限の60営業日前" in organizer.get(f"{address}people/1/").text


def test_the_days_of_the_reminders_are_changed_in_words_of_the_office(site, organizer, address):
    page = f"{address}reminders/"
    wrong = post(organizer, page, before="二週間", after="")
    assert wrong.status_code == 422
    assert 'value="二週間"' in wrong.text
    assert post(organizer, page, before="１０、3", after="5").status_code == 303
    with site.app_context():
        assert queries.steps(1) == (-10, -3, 5)
    post(organizer, page, f"{page}end/")
    with site.app_context():
        assert queries.one(1).ended_at is not None
