"""April: which courses go on into the new year, and which do not, each with its reason. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass

from app.elearning import queries
from app.elearning.types import CourseRow


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A course that does not go on, and why."""

    course: CourseRow
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What moving a section's courses into a year would do."""

    moved: tuple[CourseRow, ...]
    left_out: tuple[LeftOut, ...]


def plan(year: int, section: str) -> Plan:
    """Last year's courses of a section; none of them twice, however often it is carried out."""
    there = {course.code for course in queries.of_year(year)}
    before = queries.of_year(year - 1, section=section)
    return Plan(
        tuple(one for one in before if one.code not in there),
        tuple(LeftOut(one, "すでに引き継ぎました。") for one in before if one.code in there),
    )
