"""A worksheet's way from the first word to being accepted; nobody overwrites anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.delivery.models import OutboundMessage
from app.infra.db import db
from app.org import services as org
from app.org.types import UnitKind
from app.questions import codec
from app.questions.states import State
from app.questions.types import Kind, Question
from app.worksheets import overview, queries, services, templates
from app.worksheets.errors import (
    ChangedMeanwhile,
    CodeTaken,
    FormChanged,
    Incomplete,
    NoComment,
    NotAgreed,
    NothingToCopy,
    NotWritable,
    WrongDay,
    WrongState,
)
from app.worksheets.shipped import definition
from app.worksheets.types import CommentDraft, RowFilters, TemplateDraft
from tests.factories import NOW, ORGANIZER, a_duty, a_form, a_member, a_template, a_unit, a_worksheet

pytestmark = pytest.mark.usefixtures("any_app")


@pytest.fixture
def section(any_app) -> int:
    return a_unit(name="環境政策課")


@pytest.fixture
def template(any_app) -> int:
    return a_template()


def save(template: int, unit: int, version: int, **answers: object):
    return services.save(template, unit, answers, version=version, by=ORGANIZER, now=NOW)


def told() -> list[str]:
    return [message.kind for message in db.session.query(OutboundMessage).order_by(OutboundMessage.id)]


def test_a_draft_is_kept_as_typed_and_says_what_is_missing(template, section):
    saved = save(template, section, 0, tasks=[{"row": "a", "stage": "plan"}], stranger="x")
    view = queries.of_unit(template, section)
    assert view.answers == {"tasks": [{"row": "a", "stage": "plan"}]}
    assert (saved.version, [p.message for p in saved.problems]) == (1, ["「業務名」を入力してください。"])


def test_the_second_of_two_editors_is_shown_what_the_first_saved(template, section):
    save(template, section, 0, about={"remark": "最初"})
    with pytest.raises(ChangedMeanwhile) as refused:
        save(template, section, 0, about={"remark": "後から"})
    assert refused.value.theirs.answers == {"about": {"remark": "最初"}}
    assert queries.of_unit(template, section).answers == {"about": {"remark": "最初"}}


def test_saving_the_same_again_is_not_a_change(template, section):
    save(template, section, 0, about={"remark": "最初"})
    assert save(template, section, 1, about={"remark": "最初"}).version == 1


def test_the_whole_way(template, section):
    head = a_member(position="課長")
    org.post(head.id, section, date(2026, 4, 1), by=ORGANIZER, now=NOW)
    a_duty(section)
    sheet = a_worksheet(template, section, "ごみ減量", submitted=True)
    with pytest.raises(WrongState, match="所属長の確認"):
        services.accept(sheet, by=ORGANIZER, now=NOW)
    services.approve(sheet, by=ORGANIZER, now=NOW)
    services.return_(sheet, [CommentDraft("根拠は？", "tasks", "row-1")], by=ORGANIZER, now=NOW)
    view = queries.one(sheet)
    assert (view.state, view.approved_at, [c.text for c in view.comments]) == (State.RETURNED, None, ["根拠は？"])
    a_worksheet(template, section, "ごみ減量", "緑化", submitted=True)
    services.approve(sheet, by=ORGANIZER, now=NOW)
    services.accept(sheet, by=ORGANIZER, now=NOW)
    view = queries.one(sheet)
    assert (view.state, view.comments[0].resolved) == (State.ACCEPTED, True)
    story = ["submitted", "approved", "returned", "submitted", "approved", "accepted"]
    assert [r.step for r in reversed(queries.revisions(sheet))] == story
    assert told() == [f"worksheet.{k}" for k in ("approval_wanted", "returned", "approval_wanted", "accepted")]


def test_whoever_handed_it_in_is_told_besides_the_promoter_each_once(template, section):
    promoter, colleague, moved = a_member(), a_member(), a_member()
    a_duty(section, promoter.id)
    for one in (colleague, moved):
        org.post(one.id, section, date(2026, 4, 1), by=ORGANIZER, now=NOW)
    for sender in (promoter, colleague, moved):
        sheet = a_worksheet(template, section, "ごみ減量")
        version = queries.one(sheet).version
        services.submit(sheet, version=version, by=ORGANIZER, now=NOW, member_id=sender.id)
        if sender is moved:
            org.post(moved.id, a_unit(), date(2026, 5, 1), by=ORGANIZER, now=NOW)
        services.return_(sheet, [CommentDraft("直してください")], by=ORGANIZER, now=NOW)
    to = [message.to_email for message in db.session.query(OutboundMessage).order_by(OutboundMessage.id)]
    assert to == [promoter.email, promoter.email, colleague.email, promoter.email]


def test_what_is_handed_in_stays_until_it_is_taken_back(template, section):
    sheet = a_worksheet(template, section, "ごみ減量", submitted=True)
    with pytest.raises(NotWritable):
        save(template, section, 2, about={"remark": "もう少し"})
    services.withdraw(sheet, by=ORGANIZER, now=NOW)
    assert save(template, section, 3, about={"remark": "もう少し"}).version == 4
    assert overview.every_row(template, RowFilters()) == []


def test_an_incomplete_sheet_is_not_handed_in(template, section):
    save(template, section, 0, tasks=[{"row": "a", "stage": "plan"}])
    with pytest.raises(Incomplete) as refused:
        services.submit(queries.of_unit(template, section).id, version=1, by=ORGANIZER, now=NOW)
    assert [(p.section, p.row, p.question) for p in refused.value.problems] == [("tasks", "a", "task")]
    assert queries.of_unit(template, section).state is State.DRAFT


def test_nobody_gets_it_back_without_a_word(template, section):
    sheet = a_worksheet(template, section, "緑化", submitted=True)
    with pytest.raises(NoComment):
        services.return_(sheet, [CommentDraft("")], by=ORGANIZER, now=NOW)
    assert queries.one(sheet).state is State.SUBMITTED


def test_a_template_that_is_not_open_takes_nothing(section):
    closed = a_template(opened=False)
    with pytest.raises(NotWritable, match="まだ公開されていません"):
        save(closed, section, 0)
    templates.open_(closed, by=ORGANIZER, now=NOW)
    templates.close(closed, by=ORGANIZER, now=NOW)
    with pytest.raises(NotWritable, match="終了しました"):
        save(closed, section, 0)


def test_a_changed_form_moves_drafts_on_and_leaves_what_was_handed_in(template, section):
    other = a_unit()
    handed_in = a_worksheet(template, other, "緑化", submitted=True)
    a_worksheet(template, section, "ごみ減量")
    newer = a_form(Question("effort", Kind.NUMBER, "人工", required=True))
    templates.ask(template, newer, seen=codec.digest(a_form()), by=ORGANIZER, now=NOW)
    assert queries.of_unit(template, section).definition == newer
    assert queries.one(handed_in).definition == a_form()


def test_of_two_who_change_a_form_the_second_looks_again(template):
    seen = codec.digest(a_form())
    templates.ask(template, a_form(Question("effort", Kind.NUMBER, "人工")), seen=seen, by=ORGANIZER, now=NOW)
    with pytest.raises(FormChanged):
        templates.ask(template, a_form(Question("cost", Kind.NUMBER, "事業費")), seen=seen, by=ORGANIZER, now=NOW)


def test_what_was_never_handed_in_has_no_story(template, section):
    assert queries.story(a_worksheet(template, section, "ごみ減量")) == []


def test_last_year_is_copied_once_without_its_consent_and_from_those_merged_into_the_section(template, section):
    gone = a_unit(year=2025)
    org.succeed([gone], [section], 2026, by=ORGANIZER, now=NOW)
    before = a_template(year=2025)
    a_worksheet(before, gone, "緑化", publish=True)
    assert services.copy_from_last_year(template, section, version=0, by=ORGANIZER, now=NOW).version == 1
    assert services.copy_from_last_year(template, section, version=1, by=ORGANIZER, now=NOW).version == 1
    assert queries.of_unit(template, section).answers["tasks"] == [{"row": "row-1", "task": "緑化"}]
    with pytest.raises(NothingToCopy):
        services.copy_from_last_year(template, a_unit(), version=0, by=ORGANIZER, now=NOW)


def test_the_same_worksheet_comes_back_next_year_once(any_app):
    template = a_template(most_attachments=2)
    times = [templates.carry(2027, "市民活動推進課", [template], by=ORGANIZER, now=NOW) for _ in range(2)]
    assert times == [1, 0]
    copied = queries.template_of_year("tasks", 2027)
    assert (copied.definition, copied.due_on, copied.opened_at) == (a_form(), date(2027, 7, 30), None)
    assert copied.most_attachments == 2


def test_a_year_has_each_worksheet_once_and_its_date_lies_in_it(template):
    again = TemplateDraft(2026, "tasks", "棚卸", "市民活動推進課", date(2026, 7, 31), a_form())
    with pytest.raises(CodeTaken):
        templates.draft(again, by=ORGANIZER, now=NOW)
    with pytest.raises(WrongDay):
        templates.draft(replace(again, code="more", due_on=date(2027, 7, 31)), by=ORGANIZER, now=NOW)


def test_rows_are_found_counted_and_picked_for_the_public_only_where_the_section_agrees(template, section):
    other = a_unit(name="公園緑地課")
    agreed = a_worksheet(template, section, "ごみ減量", "資源回収", submitted=True, stage="plan", publish=True)
    a_worksheet(template, other, "緑化", submitted=True, stage="none", publish=False)
    rows = overview.every_row(template, RowFilters())
    assert [(row.unit.name, row.answers["task"]) for row in rows] == [
        ("環境政策課", "ごみ減量"), ("環境政策課", "資源回収"), ("公園緑地課", "緑化"),
    ]  # fmt: skip
    assert [row.answers["task"] for row in overview.rows(template, RowFilters(word="ｺﾞﾐ")).rows] == ["ごみ減量"]
    assert overview.rows(template, RowFilters(options={"stage": "plan"})).total == 2
    stage = a_form().section("tasks").question("stage")
    [(_asked, tallies)] = overview.totals(template, [stage], RowFilters())
    assert [(t.label, t.rows, t.sections) for t in tallies] == [
        ("企画段階から", 2, 1), ("なし", 1, 1),
    ]  # fmt: skip
    every = [row.id for row in rows]
    with pytest.raises(NotAgreed):
        templates.choose_rows(template, every, every, by=ORGANIZER, now=NOW)
    templates.choose_rows(template, every, every[:1], by=ORGANIZER, now=NOW)
    assert overview.extract(template) == []
    services.approve(agreed, by=ORGANIZER, now=NOW)
    services.accept(agreed, by=ORGANIZER, now=NOW)
    assert [row.answers["task"] for row in overview.extract(template)] == ["ごみ減量"]


def test_the_board_shows_every_section_in_the_order_of_the_chart(template):
    department = a_unit(UnitKind.DEPARTMENT, name="環境部")
    first, second = (a_unit(UnitKind.SECTION, department, name=f"第{n}課", position=n) for n in (1, 2))
    a_duty(first, a_member(name="藤原　緑").id)
    a_worksheet(template, second, "緑化", submitted=True)
    board = queries.board(template, today=date(2026, 6, 1))
    assert [(row.department, row.unit.name, row.promoter, row.state, row.rows) for row in board] == [
        ("環境部", "第1課", "藤原　緑", None, 0), ("環境部", "第2課", "", State.SUBMITTED, 1),
    ]  # fmt: skip
    assert queries.states([template]) == {(template, second): State.SUBMITTED}


def test_staff_write_for_the_section_they_work_at_or_answer_for(template, section):
    other, day = a_unit(), date(2026, 6, 1)
    member = a_member()
    a_duty(other, member.id)
    org.post(member.id, section, day, by=ORGANIZER, now=NOW)
    assert {unit.id for unit in queries.units_of_member(member.id, on=day, fiscal_year=2026)} == {section, other}
    assert queries.units_of_member(a_member().id, on=day + timedelta(1), fiscal_year=2026) == []


def test_the_shipped_form_asks_what_the_field_asks():
    form = definition("tasks")
    assert [section.repeats for section in form.sections] == [False, True]
    assert len(form.sections[1].questions) >= 25
