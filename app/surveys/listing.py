"""The projects of a survey as machine-readable tables: one row a project, one cell a value, 0 or 1 for each option."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from app.documents.types import Cell
from app.kernel.types import JSON
from app.questions.kinds import words_of
from app.questions.types import Kind, Question
from app.surveys import rules
from app.surveys.project_types import Collaborations, ProjectRow
from app.surveys.types import SurveyRow

Table = tuple[list[str], list[list[Cell]]]
# Numbers, days and yes or no as programs read them.
PLAIN: Mapping[Kind, Callable[[JSON], Cell]] = {
    Kind.NUMBER: lambda value: float(str(value)) if "." in str(value) else int(str(value)),
    Kind.DATE: str,
    Kind.YES_NO: lambda value: int(value is True),
}
COUNTED, SAME = "企画段階から", "同じ事業の番号"


def public_projects(survey: SurveyRow, told: Collaborations) -> Table:
    """What everybody gets: the rows whose sections said that they may be published."""
    columns = list(_columns(survey))
    header = ["年度", "部", "課・室", *(heading for heading, _asked, _key in columns), COUNTED, SAME]
    rows = [
        [survey.fiscal_year, *_unit(row), *_cells(columns, row), int(row.counted), number]
        for number, row in _numbered(told)
        if row.public
    ]
    return header, rows


def every_project(survey: SurveyRow, told: Collaborations) -> Table:
    """What the organizer works with: every row, with its state and whether it may be published."""
    columns = list(_columns(survey))
    header = ["部", "課・室", "状態", *(heading for heading, _asked, _key in columns), COUNTED, SAME, "公表"]
    rows = [
        [*_unit(row), row.state.word, *_cells(columns, row), int(row.counted), number, int(row.public)]
        for number, row in _numbered(told)
    ]
    return header, rows


def _columns(survey: SurveyRow) -> Iterator[tuple[str, Question, str]]:
    for section in survey.definition.sections:
        if section.repeats:
            yield from rules.columns(section)


def _unit(row: ProjectRow) -> list[str]:
    return [row.unit.path[-2] if len(row.unit.path) > 1 else "", row.unit.name]


def _cells(columns: list[tuple[str, Question, str]], row: ProjectRow) -> list[Cell]:
    return [_cell(asked, key, row) for _heading, asked, key in columns]


def _cell(asked: Question, key: str, row: ProjectRow) -> Cell:
    """The answer in words; for an option 1 where it was chosen; for the line beside an option that line."""
    if "/" in key:
        return str(row.answers.get(key, ""))
    value = row.answers.get(asked.key)
    if key:
        return int(isinstance(value, list) and key in value)
    return PLAIN[asked.kind](value) if asked.kind in PLAIN and value is not None else words_of(asked, value)


def _numbered(told: Collaborations) -> Iterator[tuple[str, ProjectRow]]:
    """Every row in the order of the organisation chart; rows that are one project share a number, others have none."""
    shared = [project for project in told.projects if len(project.rows) > 1]
    numbers = {row.id: str(n) for n, project in enumerate(shared, start=1) for row in project.rows}
    for row in told.rows:
        yield numbers.get(row.id, ""), row
