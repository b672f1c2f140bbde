"""Where each answer stands in a worksheet's workbook. Writing and reading share it."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents.sheets import sheet_name
from app.questions.types import Kind, Option, Question, Section, free_key

# The hidden sheet that says what a workbook is, and its first cell.
MARK_SHEET, MARK = "tsudoi", "tsudoi-worksheet"
CIRCLE = "○"
# The first row of a section's sheet holds the headings; in a section that repeats the first column holds the rows' ids.
HEAD = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One answer: a question's own, the ○ of one of several options, or the line beside an option."""

    key: str
    heading: str
    question: Question
    option: Option | None = None


def columns(section: Section) -> list[Column]:
    """What a section asks, as columns (or, in a section that is filled in once, as lines)."""
    return [column for question in section.questions for column in _of(question)]


def name_of(number: int, section: Section) -> str:
    """The name of the sheet of the `number`th section; the number keeps names apart."""
    return sheet_name(f"{number}_{section.title}")


def _of(question: Question) -> list[Column]:
    if question.kind is Kind.MULTIPLE:
        found = [
            Column(question.key, f"{question.label}：{option.label}", question, option) for option in question.options
        ]
    else:
        found = [Column(question.key, question.label, question)]
    lines = (option for option in question.options if option.free)
    return found + [
        Column(free_key(question, option), f"{question.label}：{option.label}の内容", question) for option in lines
    ]
