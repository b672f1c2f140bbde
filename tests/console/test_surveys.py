"""The organizer's side of the yearly survey, and what everybody sees of it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from app.accounts.permissions import Role
from app.delivery.models import OutboundMessage
from app.delivery.rendering import render
from app.infra.db import db
from app.org import services as org
from app.org.drafts import UnitDraft
from app.org.types import UnitKind
from app.questions.states import State
from app.surveys import answers, organizing, queries, reminders, services
from app.surveys.types import SurveyDetails
from tests.console.desk import THE_DAY
from tests.factories import ORGANIZER, a_duty, a_member, a_unit
from tests.staff import post, signed_in
from tests.surveys.build import TITLE, a_colleague, a_project, a_survey, an_answer


@pytest.fixture
def survey(site) -> int:
    """This year's survey, open to a section with a promoter and another without anybody; its id."""
    with site.app_context():
        department = a_unit(UnitKind.DEPARTMENT, name="環境部")
        for name in ("環境政策課", "公園緑地課"):
            a_unit(parent_id=department, name=name)
        a_duty(2, a_member(name="推進　花子").id)
        return a_survey()


def of(*path: object) -> str:
    return "/".join(["/console/surveys", *map(str, path), ""])


def test_a_survey_is_made_asked_opened_and_its_questions_stand_once_somebody_answers(site, organizer):
    made = post(organizer, of("new"), title=TITLE, due_on="令和8年12月18日", source="shipped")
    assert made.status_code == 303, made.text
    twice = post(organizer, of("new"), title=TITLE, due_on="令和8年12月18日", source="shipped")
    assert (twice.status_code, "すでにあります" in twice.text) == (422, True)
    page, last = of(1, "questions"), 4
    kept = post(organizer, page, seen=seen_on(organizer, page), hint="今年の協働を教えてください。", do="remove:2")
    assert kept.status_code == 303, kept.text
    # The questions on which the count stands cannot go.
    stage = of(1, "questions", 2, 5)
    assert "協働を始めた段階" in organizer.get(stage).text
    refused = post(organizer, page, seen=seen_on(organizer, page), hint="", do="remove:2:5")
    assert (refused.status_code, "件数を数えるために必要" in refused.text) == (422, True)
    with site.app_context():
        section = a_unit(name="環境政策課")
        organizing.open_(1, by=ORGANIZER, now=THE_DAY)
        an_answer(1, section, upto="draft")
        assert queries.survey(1).definition.hint == "今年の協働を教えてください。"
    assert "設問を変えられません" in organizer.get(page).text
    later = post(organizer, of(1, "questions", 1, last), seen="x", label="要望", kind="text")
    assert (later.status_code, "回答が始まっている" in later.text) == (422, True)


def seen_on(client, page: str) -> str:
    return client.get(page).text.split('name="seen" id="seen" value="')[1].split('"')[0]


def test_an_answer_is_given_back_with_a_remark_confirmed_and_accepted(site, organizer, survey):
    with site.app_context():
        answer = an_answer(survey, 2, a_project(), upto="submitted")
    page = of("answers", answer)
    empty = post(organizer, page, page + "return/", remark="")
    assert (empty.status_code, "直してほしいことを入力" in empty.text) == (422, True)
    post(organizer, page, page + "return/", remark="成果を書いてください。")
    assert "成果を書いてください。" in organizer.get(page).text
    with site.app_context():
        kinds = [message.kind for message in db.session.query(OutboundMessage)]
        payload = db.session.query(OutboundMessage).filter_by(kind="survey.returned").one().payload
        assert kinds == ["survey.returned"]
        assert "・成果を書いてください。" in render("survey.returned", payload).text
        again = an_answer_again(survey, 2)
    assert "確認がまだ" in post(organizer, page, page + "accept/").text
    post(organizer, page, page + "approve/")
    assert post(organizer, page, page + "accept/").status_code == 303
    with site.app_context():
        view = answers.one(again)
        assert (view.state, view.approved_by, view.remark) == (State.ACCEPTED, "検証 太郎（担当者）", "")
    assert "差戻し" in organizer.get(page + "history/").text


def an_answer_again(survey: int, unit: int) -> int:
    """The section hands the same in once more; its id."""
    services.submit(survey, unit, by=ORGANIZER, now=THE_DAY)
    return answers.of_unit(survey, unit).id or 0


def test_who_is_silent_is_told_once_a_step_and_the_head_after_the_date(site, organizer, survey):
    with site.app_context():
        a_colleague(2, position="課長", name="部下　課長", email="head@city.example.jp")
    page = organizer.get(of(survey, "silent")).text
    assert all(word in page for word in ("推進　花子", "推進員がいません", "お知らせの日が、まだ来ていません"))
    due = THE_DAY.date() + timedelta(days=1)
    with site.app_context():
        organizing.edit(survey, SurveyDetails(TITLE, due, (-1, 1)), by=ORGANIZER, now=THE_DAY)
    post(organizer, of(survey, "silent"))
    post(organizer, of(survey, "silent"))
    with site.app_context():
        told = db.session.query(OutboundMessage).all()
        assert [message.to_name for message in told] == ["推進　花子"]
        assert "該当なし" in render("survey.reminder", told[0].payload).text
        late = THE_DAY + timedelta(days=5)
        assert reminders.send(survey, now=late) == 1
        assert {m.to_email for m in db.session.query(OutboundMessage)} == {told[0].to_email, "head@city.example.jp"}
    # The section without anybody stays on the list, to be telephoned.
    assert "メールアドレスの分かる担当者がいません" in organizer.get(of(survey, "silent")).text


def test_what_is_the_same_counts_once_and_totals_are_published(site, organizer, survey):
    with site.app_context():
        an_answer(survey, 2, a_project("花壇づくり"), a_project("マルシェ", publish=False))
        an_answer(survey, 3, a_project("花壇　づくり", partner_names="町内会"), upto="submitted")
    assert "事業名が同じ" in organizer.get(of(survey, "alike")).text
    with site.app_context():
        (pair,) = [(p.id, q.id) for p in queries.projects(queries.survey(survey)) for q in [p] if p.unit.id == 3]
        first = next(row.id for row in queries.projects(queries.survey(survey)) if row.name == "花壇づくり")
    refused = post(organizer, of(survey, "alike"), same=f"{first}:{first}")
    assert refused.status_code == 422
    post(organizer, of(survey, "alike"), same=f"{pair[0]}:{first}")
    everything = organizer.get(of(survey, "totals") + "?all=1").text
    assert ">2<span" in everything
    book = openpyxl.load_workbook(BytesIO(organizer.get(of(survey, "rows.xlsx").rstrip("/")).data))
    rows = list(book.active.iter_rows(values_only=True))
    at = rows[0].index("同じ事業の番号")
    assert [row[at] for row in rows[1:]] == ["1", "1", None]
    anybody = site.test_client()
    assert anybody.get("/surveys/2026/").status_code == 404
    post(organizer, of(survey, "totals"), of(survey, "publish"))
    page = anybody.get("/surveys/2026/").text
    # Two were accepted, one of them may be listed.
    assert ("マルシェ" in page, "花壇づくり" in page, "花壇　づくり" in page) == (False, True, False)
    assert anybody.get("/surveys/2026.csv").text.count("\r\n") == 2
    post(organizer, of(survey, "totals"), of(survey, "hide"))
    assert anybody.get("/surveys/2026.csv").status_code == 404


def test_earlier_years_are_typed_with_their_source_and_a_published_survey_takes_their_place(site, organizer, survey):
    page = of("years")
    pasted = "2011\t143\t協働推進レポート\n2015,203,協働推進レポート\n2026,7,見込み"
    assert post(organizer, page, pasted=pasted).status_code == 303
    wrongs = ("2016", "平成28,205,報告", "2016,205,", "1900,1,報告", "2027,1,報告", "2016,二百,報告", "2016,²,報告")
    for wrong in wrongs:
        refused = post(organizer, page, pasted=f"2016,205,協働推進レポート\n{wrong}")
        assert (refused.status_code, "2行目" in refused.text, wrong in refused.text) == (422, True, True), wrong
    post(organizer, page, drop="2015")
    with site.app_context():
        an_answer(survey, 2, a_project())
        assert years() == [
            (2011, 143, False),
            (2026, 7, False),
        ]
        organizing.publish(survey, shown=True, by=ORGANIZER, now=THE_DAY)
        assert years() == [
            (2011, 143, False),
            (2026, 1, True),
        ]
    assert "平成23年度" in site.test_client().get("/surveys/").text


def years() -> list[tuple[int, int, bool]]:
    return [(row.fiscal_year, row.count, row.survey) for row in queries.trend()]


def test_another_sections_survey_is_not_found(site, survey):
    with site.app_context():
        answer = an_answer(survey, 2, a_project())
    stranger = signed_in(site, Role.ORGANIZER, section="文化振興課")
    for path in (of(survey), of(survey, "totals"), of(survey, "silent"), of("answers", answer)):
        assert stranger.get(path).status_code == 404
    assert TITLE not in stranger.get("/console/surveys/").text.split("<main")[1].split("<h1")[0]


def test_a_section_that_was_dissolved_keeps_its_projects_and_its_name(site, survey):
    with site.app_context():
        org.save_unit(UnitDraft("8000", UnitKind.SECTION, "環境政策課"), 2025, unit_id=2, by=ORGANIZER, now=THE_DAY)
        before = a_survey(year=2025)
        an_answer(before, 2, a_project())
        org.succeed([2], [3], 2026, by=ORGANIZER, now=THE_DAY)
        assert [row.unit.name for row in queries.collaborations(2025).rows] == ["環境政策課"]
        # Its successor is offered what it told of.
        assert [one.name for one in answers.last_years(answers.of_unit(survey, 3))] == ["花壇づくり"]
