"""140 sections: 120 answer, 8 of them with 該当なし, 5 with a colleague's help, 3 get it back; 20 say nothing."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from itertools import cycle

import pytest

from app.accounts.permissions import Role
from app.infra import clock
from app.org.types import UnitKind
from app.surveys import answers, board, handing, organizing, queries, reminders, rules, services
from app.surveys.types import Place
from tests.console.desk import statements
from tests.factories import NOW, ORGANIZER, a_duty, a_unit
from tests.staff import signed_in
from tests.surveys.build import a_colleague, a_project, a_survey, an_answer, write

pytestmark = pytest.mark.slow

SECTIONS, ANSWERED, NONE, HELPED, RETURNED = 140, 120, 8, 5, 3
STAGES = ("before_budget", "planning", "doing")
GOES_ON = ("new", "continued", "continued", "ended")
FORMS = (["joint"], ["entrust", "planning"], ["joint", "subsidy", "other"])
DISTRICTS = (["city"], ["mabi", "kojima"], ["sho"], ["funao"])


@pytest.fixture
def units(app) -> list[int]:
    """All sections, in departments of ten, each with a promoter."""
    departments = [a_unit(UnitKind.DEPARTMENT, name=f"第{n}部") for n in range(1, SECTIONS // 10 + 1)]
    found = []
    for number in range(SECTIONS):
        unit = a_unit(parent_id=departments[number // 10], name=f"第{number + 1}課", position=number)
        a_duty(unit)
        found.append(unit)
    return found


def invented(number: int) -> list[dict[str, object]]:
    """The projects of a section: one or two of them, all kinds in turn."""
    places = range(number * 2, number * 2 + 1 + number % 2)
    return [
        a_project(
            f"事業{n}",
            stage=STAGES[n % 3],
            continuation=GOES_ON[n % 4],
            forms=FORMS[n % 3],
            districts=DISTRICTS[n % 4],
            publish=n % 5 != 0,
            summary="一行目。\n二行目。",
            **({"forms/other": "覚書"} if n % 3 == 2 else {}),
        )
        for n in places
    ]


def answer_all(survey: int, units: list[int]) -> list[dict[str, object]]:
    """Every way a section can go; returns the projects of the answers that were accepted."""
    accepted = []
    for number, unit in enumerate(units[:ANSWERED]):
        rows = [] if number < NONE else invented(number)
        if number == ANSWERED - RETURNED - 1:
            rows[0]["name"] = "事業16"  # the first section with projects told of it too
        if NONE <= number < NONE + HELPED:
            help_with(survey, unit, rows)
        else:
            an_answer(survey, unit, *rows, upto="returned" if number >= ANSWERED - RETURNED else "accepted")
        accepted += rows if number < ANSWERED - RETURNED else []
    return accepted


def help_with(survey: int, unit: int, rows: list[dict[str, object]]) -> None:
    """The promoter names the project, a colleague fills in the rest of the first one and says so."""
    an_answer(survey, unit, {"name": rows[0]["name"]}, *rows[1:], upto="draft")
    colleague, place = a_colleague(unit), Place(survey, unit, "projects", "row-1")
    handing.hand(place, "", colleague, by=ORGANIZER, now=NOW)
    view = answers.of_unit(survey, unit)
    assert answers.reach(colleague, view.survey, unit, on=date(2026, 6, 1)).handed == {("projects", "row-1", "")}
    write(place, **rows[0])
    handing.finish(place, colleague, by=ORGANIZER, now=NOW)
    services.submit(survey, unit, by=ORGANIZER, now=NOW)
    services.approve(view.id or 0, by=ORGANIZER, now=NOW)
    services.accept(view.id or 0, by=ORGANIZER, now=NOW)


def counts(row: dict[str, object]) -> bool:
    return row["stage"] in {"before_budget", "planning"} and row["continuation"] != "ended"


def test_board_chase_list_totals_and_file_are_exact(app, units):
    survey = a_survey()
    told = answer_all(survey, units)
    found = queries.survey(survey)
    after = date(2026, 12, 18) + timedelta(days=3)

    rows = board.board(found, today=after)
    assert Counter(row.place for row in rows) == {"accepted": ANSWERED - RETURNED, "returned": RETURNED, "none": 20}
    assert sum(row.nothing for row in rows) == NONE
    assert [row.unit.id for row in rows] == units

    chase = reminders.chase_list(found, today=after)
    assert [line.row.unit.id for line in chase.lines] == units[ANSWERED - RETURNED :]
    assert chase.step == 1
    assert all(line.reason == "" and line.people[0].email for line in chase.lines)
    # The schedule tells all of them on the first working day after the date, and nobody again at the next hour.
    morning = NOW.replace(month=12, day=21)
    assert [reminders.send_due(now=morning + timedelta(hours=hour)) for hour in (0, 1)] == [20 + RETURNED, 0]

    collaborations = queries.collaborations(2026)
    # Two sections told of one project: until the organizer says so it counts twice.
    counted = sum(counts(row) for row in told)
    assert (collaborations.count, len(collaborations.rows)) == (counted, len(told))
    (pair,) = board.pairs(found)
    assert {pair.one.name, pair.other.name} == {"事業16"}
    organizing.decide(survey, (pair.other.id, pair.one.id), same=True, by=ORGANIZER, now=NOW)
    once = queries.collaborations(2026)
    assert once.count == counted - (pair.one.counted and pair.other.counted)
    assert len(once.projects) == len(told) - 1

    questions = {asked.key: asked for asked in rules.countable(found.definition)}
    (districts,) = rules.totals([questions["districts"]], collaborations.projects)
    expected = Counter(key for row in told for key in row["districts"])
    assert {tally.key: tally.total for tally in districts.tallies if tally.total} == expected
    expected = Counter(key for row in told if counts(row) for key in row["districts"])
    assert {tally.key: tally.counted for tally in districts.tallies if tally.counted} == expected

    organizing.publish(survey, shown=True, by=ORGANIZER, now=NOW)
    file_is_exact(app, told)
    assert [(row.fiscal_year, row.count) for row in queries.trend()] == [(2026, once.count)]


def file_is_exact(app, told: list[dict[str, object]]) -> None:
    content = app.test_client().get("/surveys/2026.csv").data
    assert content.startswith(b"\xef\xbb\xbf")
    written = content.decode("utf-8-sig")
    assert written.count("\r\n") == written.count("\n")
    lines = list(csv.DictReader(StringIO(written)))
    public = [row for row in told if row["publish"]]
    assert sorted(line["事業名"] for line in lines) == sorted(row["name"] for row in public)
    by_name = {(row["name"], row["stage"], row["continuation"]): row for row in public}
    stages = dict(zip(("予算案の作成前", "予算の決定後、企画の段階", "実施の段階"), STAGES, strict=True))
    goes_on = {"新規": "new", "継続": "continued", "終了": "ended"}
    for line in lines:
        row = by_name[line["事業名"], stages[line["協働を始めた段階"]], goes_on[line["今年度の区分"]]]
        assert line["企画段階から"] == str(int(counts(row)))
        assert (line["協働の形態：共催"], line["地区：真備"]) == (
            str(int("joint" in row["forms"])),
            str(int("mabi" in row["districts"])),
        )
        assert (line["協働の形態：その他（内容）"], line["概要"]) == (row.get("forms/other", ""), "一行目。 二行目。")
    assert "公表してよい" not in written


def test_a_page_about_all_sections_costs_the_same_for_many(app):
    survey, units = a_survey(), [a_unit() for _ in range(14)]
    for unit, upto in zip(units, cycle(["draft", "submitted", "accepted"]), strict=False):
        if unit in units[:2]:
            an_answer(survey, unit, a_project(), upto=upto)
    with clock.fixed(NOW):
        client = signed_in(app, Role.ORGANIZER)
        from_few = [statements(app, client, path) for path in PAGES]
        for unit, upto in zip(units[2:14], cycle(["draft", "submitted", "accepted"]), strict=False):
            an_answer(survey, unit, a_project(), a_project("菜園"), upto=upto)
        assert [statements(app, client, path) for path in PAGES] == from_few


PAGES = [f"/console/surveys/{page}" for page in ("", "1/", "1/silent/", "1/alike/", "1/totals/?all=1")]
