"""Parts of an answer that a colleague of the section fills in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor
from app.org import queries as org
from app.surveys import messages, steps
from app.surveys.errors import AlreadyHanded, NotAColleague
from app.surveys.models import SurveyHanded, SurveyPart
from app.surveys.types import Place


@transaction
def hand(place: Place, question: str, member_id: int, *, by: Actor, now: datetime) -> None:
    """Let a colleague fill in a part, or one question of it (`question` not ""); they are told by mail.

    Raises NotFound, NotWritable, NotAColleague, AlreadyHanded.
    """
    row = steps.writable(place.survey_id, place.unit_id, by=by, now=now)
    section = steps.section_of(place)
    if question and question not in {asked.key for asked in section.questions}:
        raise NotFound
    colleague = next((m for m in org.members_of([place.unit_id], on=local_date(now)) if m.id == member_id), None)
    if colleague is None:
        raise NotAColleague("同じ課・室の職員を選んでください。")
    part = steps.part(row, place.section, place.row)
    if part is None:
        if place.row:
            raise NotFound
        part = steps.new_part(row, place, by=by, now=now)
    there = sa.select(SurveyHanded.id).filter_by(part_id=part.id, question_key=question, staff_member_id=member_id)
    if db.session.scalar(there) is not None:
        raise AlreadyHanded(f"{colleague.name}さんには、すでに依頼しています。")
    db.session.add(SurveyHanded(part_id=part.id, question_key=question, staff_member_id=member_id, at=now, by=by.label))
    audit.record("survey_answer.handed", "survey_answer", row.id, by=by, at=now)
    messages.handed(row, colleague, now=now)


@transaction
def take_back(place: Place, handed_id: int, *, by: Actor, now: datetime) -> None:
    """The colleague need not fill it in any more; what they wrote stays. Raises NotFound, NotWritable."""
    row = steps.writable(place.survey_id, place.unit_id, by=by, now=now)
    part = steps.part(row, place.section, place.row)
    given = sa.select(SurveyHanded).filter_by(id=handed_id, part_id=part.id if part is not None else 0)
    found = db.session.scalar(given)
    if found is None:
        raise NotFound
    db.session.delete(found)
    audit.record("survey_answer.taken_back", "survey_answer", row.id, by=by, at=now)


@transaction
def finish(place: Place, member_id: int, *, by: Actor, now: datetime) -> None:
    """The colleague says that their part is filled in. Raises NotFound, NotWritable."""
    row = steps.writable(place.survey_id, place.unit_id, by=by, now=now)
    own = (
        sa.select(SurveyHanded)
        .join(SurveyPart, SurveyPart.id == SurveyHanded.part_id)
        .where(
            SurveyPart.answer_id == row.id,
            SurveyPart.section_key == place.section,
            SurveyPart.row_key == place.row,
            SurveyHanded.staff_member_id == member_id,
        )
    )
    given = list(db.session.scalars(own))
    if not given:
        raise NotFound
    for one in given:
        one.done_at = one.done_at or now
    audit.record("survey_answer.part_done", "survey_answer", row.id, by=by, at=now)
