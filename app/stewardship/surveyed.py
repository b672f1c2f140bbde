"""The promises about the yearly survey: what was handed in has a story, and 該当なし has no projects."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.questions.states import State
from app.stewardship.promises import Found, Promise
from app.surveys.models import SurveyAnswer, SurveyPair, SurveyPart, SurveyStep


def _handed_in_without_story(_now: datetime) -> Found:
    story = sa.exists().where(SurveyStep.answer_id == SurveyAnswer.id)
    return sa.select(SurveyAnswer.id).where(SurveyAnswer.state != State.DRAFT, ~story)


def _nothing_and_something(_now: datetime) -> Found:
    """Handed in with both, or with neither."""
    rows = sa.exists().where(SurveyPart.answer_id == SurveyAnswer.id, SurveyPart.row_key != "")
    both = sa.and_(SurveyAnswer.nothing, rows)
    neither = sa.and_(~SurveyAnswer.nothing, ~rows, SurveyAnswer.state.in_((State.SUBMITTED, State.ACCEPTED)))
    return sa.select(SurveyAnswer.id).where(sa.or_(both, neither))


def _same_in_two_surveys(_now: datetime) -> Found:
    """What was said of two rows concerns projects of one survey."""
    one, other = (sa.orm.aliased(SurveyPart) for _ in range(2))
    ones, others = (sa.orm.aliased(SurveyAnswer) for _ in range(2))
    return (
        sa.select(SurveyPair.one_id)
        .join(one, one.id == SurveyPair.one_id)
        .join(other, other.id == SurveyPair.other_id)
        .join(ones, ones.id == one.answer_id)
        .join(others, others.id == other.answer_id)
        .where(ones.survey_id != others.survey_id)
    )


SURVEYED = (
    Promise("survey_story", "提出された調査の回答に、経過の記録がない", "survey_answer", _handed_in_without_story),
    Promise(
        "survey_nothing",
        "調査の回答が「該当なし」なのに事業がある、または、どちらもないまま提出されている",
        "survey_answer",
        _nothing_and_something,
    ),
    Promise("survey_pair", "別の年度の調査の事業が、同じ事業とされている", "survey_pair", _same_in_two_surveys),
)
