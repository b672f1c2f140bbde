"""`flask doctor` finds every promise about the yearly survey that is broken."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.infra.db import db
from app.stewardship import doctor
from app.stewardship.surveyed import SURVEYED
from app.surveys.models import SurveyAnswer, SurveyPair, SurveyPart, SurveyStep
from tests.factories import NOW, a_unit
from tests.stewardship.test_doctor import unguarded
from tests.surveys.build import a_project, a_survey, an_answer


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Two surveys, each with an answer that was accepted."""
    with unguarded(tmp_path_factory.mktemp("surveyed")):
        for year in (2025, 2026):
            an_answer(a_survey(year=year), a_unit(year=year), a_project())
        yield list(db.session.scalars(sa.select(SurveyPart.id).where(SurveyPart.row_key != "")))


BREACHES = {
    "survey_story": [sa.delete(SurveyStep).where(SurveyStep.answer_id == 1)],
    "survey_nothing": [sa.update(SurveyAnswer).where(SurveyAnswer.id == 1).values(nothing=True)],
    "survey_pair": [],
}


@pytest.mark.parametrize("promise", SURVEYED, ids=lambda one: one.name)
def test_what_breaks_a_promise_is_found_and_nothing_else(story, promise):
    assert broken() == set()
    for statement in BREACHES[promise.name]:
        db.session.execute(statement)
    if promise.name == "survey_pair":
        db.session.add(SurveyPair(one_id=min(story), other_id=max(story), same=True, at=NOW, by="担当者"))
    assert broken() == {promise.name}
    db.session.rollback()


def broken() -> set[str]:
    return {promise.name for promise in SURVEYED if db.session.scalars(promise.broken(NOW)).all()}


def test_the_doctor_asks_for_all_of_them():
    assert set(SURVEYED) <= set(doctor.PROMISES)
