"""Surveys for tests, made by the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.org import services as org
from app.questions import merging
from app.questions.types import Definition
from app.surveys import answers, organizing, services
from app.surveys.shipped import definition
from app.surveys.types import Candidate, Place, Saved, SurveyDraft
from tests.factories import NOW, ORGANIZER, a_member

SECTION = "市民活動推進課"
TITLE = "協働環境調査"


def a_survey(*, year: int = 2026, opened: bool = True, form: Definition | None = None, **changes: Any) -> int:
    """A survey of a year that the sections see; its id."""
    draft = SurveyDraft(year, TITLE, changes.get("section", SECTION), date(year, 12, 18), form or definition())
    made = organizing.draft(draft, by=ORGANIZER, now=NOW)
    if opened:
        organizing.open_(made, by=ORGANIZER, now=NOW)
    return made


def a_project(name: str = "花壇づくり", **changes: Any) -> dict[str, Any]:
    """A row that could be handed in: 企画段階から, with one partner in one district."""
    return {
        "name": name,
        "summary": "花を育てた。",
        "continuation": "continued",
        "stage": "planning",
        "forms": ["joint"],
        "partners": ["npo"],
        "fields": ["environment"],
        "districts": ["city"],
        "publish": True,
        **changes,
    }


def write(place: Place, **said: Any) -> Saved:
    """Somebody types into a part, having read what stands there now."""
    part = definition().section(place.section)
    view = answers.of_unit(place.survey_id, place.unit_id)
    there = next((p.answers for p in view.parts if (p.section.key, p.row) == (place.section, place.row)), {})
    read = merging.marks(part.questions, there)
    return services.save_part(place, {**there, **said}, asked=part.questions, read=read, by=ORGANIZER, now=NOW)


def an_answer(survey: int, unit: int, *rows: dict[str, Any], upto: str = "accepted") -> int:
    """A section's answer with these projects, 該当なし without any; its id.

    `upto`: draft, submitted, approved, accepted or returned.
    """
    write(Place(survey, unit, "section"), respondent="主任")
    if rows:
        taken = [Candidate("", "projects", f"row-{n}", row["name"], row) for n, row in enumerate(rows, 1)]
        services.take(survey, unit, taken, by=ORGANIZER, now=NOW)
    else:
        services.declare_nothing(survey, unit, nothing=True, by=ORGANIZER, now=NOW)
    answer = answers.of_unit(survey, unit).id or 0
    if upto != "draft":
        services.submit(survey, unit, by=ORGANIZER, now=NOW)
    if upto in {"approved", "accepted"}:
        services.approve(answer, by=ORGANIZER, now=NOW)
    if upto == "accepted":
        services.accept(answer, by=ORGANIZER, now=NOW)
    if upto == "returned":
        services.return_(answer, "成果を書き足してください。", by=ORGANIZER, now=NOW)
    return answer


def a_colleague(unit: int, **changes: Any) -> int:
    """Somebody who works at a section; their id."""
    member = a_member(**changes)
    org.post(member.id, unit, date(2026, 4, 1), by=ORGANIZER, now=NOW)
    return int(member.id)
