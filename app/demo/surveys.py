"""Surveys of the demonstration: last year's published, this year's in every state, older years as figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from importlib import resources
from itertools import cycle, islice
from typing import Any

import yaml

from app.demo.basis import SECTION, day_in, facts
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import SYSTEM, Actor, ActorKind
from app.org import services as staff
from app.org.drafts import MemberDraft
from app.org.rules import first_day
from app.org.types import UnitRow
from app.questions import merging
from app.surveys import answers, handing, organizing, queries, services
from app.surveys.shipped import definition
from app.surveys.types import Candidate, Place, SurveyDraft

TITLE = "協働環境調査"
# Who signs in as the head of the section.
HEAD = "manager@example.jp"
# How far this year's sections have come, in turn; "" has not begun.
STATES = ("accepted", "", "submitted", "draft", "returned", "", "nothing", "")
# Sections that are shown with an answer: every so many.
EVERY = 10


def load(*, now: datetime) -> None:
    """The figures of the report, a survey of last year and one of this year."""
    year = fiscal_year(now)
    _figures(now)
    before = _survey(year - 1, date(year, 2, 28), now)
    rows = _projects()
    for unit in [one for n, one in enumerate(queries.who_must(year - 1)) if n % EVERY == 0 or one.name == SECTION]:
        _answer(before, unit, list(islice(rows, 2)), "accepted", now=now)
    organizing.close(before, by=SYSTEM, now=now)
    organizing.publish(before, shown=True, by=SYSTEM, now=now)
    present = _survey(year, min(day_in(now, 14), date(year + 1, 3, 31)), now)
    shared = next(rows)
    for unit, state in zip(queries.who_must(year)[1::EVERY], cycle(STATES), strict=False):
        if state:
            # Two sections tell of the same project in their own ways.
            own = [shared, next(rows)] if state == "submitted" else list(islice(rows, 2))
            _answer(present, unit, own, state, now=now)
    _own_section(present, year, now=now)


def _figures(now: datetime) -> None:
    counted = facts()["collaboration_survey"]["collaborative_projects"]
    rows = [(year, projects, "協働推進レポート") for year, projects in counted.items()]
    organizing.set_figures(rows, by=SYSTEM, now=now)


def _survey(year: int, due_on: date, now: datetime) -> int:
    made = organizing.draft(SurveyDraft(year, TITLE, SECTION, due_on, definition()), by=SYSTEM, now=now)
    organizing.open_(made, by=SYSTEM, now=now)
    return made


def _projects() -> Iterator[dict[str, Any]]:
    text = resources.files("app.demo").joinpath("projects.yaml").read_text(encoding="utf-8")
    projects = cycle(yaml.safe_load(text))
    places = cycle(definition().section("projects").question("districts").options[1:])
    for number, (project, place) in enumerate(zip(projects, places, strict=False)):
        here = {"name": f"{project['name']}（{place.label}）", "districts": [place.key]}
        yield {**project, **here, "publish": number % 3 != 2}


def _answer(survey_id: int, unit: UnitRow, rows: list[dict[str, Any]], state: str, *, now: datetime) -> None:
    by = Actor(ActorKind.STAFF, None, f"{unit.name}の担当者")
    place = Place(survey_id, unit.id, "section")
    asked = definition().section("section").questions
    said = {"respondent": by.label, "promoting": ["told"]}
    services.save_part(place, said, asked=asked, read=merging.marks(asked, {}), by=by, now=now)
    if state == "nothing":
        services.declare_nothing(survey_id, unit.id, nothing=True, by=by, now=now)
    else:
        taken = [Candidate("", "projects", f"row-{n}", row["name"], row) for n, row in enumerate(rows, 1)]
        services.take(survey_id, unit.id, taken, by=by, now=now)
    if state == "draft":
        return
    services.submit(survey_id, unit.id, by=by, now=now)
    answer = answers.of_unit(survey_id, unit.id).id or 0
    if state == "accepted":
        services.approve(answer, by=Actor(ActorKind.STAFF, unit.code, f"{unit.name}長"), now=now)
        services.accept(answer, by=SYSTEM, now=now)
    if state == "returned":
        services.return_(answer, "一つ目の事業の成果を書き足してください。", by=SYSTEM, now=now)


def _own_section(survey_id: int, year: int, *, now: datetime) -> None:
    """The section whose promoter can sign in: begun, with a part handed to a colleague."""
    unit = next(one for one in queries.who_must(year) if one.name == SECTION)
    _answer(survey_id, unit, list(islice(_projects(), 1)), "draft", now=now)
    colleague = _hire(MemberDraft("200002", "見本　主事", "ミホン　シュジ", None, "主事", year - 3), unit, now)
    _hire(MemberDraft("200001", "見本　課長", "ミホン　カチョウ", HEAD, "課長", year - 25), unit, now)
    place = Place(survey_id, unit.id, "projects", "row-1")
    handing.hand(place, "", colleague, by=Actor(ActorKind.STAFF, None, f"{unit.name}の担当者"), now=now)


def _hire(draft: MemberDraft, unit: UnitRow, now: datetime) -> int:
    """One more at work there since April."""
    member = staff.save_member(draft, by=SYSTEM, now=now)
    staff.post(member, unit.id, first_day(unit.fiscal_year), by=SYSTEM, now=now)
    return member
