"""An answer's way through the verbs, on both databases: begun, written by several, handed in, counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from app.infra.db import db
from app.org import services as org
from app.questions import merging
from app.questions.states import State
from app.surveys import answers, board, handing, organizing, queries, reminders, services
from app.surveys.errors import (
    ChangedMeanwhile,
    HasProjects,
    Incomplete,
    NotReported,
    NotWritable,
    TooManyRows,
    WrongDay,
    WrongState,
    YearTaken,
)
from app.surveys.shipped import definition
from app.surveys.types import Place, Reach, SurveyDetails
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_unit
from tests.surveys.build import a_colleague, a_project, a_survey, an_answer, write

PROJECTS = definition().section("projects").questions


@pytest.fixture
def unit(any_app) -> int:
    return a_unit(name="環境政策課")


@pytest.fixture
def survey(any_app) -> int:
    return a_survey()


def test_the_whole_way_on_both_databases(survey, unit):
    a_duty(unit)
    other = a_unit(name="公園緑地課")
    answer = an_answer(survey, unit, a_project("花壇づくり"), a_project("菜園", stage="doing"), upto="returned")
    assert answers.one(answer).remark == "成果を書き足してください。"
    services.submit(survey, unit, by=ORGANIZER, now=NOW)
    with pytest.raises(WrongState, match="所属長の確認"):
        services.accept(answer, by=ORGANIZER, now=NOW)
    services.approve(answer, by=ORGANIZER, now=NOW)
    services.accept(answer, by=ORGANIZER, now=NOW)
    an_answer(survey, other, a_project("花壇 づくり"), upto="approved")
    told = queries.collaborations(2026)
    assert (told.count, len(told.rows)) == (1, 2)
    everything = queries.collaborations(2026, states=queries.HANDED_IN)
    (pair,) = board.pairs(queries.survey(survey))
    organizing.decide(survey, (pair.one.id, pair.other.id), same=True, by=ORGANIZER, now=NOW)
    once = queries.collaborations(2026, states=queries.HANDED_IN)
    assert (everything.count, once.count) == (2, 1)
    organizing.decide(survey, (pair.one.id, pair.other.id), same=False, by=ORGANIZER, now=NOW)
    assert board.pairs(queries.survey(survey))[0].same is False
    rows = board.board(queries.survey(survey), today=date(2026, 12, 21))
    assert [(row.place, row.rows) for row in rows] == [("accepted", 2), ("submitted", 1)]
    assert reminders.chase_list(queries.survey(survey), today=date(2026, 12, 21)).lines == ()
    assert [step.step for step, _changes in answers.story(answers.one(answer))][-1] == "submitted"
    services.return_(answer, "もう一度。", by=ORGANIZER, now=NOW)
    assert queries.collaborations(2026).count == 0
    with pytest.raises(NotReported):
        organizing.decide(survey, (pair.one.id, pair.other.id), same=True, by=ORGANIZER, now=NOW)


def test_eight_colleagues_who_begin_at_once_lose_nothing(any_app, survey, unit):
    """Each fills in another question of the same project, all from the empty form."""
    keys = ["name", "summary", "partner_names", "results", "issue", "cost", "participants", "since"]
    said = {"cost": "1", "participants": "2", "since": "令和2年度"}
    read = merging.marks(PROJECTS, {})

    def save(key: str) -> None:
        with any_app.app_context():
            place = Place(survey, unit, "projects", "row-1")
            answer = {key: said.get(key, f"{key}の答え")}
            services.save_part(place, answer, asked=PROJECTS, read=read, by=ORGANIZER, now=NOW)
            db.session.remove()

    with ThreadPoolExecutor(len(keys)) as pool:
        list(pool.map(save, keys))
    (row,) = answers.of_unit(survey, unit).rows
    assert sorted(row.answers) == sorted(keys)


def test_who_reaches_what(survey, unit):
    promoter, other = a_member().id, a_unit()
    a_duty(unit, promoter)
    chief, helper, stranger = a_colleague(unit, position="課長"), a_colleague(unit), a_colleague(other, position="課長")
    write(Place(survey, unit, "projects", "row-1"), name="花壇づくり")
    handing.hand(Place(survey, unit, "projects", "row-1"), "", helper, by=ORGANIZER, now=NOW)
    found, day = queries.survey(survey), date(2026, 6, 1)
    assert answers.reach(promoter, found, unit, on=day) == Reach(whole=True, leads=False, handed=frozenset())
    assert answers.reach(chief, found, unit, on=day) == Reach(whole=True, leads=True, handed=frozenset())
    assert answers.reach(helper, found, unit, on=day).handed == {("projects", "row-1", "")}
    assert answers.reach(stranger, found, unit, on=day) is None
    assert [(one.unit.id, one.whole, one.handed) for one in answers.owed(helper, today=day)] == [(unit, False, 1)]
    assert [(one.unit.id, one.whole) for one in answers.owed(stranger, today=day)] == [(other, True)]
    # Whoever has moved on has nothing there any more.
    moved_on = date(2026, 7, 1)
    org.post(helper, other, moved_on, by=ORGANIZER, now=NOW)
    assert answers.reach(helper, found, unit, on=moved_on) is None


def test_each_rule_says_no(survey, unit):
    with pytest.raises(YearTaken):
        a_survey()
    with pytest.raises(WrongDay):
        organizing.edit(survey, SurveyDetails("調査", date(2027, 4, 1), ()), by=ORGANIZER, now=NOW)
    with pytest.raises(Incomplete):
        services.submit(survey, unit, by=ORGANIZER, now=NOW)
    place = Place(survey, unit, "projects", "row-1")
    write(place, name="花壇づくり")
    with pytest.raises(HasProjects):
        services.declare_nothing(survey, unit, nothing=True, by=ORGANIZER, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        services.save_part(place, {"name": "菜園"}, asked=PROJECTS, read="", by=ORGANIZER, now=NOW)
    few = replace(definition(), sections=(replace(definition().section("projects"), most_rows=1),))
    short = a_survey(year=2027, form=few)
    later = a_unit(year=2027)
    write(Place(short, later, "projects", "row-1"), name="花壇づくり")
    with pytest.raises(TooManyRows):
        write(Place(short, later, "projects", "row-2"), name="多すぎる事業")
    organizing.close(survey, by=ORGANIZER, now=NOW)
    with pytest.raises(NotWritable, match="受付は終了"):
        write(place, name="菜園")
    assert answers.of_unit(survey, unit).state is State.DRAFT
