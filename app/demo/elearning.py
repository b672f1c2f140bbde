"""The demonstration's course: the three units of fiscal year 2016 in words of our own; some staff have completed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from importlib import resources
from typing import Any

import yaml

from app.compliance import services as requirements
from app.compliance.types import Audience, RequirementDraft
from app.demo.basis import SECTION, day_in, facts
from app.demo.sections import PROMOTER
from app.documents.pdf import extract_pdf
from app.documents.types import Extract, ExtractGroup, ExtractTask
from app.elearning import contents, progress, queries, reminders, rules, services, taking
from app.elearning.types import Check, CourseDetails, Solution, UnitDraft, UnitKind
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import fiscal_year_text
from app.kernel.types import SYSTEM
from app.org import queries as org
from app.org.rules import last_day
from app.org.types import DutyKind, MemberRow
from app.questions.types import Kind, Option, Question

DONE, HALFWAY = 12, 4
TRIES = 3


def load(*, now: datetime) -> None:
    """Publish this year's course; a dozen promoters have completed it, a few have read the first unit."""
    year, course = fiscal_year(now), _course()
    due = min(day_in(now, 45), last_day(year))
    made = services.make(year, SECTION, CourseDetails(course["title"], course["about"], due), by=SYSTEM, now=now)
    for title, unit in zip(facts()["e_learning"][0]["units"], course["units"], strict=True):
        contents.add_unit(made, _unit(title, unit, course, year), by=SYSTEM, now=now)
    contents.set_rules(made, 100, TRIES, by=SYSTEM, now=now)
    for place, asked in enumerate(course["questions"], start=1):
        draft = queries.draft(made)
        seen = contents.seen_of(draft.check if draft else Check())
        contents.put_question(made, None, *_question(place, asked), seen=seen, by=SYSTEM, now=now)
    services.publish(made, by=SYSTEM, now=now)
    reminders.plan(made, [-14, -7, -1], by=SYSTEM, now=now)
    _require(made, course["title"], due, now)
    promoters = [duty.member for duty in org.duties(year, kind=DutyKind.PROMOTER)]
    _take(made, [member for member in promoters if member.email != PROMOTER], now)


def _require(course_id: int, title: str, due: date, now: datetime) -> None:
    """The coordinators have no training of their own: the course is their duty."""
    year = fiscal_year(due)
    draft = RequirementDraft(
        fiscal_year=year,
        code="course-coordinators",
        title=f"協働調整員のEラーニング「{title}」",
        event_id=None,
        course_id=course_id,
        due_on=due,
        audience=Audience.COORDINATORS,
    )
    requirements.make(draft, by=SYSTEM, now=now)


def _course() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(resources.files("app.demo").joinpath("course.yaml").read_text("utf-8"))
    return loaded


def _unit(title: str, unit: dict[str, Any], course: dict[str, Any], year: int) -> UnitDraft:
    kind = UnitKind(unit["kind"])
    if kind is UnitKind.VIDEO:
        film = resources.files("app.demo").joinpath("course.webm").read_bytes()
        words = course["captions"].encode()
        return UnitDraft(kind, title, unit["body"], file_name=f"{title}.webm", file=film, captions=words)
    if kind is UnitKind.SLIDES:
        slides = tuple(
            ExtractGroup(head, (ExtractTask(lead, (("内容", words),)),)) for head, lead, words in unit["slides"]
        )
        paper = extract_pdf(Extract(title, fiscal_year_text(year), slides))
        return UnitDraft(kind, title, unit["body"], file_name=f"{title}.pdf", file=paper)
    return UnitDraft(kind, title, unit["body"])


def _question(place: int, asked: dict[str, Any]) -> tuple[Question, Solution]:
    options = tuple(Option(f"q{place}_{n}", label) for n, label in enumerate(asked["options"], start=1))
    right = tuple(f"q{place}_{n}" for n in asked["right"])
    return Question(f"q{place}", Kind(asked["kind"]), asked["label"], required=True, options=options), Solution(
        right, asked["why"]
    )


def _take(course_id: int, staff: Sequence[MemberRow], now: datetime) -> None:
    for place, member in enumerate(staff[: DONE + HALFWAY]):
        version = progress.one(course_id, member.id).version
        for unit in version.units if place < DONE else version.units[:1]:
            taking.read(course_id, unit.id, member.id, by=SYSTEM, now=now)
        if place < DONE:
            right = {key: list(one.right) for key, one in version.check.solutions.items()}
            answers = {rules.CHECK: right}
            taking.answer(course_id, member.id, answers, version_id=version.id, by=SYSTEM, now=now)
