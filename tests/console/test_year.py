"""April: each step says where it stands and what it would do; nothing is made twice, nothing that was not ticked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts.permissions import Role
from app.compliance import naming
from app.compliance import queries as compliance
from app.compliance import services as requirements
from app.compliance.types import Audience, RequirementDraft
from app.events import overview, preparing, queries, services
from app.events.carrying import copies, plan
from app.events.errors import NotEditable
from app.events.types import EventStatus
from app.infra import clock
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.working_days import is_working_day
from app.org import services as org
from app.org.types import UnitKind
from app.worksheets import queries as worksheets
from app.worksheets import templates
from app.worksheets.shipped import definition
from app.worksheets.types import TemplateDraft
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_series, a_sitting, a_template, a_unit, an_event
from tests.staff import SECTION, post, signed_in

BY = {"by": ORGANIZER, "now": NOW}
MARCH = datetime(2027, 3, 20, 3, 0, tzinfo=UTC)
YEAR = "/console/year/2027/"


@pytest.fixture
def trainings(site):
    """A training with a requirement of promoters and one of a list nobody of whom is there; three other events."""
    with site.app_context():
        training = an_event(title="令和8年度　協働推進員研修", summary="2026年度のねらい", slug="training")
        a_sitting(training, starts_at=NOW + timedelta(days=90))
        preparing.begin(training.id, **BY)
        talk = an_event(title="講座", status=EventStatus.FINISHED)
        off = an_event(title="雨", status=EventStatus.CANCELLED)
        other = an_event(section="総務課")
        for event in (talk, off, other):
            a_sitting(event)
        due = local_date(NOW + timedelta(days=100))
        for code, audience in (("all", Audience.PROMOTERS), ("list", Audience.LIST)):
            members = (a_member().id,) if audience is Audience.LIST else ()
            draft = RequirementDraft(
                2026, code, "令和8年度の受講", training.id, due, audience, steps=(-7, 3), members=members
            )
            requirements.make(draft, **BY)
        return training.id, talk.id


@pytest.fixture
def march(site):
    with clock.fixed(MARCH):
        yield


@pytest.fixture
def organizer(site, march):
    return signed_in(site)


def chosen(client, part: str, *ids: int):
    return post(client, f"{YEAR}{part}/", chosen=[str(one) for one in ids])


def test_what_is_ticked_goes_on_as_drafts_with_its_texts_of_the_new_year_and_only_once(site, trainings, organizer):
    training, _talk = trainings
    page = organizer.get(f"{YEAR}events/").text
    assert [word in page for word in ("協働推進員研修", "講座", "中止になりました")] == [True] * 3
    assert chosen(organizer, "events", training).status_code == 303
    again = chosen(organizer, "events", training)
    assert (again.status_code, "0件を2027年度に" in organizer.get(YEAR).text) == (303, True)
    with site.app_context():
        copied = copies(2027)
        assert set(copied) == {training}
        new = queries.by_id(copied[training])
        steps = overview.checklist_of(new.id)
    assert (new.title, new.summary, new.status) == ("令和9年度　協働推進員研修", "2027年度のねらい", EventStatus.DRAFT)
    assert (new.fiscal_year, fiscal_year(new.starts_at)) == (2027, 2027)
    assert (len(steps) > 10, {step.done_at for step in steps}) == (True, {None})
    assert "すでに引き継ぎました" in organizer.get(f"{YEAR}events/").text


def test_requirements_follow_their_training(site, trainings, organizer):
    training, _talk = trainings
    with site.app_context():
        every = {row.code: row.id for row in compliance.of_year(2026)}
    assert "対象の研修が、まだ引き継がれていません" in organizer.get(f"{YEAR}requirements/").text
    chosen(organizer, "requirements", *every.values())
    chosen(organizer, "events", training)
    for _ in range(2):
        chosen(organizer, "requirements", *every.values())
    with site.app_context():
        (made,) = compliance.of_year(2027)
        old = next(row for row in compliance.of_year(2026) if row.code == "all")
        new = queries.by_id(made.event_id)
        assert compliance.steps(made.id) == (-7, 3)
        with pytest.raises(NotEditable):
            services.delete_draft(new.id, **BY)
    assert (made.code, made.title, made.audience) == ("all", "令和9年度の受講", Audience.PROMOTERS)
    assert is_working_day(made.due_on)
    assert abs((made.due_on - local_date(new.starts_at)).days - 10) <= 4
    assert old.ended_at is None


def test_chosen_sections_go_on_as_their_successors_and_a_list_without_those_who_left(site, trainings, organizer):
    training, _talk = trainings
    due = local_date(NOW + timedelta(days=100))
    with site.app_context():
        department = a_unit(UnitKind.DEPARTMENT)
        units = tuple(a_unit(parent_id=department, name=name) for name in ("統合課", "存続課", "分割課", "廃止課"))
        stays, left = a_member(name="残る　人", number="100001"), a_member(name="去る　人", number="900001")
        org.post(stays.id, units[1], date(2026, 4, 1), **BY)
        draft = RequirementDraft(2026, "units", "選んだ課", training, due, Audience.SECTIONS, units=units)
        requirements.make(draft, **BY)
        draft = RequirementDraft(2026, "named", "名簿", training, due, Audience.LIST, members=(stays.id, left.id))
        requirements.make(draft, **BY)
        every = {row.code: row.id for row in compliance.of_year(2026)}
    chosen(organizer, "events", training)
    assert "新しい年度の組織が、まだ作られていません" in organizer.get(f"{YEAR}requirements/").text
    with site.app_context():
        org.begin_year(2027, **BY)
        halves = [a_unit(parent_id=department, year=2027) for _ in range(2)]
        for old, new in ((units[0], [units[1]]), (units[2], halves), (units[3], [])):
            org.succeed([old], new, 2027, **BY)
    page = organizer.get(f"{YEAR}requirements/").text
    assert [f"引き継がない対象：{who}" in page for who in ("廃止課", "去る　人（900001）")] == [True, True]
    chosen(organizer, "requirements", every["units"], every["named"])
    with site.app_context():
        made = {row.code: row.id for row in compliance.of_year(2027)}
        assert compliance.unit_ids(made["units"]) == {units[1], *halves}
        assert naming.numbers(made["named"]) == "100001"


def test_a_requirement_follows_the_worksheet_that_it_demands(site, trainings, organizer):
    training, _talk = trainings
    with site.app_context():
        sheet = a_template(code="sheet", title="棚卸シート")
        due = local_date(NOW + timedelta(days=100))
        draft = RequirementDraft(2026, "both", "受講と提出", training, due, template_id=sheet)
        both = requirements.make(draft, **BY)
    chosen(organizer, "events", training)
    assert "求めている棚卸シートが、まだ引き継がれていません" in organizer.get(f"{YEAR}requirements/").text
    chosen(organizer, "worksheets", sheet)
    chosen(organizer, "requirements", both)
    with site.app_context():
        (made,) = compliance.of_year(2027)
        assert made.template_id == worksheets.template_of_year("sheet", 2027).id


def test_a_worksheet_goes_on_as_it_is(site, organizer):
    with site.app_context():
        wanted = TemplateDraft(2026, "tasks", "令和8年度棚卸シート", SECTION, date(2026, 4, 1), definition("tasks"))
        old = templates.draft(wanted, **BY)
    for _ in range(2):
        assert chosen(organizer, "worksheets", old).status_code == 303
    with site.app_context():
        (new,) = worksheets.templates(2027)
    assert (new.title, new.opened_at, new.due_on) == ("令和9年度棚卸シート", None, date(2027, 4, 7))


def test_every_step_says_what_is_next(site, trainings, organizer):
    with site.app_context():
        a_duty(a_unit())
    assert "次にすること：組織を作る" in organizer.get("/console/year/", follow_redirects=True).text
    post(organizer, "/console/org/2027/april/", "/console/org/2027/april/begin/")
    assert "次にすること：担当を引き継ぐ" in organizer.get(YEAR).text
    seen = re.search(r'name="seen" value="(\w+)"', organizer.get("/console/org/2027/april/").text)[1]
    post(organizer, "/console/org/2027/april/", "/console/org/2027/april/carry/", seen=seen)
    assert "次にすること：研修会・講座を引き継ぐ" in organizer.get(YEAR).text
    chosen(organizer, "events", *trainings)
    assert "次にすること：必修研修を引き継ぐ" in organizer.get(YEAR).text


def test_nothing_ticked_is_said_and_other_years_and_sections_have_no_page(site, trainings, organizer):
    refused = chosen(organizer, "events")
    assert (refused.status_code, "引き継ぐものを選んでください" in refused.text) == (422, True)
    assert [organizer.get(f"/console/year/{year}/").status_code for year in (2025, 2026, 2027, 2028)] == [
        200, 200, 200, 404,
    ]  # fmt: skip
    other = signed_in(site, Role.ORGANIZER, email="other@city.example.jp", section="総務課")
    assert "協働推進員研修" not in other.get(f"{YEAR}events/").text
    chosen(other, "events", *trainings)
    with site.app_context():
        assert copies(2027) == {}


def test_a_draft_that_was_thrown_away_can_go_on_again_and_one_made_by_hand_is_not_doubled(any_app):
    series = a_series()
    old = an_event(series_id=series.id, title="講座")
    a_sitting(old)
    copy = services.copy_from_last_year(old.id, **BY)
    assert plan(2027, SECTION).moved == ()
    services.delete_draft(copy, **BY)
    assert [move.event.id for move in plan(2027, SECTION).moved] == [old.id]
    an_event(series_id=series.id, title="講座", fiscal_year=2027)
    assert plan(2027, SECTION).moved == ()


def test_the_lists_cost_the_same_for_many(site, trainings, organizer):
    pages = [YEAR, f"{YEAR}events/", f"{YEAR}requirements/"]
    chosen(organizer, "events", trainings[0])
    few = [statements(site, organizer, page) for page in pages]
    with site.app_context():
        for number in range(4):
            event = an_event()
            a_sitting(event)
            services.copy_from_last_year(event.id, **BY)
            draft = RequirementDraft(2026, f"more-{number}", "受講", event.id, date(2026, 9, 1))
            requirements.make(draft, **BY)
            a_sitting(an_event())
    assert [statements(site, organizer, page) for page in pages] == few
