"""Reading surveys: their years, one section's answer, what was told of projects, and how the years compare."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.infra.db import db
from app.kernel.errors import NotFound
from app.org import queries as org
from app.org.types import DutyKind, UnitRow
from app.questions import codec
from app.questions.states import State
from app.questions.types import Section
from app.surveys import rules
from app.surveys.models import Survey, SurveyAnswer, SurveyFigure, SurveyPair, SurveyPart
from app.surveys.project_types import Collaborations, ProjectRow, TrendRow
from app.surveys.types import SurveyRow

HANDED_IN = (State.SUBMITTED, State.ACCEPTED)
_S = Survey
_SURVEY = sa.select(
    _S.id, _S.fiscal_year, _S.title, _S.section, _S.due_on, _S.opened_at, _S.closed_at, _S.published_at,
    sa.cast(_S.definition, sa.Text).label("definition"),
)  # fmt: skip


def survey(survey_id: int) -> SurveyRow:
    """One survey. Raises NotFound."""
    found = _surveys(_S.id == survey_id)
    if not found:
        raise NotFound
    return found[0]


def surveys(section: str) -> list[SurveyRow]:
    """The surveys that a section of the city hall owns, newest first."""
    return _surveys(_S.section == section)


def of_year(fiscal_year: int) -> SurveyRow | None:
    """The survey of a fiscal year."""
    found = _surveys(_S.fiscal_year == fiscal_year)
    return found[0] if found else None


def published() -> list[SurveyRow]:
    """The surveys of which everybody sees the totals, newest first."""
    return _surveys(_S.published_at.is_not(None))


def who_must(fiscal_year: int) -> list[UnitRow]:
    """The units that answer: those that name a promoter, in the order of the organisation chart."""
    return [unit for unit in org.units(fiscal_year) if unit.kind in DutyKind.PROMOTER.held_at]


def projects(found: SurveyRow, *, states: Collection[State] = HANDED_IN) -> list[ProjectRow]:
    """Every row that was handed in, in the order of the organisation chart."""
    return _projects([found], states)[found.id]


def collaborations(fiscal_year: int, *, states: Collection[State] = (State.ACCEPTED,)) -> Collaborations:
    """The projects of a year, and how many are 企画段階から: of the answers that were accepted.

    Rows that the organizer marked as the same are one project. A year without a survey has none.
    """
    found = of_year(fiscal_year)
    return _collaborations([found], states)[found.id] if found is not None else Collaborations(())


def trend() -> list[TrendRow]:
    """How many projects each year had, the oldest first: counted here once a year is published, typed for the others.

    A published survey takes the place of a typed figure of its year.
    """
    typed = {row.fiscal_year: row for row in figures()}
    shown = published()
    told = _collaborations(shown, [State.ACCEPTED])
    here = {one.fiscal_year: TrendRow(one.fiscal_year, told[one.id].count, one.title, survey=True) for one in shown}
    return [row for _year, row in sorted((typed | here).items())]


def figures() -> list[TrendRow]:
    """The figures of years before Tsudoi, the oldest first."""
    rows = db.session.scalars(sa.select(SurveyFigure).order_by(SurveyFigure.fiscal_year))
    return [TrendRow(row.fiscal_year, row.projects, row.source, survey=False) for row in rows]


def decided(survey_ids: Iterable[int]) -> dict[tuple[int, int], tuple[bool, str]]:
    """What the organizer decided of rows that look alike: (one, other) → (the same?, by whom)."""
    chosen = (
        sa.select(SurveyPair)
        .join(SurveyPart, SurveyPart.id == SurveyPair.one_id)
        .join(SurveyAnswer, SurveyAnswer.id == SurveyPart.answer_id)
        .where(SurveyAnswer.survey_id.in_(list(survey_ids)))
    )
    return {(row.one_id, row.other_id): (row.same, row.by) for row in db.session.scalars(chosen)}


def _collaborations(found: Sequence[SurveyRow], states: Collection[State]) -> dict[int, Collaborations]:
    """By survey; as many statements for many years as for one."""
    same = [pair for pair, (yes, _by) in decided(one.id for one in found).items() if yes]
    rows = _projects(found, states)
    return {survey_id: Collaborations(rules.joined(told, same)) for survey_id, told in rows.items()}


def _projects(found: Sequence[SurveyRow], states: Collection[State]) -> dict[int, list[ProjectRow]]:
    chosen = (
        sa.select(SurveyPart, SurveyAnswer.survey_id, SurveyAnswer.unit_id, SurveyAnswer.state)
        .join(SurveyAnswer, SurveyAnswer.id == SurveyPart.answer_id)
        .where(SurveyAnswer.survey_id.in_([one.id for one in found]), SurveyPart.row_key != "")
        .where(SurveyAnswer.state.in_(list(states)))
        .order_by(SurveyPart.id)
    )
    rows = db.session.execute(chosen).all()
    charts = org.charts(one.fiscal_year for one in found)
    years = {one.id: {unit.id for unit in charts[one.fiscal_year]} for one in found}
    # A unit that left the chart after it had handed in keeps its rows and its last name.
    gone = org.last_known({row.unit_id for row in rows if row.unit_id not in years[row.survey_id]})
    told: dict[int, list[ProjectRow]] = {}
    for one in found:
        units = gone | {unit.id: unit for unit in charts[one.fiscal_year]}
        place = {unit_id: n for n, unit_id in enumerate([*(unit.id for unit in charts[one.fiscal_year]), *gone])}
        sections = {section.key: section for section in one.definition.sections}
        own = [row for row in rows if row.survey_id == one.id and row.SurveyPart.section_key in sections]
        told[one.id] = [
            _project(sections[row.SurveyPart.section_key], row.SurveyPart, units[row.unit_id], row.state)
            for row in sorted(own, key=lambda row: place[row.unit_id])
        ]
    return told


def _surveys(*wanted: sa.ColumnElement[bool]) -> list[SurveyRow]:
    rows = db.session.execute(_SURVEY.where(*wanted).order_by(_S.fiscal_year.desc()))
    return [_survey(row) for row in rows]


def _survey(row: Any) -> SurveyRow:
    facts = list(row)
    facts[-1] = codec.from_text(row.definition)
    return SurveyRow(*facts)


def _project(section: Section, part: SurveyPart, unit: UnitRow, state: State) -> ProjectRow:
    return ProjectRow(
        id=part.id,
        answer_id=part.answer_id,
        unit=unit,
        state=state,
        section=part.section_key,
        answers=dict(part.answers),
        name=str(part.answers.get(section.questions[0].key, "")),
        counted=rules.counts(part.answers),
        public=part.answers.get(rules.PUBLISH) is True,
    )
