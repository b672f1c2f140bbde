"""All sections' tasks side by side: found by what was chosen, counted, and picked for the public."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from app.infra.db import db
from app.kernel import text
from app.kernel.types import Page
from app.org import queries as org
from app.questions.kinds import labels_of
from app.questions.states import State
from app.questions.types import Question
from app.worksheets.models import Worksheet, WorksheetChoice, WorksheetRow
from app.worksheets.queries import template
from app.worksheets.types import RowFilters, Tally, TaskRow

PER_PAGE = 50
Wanted = list[sa.ColumnElement[bool]]


def rows(template_id: int, filters: RowFilters, *, number: int = 1, url: Callable[[int], str] = str) -> Page[TaskRow]:
    """One page of the rows that were handed in, in the order of the organisation chart. Raises NotFound."""
    found = _rows(template_id, _matching(template_id, filters), limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    return Page(found, number, PER_PAGE, count(template_id, filters), url)


def count(template_id: int, filters: RowFilters) -> int:
    """How many rows a filter lets through."""
    counted = sa.select(sa.func.count()).select_from(WorksheetRow).join(Worksheet, _belongs())
    return db.session.scalar(counted.where(*_matching(template_id, filters))) or 0


def every_row(template_id: int, filters: RowFilters) -> list[TaskRow]:
    """All rows that a filter lets through, for a workbook. Raises NotFound."""
    return _rows(template_id, _matching(template_id, filters))


def extract(template_id: int) -> list[TaskRow]:
    """The rows that may be published: chosen by the organizer, agreed by the section, in a sheet that was accepted."""
    return every_row(template_id, RowFilters(chosen=True, agreed=True, accepted=True))


def totals(template_id: int, questions: Iterable[Question], filters: RowFilters) -> list[tuple[Question, list[Tally]]]:
    """How often each option was chosen in the rows that a filter lets through, in the form's order."""
    chosen = (
        sa.select(
            WorksheetChoice.question_key,
            WorksheetChoice.option_key,
            sa.func.count(),
            sa.func.count(sa.distinct(WorksheetRow.worksheet_id)),
        )
        .join(WorksheetRow, WorksheetRow.id == WorksheetChoice.row_id)
        .join(Worksheet, _belongs())
        .where(*_matching(template_id, filters))
        .group_by(WorksheetChoice.question_key, WorksheetChoice.option_key)
    )
    found = {(asked, key): (rows, sections) for asked, key, rows, sections in db.session.execute(chosen)}
    return [
        (asked, [Tally(key, label, *found.get((asked.key, key), (0, 0))) for key, label in labels_of(asked)])
        for asked in questions
    ]


def _belongs() -> sa.ColumnElement[bool]:
    return Worksheet.id == WorksheetRow.worksheet_id


def _matching(template_id: int, filters: RowFilters) -> Wanted:
    wanted: Wanted = [WorksheetRow.template_id == template_id]
    for question, option in filters.options.items():
        having = sa.select(WorksheetChoice.row_id).filter_by(question_key=question, option_key=option)
        wanted.append(WorksheetRow.id.in_(having))
    if filters.unit_ids is not None:
        wanted.append(Worksheet.unit_id.in_(list(filters.unit_ids)))
    wanted += [WorksheetRow.search.contains(text.folded(word), autoescape=True) for word in filters.word.split()]
    if filters.chosen:
        wanted.append(WorksheetRow.chosen.is_(True))
    if filters.agreed:
        wanted.append(WorksheetRow.agreed.is_(True))
    if filters.accepted:
        wanted.append(Worksheet.state == State.ACCEPTED)
    return wanted


def _rows(template_id: int, wanted: Wanted, *, limit: int | None = None, offset: int = 0) -> list[TaskRow]:
    chart = org.units(template(template_id).fiscal_year)
    places = {unit.id: place for place, unit in enumerate(chart)}
    order = [sa.case(places, value=Worksheet.unit_id, else_=len(places))] if places else []
    chosen = (
        sa.select(WorksheetRow, Worksheet.unit_id, Worksheet.form_id, Worksheet.state)
        .join(Worksheet, _belongs())
        .where(*wanted)
        .order_by(*order, WorksheetRow.section_key, WorksheetRow.place, WorksheetRow.id)
        .limit(limit)
        .offset(offset)
    )
    found = db.session.execute(chosen).all()
    # A unit that left the chart after it had handed in keeps its rows and its last name.
    known = org.last_known({row.unit_id for row in found} - places.keys()) | {unit.id: unit for unit in chart}
    return [
        TaskRow(
            row.id, row.worksheet_id, form_id, known[unit_id], state, row.section_key, row.row_key, dict(row.answers),
            row.agreed, row.chosen,
        )
        for row, unit_id, form_id, state in found
    ]  # fmt: skip
