"""A course and those who take it, through the verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from app.elearning import contents, progress, queries, rules, services, taking
from app.elearning.types import CourseDetails, Solution, UnitDraft, UnitKind, VersionRow
from app.org import services as org
from app.org.types import UnitKind as OrgKind
from app.questions.types import Kind, Option, Question
from tests.factories import NOW, ORGANIZER, a_member, a_unit

SECTION = "市民活動推進課"
DUE = date(2026, 9, 30)
# The due date is Wednesday 30 September: 7 working days before it, past three holidays and two weekends, is the 16th.
ON_THE_DAY = datetime(2026, 9, 16, 1, 0, tzinfo=UTC)
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nこんにちは\n".encode()
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00" + bytes(range(256)) * 40
SINGLE = Question("q1", Kind.SINGLE, "正しいものはどれですか", options=(Option("a", "甲"), Option("b", "乙")))
SEVERAL = Question(
    "q2", Kind.MULTIPLE, "すべて選んでください", options=(Option("a", "甲"), Option("b", "乙"), Option("c", "丙"))
)
RIGHT = {"q1": "b", "q2": ["a", "c"]}


def page(title: str = "背景", body: str = "本文です。", **more: Any) -> UnitDraft:
    return UnitDraft(UnitKind.PAGE, title, body, **more)


def a_course(*units: UnitDraft, check: bool = False, published: bool = True, year: int = 2026, **rule: Any) -> int:
    """A course with these units, or a page; `rule`: pass_percent and most_tries of its check."""
    about = CourseDetails("協働の進め方", "3つの単元で学びます。", DUE.replace(year=year))
    made = services.make(year, SECTION, about, by=ORGANIZER, now=NOW)
    for unit in units or (page(),):
        contents.add_unit(made, unit, by=ORGANIZER, now=NOW)
    if check:
        ask(made, SINGLE, "b")
        ask(made, SEVERAL, "a", "c")
        contents.set_rules(made, rule.get("pass_percent", 100), rule.get("most_tries"), by=ORGANIZER, now=NOW)
    if published:
        services.publish(made, by=ORGANIZER, now=NOW)
    return made


def ask(course_id: int, question: Question, *right: str, place: int | None = None) -> None:
    seen = contents.seen_of(draft(course_id).check)
    solution = Solution(right, "解説です。")
    contents.put_question(course_id, place, question, solution, seen=seen, by=ORGANIZER, now=NOW)


def draft(course_id: int) -> VersionRow:
    found = queries.draft(course_id)
    assert found is not None
    return found


def somebody(unit_id: int | None = None) -> int:
    """A member of staff who works at a unit; their id."""
    member_id = a_member().id
    org.post(member_id, unit_id or a_unit(OrgKind.SECTION), date(2026, 4, 1), by=ORGANIZER, now=NOW)
    return int(member_id)


def read_all(course_id: int, member_id: int) -> None:
    for unit in progress.one(course_id, member_id).version.units:
        taking.read(course_id, unit.id, member_id, by=ORGANIZER, now=NOW)


def answer(course_id: int, member_id: int, **answers: Any) -> bool:
    version = progress.one(course_id, member_id).version
    given = {rules.CHECK: answers}
    return taking.answer(course_id, member_id, given, version_id=version.id, by=ORGANIZER, now=NOW)


def complete(course_id: int, member_id: int) -> None:
    read_all(course_id, member_id)
    if progress.one(course_id, member_id).version.check.questions:
        assert answer(course_id, member_id, **RIGHT)
