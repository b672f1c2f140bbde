"""Steps that verbs of this room share, each inside the caller's transaction. None commits."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.org import queries as org
from app.org.types import DutyKind
from app.questions.states import State, Step
from app.questions.types import Section
from app.questions.validate import is_row
from app.surveys import answers, queries, rules
from app.surveys.models import Survey, SurveyAnswer, SurveyPart, SurveyStep
from app.surveys.types import Place


def locked_survey(survey_id: int) -> Survey:
    """The survey, held until the transaction ends. Raises NotFound."""
    row = db.session.scalar(sa.select(Survey).filter_by(id=survey_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def locked(answer_id: int) -> SurveyAnswer:
    """The answer, held until the transaction ends. Raises NotFound."""
    row = db.session.scalar(sa.select(SurveyAnswer).filter_by(id=answer_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def writable(survey_id: int, unit_id: int, *, by: Actor, now: datetime) -> SurveyAnswer:
    """The section's answer, held; the first who writes begins it. Raises NotFound, NotWritable."""
    held = sa.select(SurveyAnswer).filter_by(survey_id=survey_id, unit_id=unit_id).with_for_update()
    row = db.session.scalar(held)
    if row is None:
        # Who begins first is decided at the survey: there is no row of its own to hold yet.
        locked_survey(survey_id)
        row = db.session.scalar(held)
    survey = queries.survey(survey_id)
    rules.check_writable(survey, row.state if row is not None else State.DRAFT)
    if row is not None:
        return row
    if not org.is_there(unit_id, survey.fiscal_year, kinds=DutyKind.PROMOTER.held_at):
        raise NotFound
    row = SurveyAnswer(
        survey_id=survey_id,
        unit_id=unit_id,
        state=State.DRAFT,
        nothing=False,
        version=1,
        created_at=now,
        updated_at=now,
        updated_by=by.label,
    )
    db.session.add(row)
    db.session.flush()  # its id is part of the rows below
    audit.record("survey_answer.begun", "survey_answer", row.id, by=by, at=now)
    return row


def section_of(place: Place) -> Section:
    """The section of the form that a part answers. Raises NotFound where the place is none."""
    try:
        section = queries.survey(place.survey_id).definition.section(place.section)
    except LookupError:
        raise NotFound from None
    if section.repeats != bool(place.row) or (place.row and not is_row(place.row)):
        raise NotFound
    return section


def part(row: SurveyAnswer, section: str, key: str) -> SurveyPart | None:
    """One part as it is stored."""
    chosen = sa.select(SurveyPart).filter_by(answer_id=row.id, section_key=section, row_key=key)
    return db.session.scalar(chosen)


def rows_of(row: SurveyAnswer, section: Section) -> int:
    """How many rows a section of the form has."""
    counted = sa.select(sa.func.count()).select_from(SurveyPart).filter_by(answer_id=row.id, section_key=section.key)
    return db.session.scalar(counted) or 0


def new_part(row: SurveyAnswer, place: Place, *, by: Actor, now: datetime) -> SurveyPart:
    """A part in which nothing is written yet."""
    made = SurveyPart(
        answer_id=row.id,
        section_key=place.section,
        row_key=place.row,
        answers={},
        updated_at=now,
        updated_by=by.label,
    )
    db.session.add(made)
    db.session.flush()  # others refer to its id
    return made


def touch(row: SurveyAnswer, *, by: Actor, now: datetime) -> None:
    """Note who wrote last."""
    row.updated_at, row.updated_by = now, by.label


def remember(row: SurveyAnswer, step: Step, remark: str = "", *, by: Actor, now: datetime) -> None:
    """Keep the answer as it is at this step, and say so in the audit log."""
    db.session.flush()  # what was changed in this step is read below
    number = sa.select(sa.func.count()).select_from(SurveyStep).filter_by(answer_id=row.id)
    kept = SurveyStep(
        answer_id=row.id,
        number=(db.session.scalar(number) or 0) + 1,
        step=step,
        remark=remark,
        nothing=row.nothing,
        answers=answers.one(row.id).answers,
        at=now,
        by=by.label,
    )
    db.session.add(kept)
    audit.record(f"survey_answer.{step}", "survey_answer", row.id, by=by, at=now)
