"""How far all sections have come, and which projects look alike. A constant number of statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime

import sqlalchemy as sa

from app.infra.db import db
from app.org import queries as org
from app.org.rules import first_day, last_day
from app.org.types import DutyKind, MemberRow, UnitRow
from app.questions.states import State
from app.surveys import queries, rules
from app.surveys.models import SurveyAnswer, SurveyHanded, SurveyPart, SurveyReminded
from app.surveys.project_types import Pair
from app.surveys.types import BoardRow, SurveyRow


def board(survey: SurveyRow, *, today: date) -> list[BoardRow]:
    """Every section that must answer, in the order of the organisation chart, with how far it has come."""
    begun = {row.unit_id: row for row in db.session.scalars(sa.select(SurveyAnswer).filter_by(survey_id=survey.id))}
    rows, handed = _rows(survey.id), _handed(survey.id)
    reminded = _reminded(survey.id)
    promoters = promoters_of(survey, today=today)
    return [
        _board_row(unit, promoters[unit.id], begun.get(unit.id), rows, handed, reminded.get(unit.id))
        for unit in queries.who_must(survey.fiscal_year)
    ]


def promoters_of(survey: SurveyRow, *, today: date) -> dict[int, list[MemberRow]]:
    """Who answers for each section now; once the year is over, who did on its last day."""
    day = min(max(today, first_day(survey.fiscal_year)), last_day(survey.fiscal_year))
    found: dict[int, list[MemberRow]] = defaultdict(list)
    for duty in org.duties(survey.fiscal_year, kind=DutyKind.PROMOTER, on=day):
        found[duty.unit.id].append(duty.member)
    return found


def states(survey_ids: list[int]) -> dict[int, Counter[State]]:
    """How many sections are where, by survey; who has not begun is missing."""
    chosen = sa.select(SurveyAnswer.survey_id, SurveyAnswer.state, sa.func.count())
    found: dict[int, Counter[State]] = defaultdict(Counter)
    grouped = chosen.where(SurveyAnswer.survey_id.in_(survey_ids)).group_by(SurveyAnswer.survey_id, SurveyAnswer.state)
    for survey_id, state, number in db.session.execute(grouped):
        found[survey_id][state] = number
    return found


def pairs(survey: SurveyRow) -> list[Pair]:
    """The rows that look alike, those first that nobody has decided yet."""
    decided = queries.decided([survey.id])
    found = []
    for one, other, reason in rules.alike(queries.projects(survey)):
        low, high = sorted((one.id, other.id))
        same, by = decided.get((low, high), (None, ""))
        found.append(Pair(one, other, reason, same, by))
    return sorted(found, key=lambda pair: pair.same is not None)


def _board_row(
    unit: UnitRow,
    promoters: list[MemberRow],
    begun: SurveyAnswer | None,
    rows: Counter[int],
    handed: Counter[int],
    reminded_at: datetime | None,
) -> BoardRow:
    if begun is None:
        return BoardRow(unit, tuple(promoters), None, reminded_at=reminded_at)
    return BoardRow(
        unit=unit,
        promoters=tuple(promoters),
        state=begun.state,
        answer_id=begun.id,
        awaits_approval=begun.state is State.SUBMITTED and begun.approved_at is None,
        nothing=begun.nothing,
        rows=rows[begun.id],
        handed=handed[begun.id],
        submitted_at=begun.submitted_at,
        reminded_at=reminded_at,
    )


def _rows(survey_id: int) -> Counter[int]:
    return _counted(_of_survey(sa.select(SurveyPart.answer_id, sa.func.count()), survey_id, SurveyPart.row_key != ""))


def _handed(survey_id: int) -> Counter[int]:
    """Parts that colleagues have not finished, by answer."""
    open_ones = (
        sa.select(SurveyPart.answer_id, sa.func.count())
        .select_from(SurveyHanded)
        .join(SurveyPart, SurveyPart.id == SurveyHanded.part_id)
    )
    return _counted(_of_survey(open_ones, survey_id, SurveyHanded.done_at.is_(None)))


def _of_survey(chosen: sa.Select[int, int], survey_id: int, wanted: sa.ColumnElement[bool]) -> sa.Select[int, int]:
    own = chosen.join(SurveyAnswer, SurveyAnswer.id == SurveyPart.answer_id)
    return own.where(SurveyAnswer.survey_id == survey_id, wanted).group_by(SurveyPart.answer_id)


def _counted(chosen: sa.Select[int, int]) -> Counter[int]:
    return Counter({row[0]: row[1] for row in db.session.execute(chosen)})


def _reminded(survey_id: int) -> dict[int, datetime]:
    """When each section was told last. The newest comes last and stays."""
    chosen = sa.select(SurveyReminded.unit_id, SurveyReminded.at).filter_by(survey_id=survey_id)
    return {row.unit_id: row.at for row in db.session.execute(chosen.order_by(SurveyReminded.at))}
