"""What must be true of answers: each belongs to a question of its event, and to somebody who comes."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.events.models import EventQuestion
from app.registrations.models import AnswerFile, Registration, RegistrationAnswer
from app.stewardship.promises import Found, Promise

# A worker sweeps what nobody applied with after a day, every ten minutes.
SWEPT_WITHIN = timedelta(days=2)


def _of_another_event(_now: datetime) -> Found:
    return (
        sa.select(RegistrationAnswer.registration_id)
        .join(Registration, Registration.id == RegistrationAnswer.registration_id)
        .join(EventQuestion, EventQuestion.id == RegistrationAnswer.question_id)
        .where(Registration.event_id != EventQuestion.event_id)
    )


def _of_nobody(_now: datetime) -> Found:
    """A companion's answers go when the companion does not come."""
    return (
        sa.select(RegistrationAnswer.registration_id)
        .join(Registration, Registration.id == RegistrationAnswer.registration_id)
        .where(RegistrationAnswer.person > Registration.companions)
    )


def _not_swept(now: datetime) -> Found:
    return sa.select(AnswerFile.id).where(
        AnswerFile.registration_id.is_(None), AnswerFile.uploaded_at < now - SWEPT_WITHIN
    )


ANSWERED = (
    Promise("answer_event", "質問への答えが、ほかの研修会・講座の質問に付いている", "registration", _of_another_event),
    Promise("answer_person", "来ない同伴者の、質問への答えが残っている", "registration", _of_nobody),
    Promise("answer_swept", "申込みのない添付ファイルが残っている（ワーカーの停止）", "answer_file", _not_swept),
)
