"""April: which worksheets go on into the new year, and which do not, each with its reason. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass

from app.worksheets import queries
from app.worksheets.types import TemplateRow


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A worksheet that does not go on, and why."""

    template: TemplateRow
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What moving a section's worksheets into a year would do."""

    moved: tuple[TemplateRow, ...]
    left_out: tuple[LeftOut, ...]


def plan(year: int, section: str) -> Plan:
    """Last year's worksheets of a section; none of them twice, however often it is carried out."""
    there = {template.code for template in queries.templates(year)}
    before = queries.templates(year - 1, section=section)
    return Plan(
        tuple(one for one in before if one.code not in there),
        tuple(LeftOut(one, "すでに引き継ぎました。") for one in before if one.code in there),
    )
