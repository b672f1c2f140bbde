"""Answers to the questions of an event: steps that other verbs share, and what pages and lists read.

One row an answer, not a document a registration as worksheets have: nobody reads an old version of an application, and
so the database itself keeps a question that somebody answered (decision 20).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.events.models import EventQuestion
from app.events.types import AskedRow
from app.infra.db import db
from app.kernel.types import JSON
from app.questions import codec
from app.questions.carrying import text_of
from app.questions.party import Answered, People
from app.questions.types import Kind, Question, free_key
from app.registrations import answer_files, queries
from app.registrations.errors import QuestionsChanged
from app.registrations.models import Registration, RegistrationAnswer
from app.registrations.types import Details

CHANGED = "質問の内容が変わりました。もう一度、質問への答えを確かめてください。"
_ADD = sa.insert(RegistrationAnswer)
_OWN = (
    sa.select(
        RegistrationAnswer.registration_id,
        RegistrationAnswer.person,
        EventQuestion.key,
        RegistrationAnswer.value,
        RegistrationAnswer.lines,
    )
    .join(EventQuestion, EventQuestion.id == RegistrationAnswer.question_id)
    .order_by(RegistrationAnswer.registration_id, RegistrationAnswer.person)
)


def write(registration_id: int, event_id: int, answered: Answered) -> None:
    """Store the first answers of a registration. Raises QuestionsChanged, FileGone."""
    if answered.asked:
        found = _questions(event_id, answered.asked)
        _write(registration_id, answered, found)
        if any(question.kind is Kind.FILE for _id, question in found.values()):
            _settle_files(registration_id)


def rewrite(registration: Registration, details: Details) -> list[str]:
    """Put these answers in the place of those to the same questions; returns what changed, as the audit log names it.

    What was retired or not asked here stays, except for companions who do not come any more.
    Raises QuestionsChanged, FileGone.
    """
    answered, companions = details.answered, details.companions
    known = of_registrations([registration.id]).get(registration.id, ())
    if known and companions < registration.companions:
        leave_out(registration.id, companions)
    if not answered.asked:
        return []
    found = _questions(registration.event_id, answered.asked)
    different = [
        question
        for key, (_id, question) in found.items()
        if _said(known, question, companions) != _said(answered.people, question, companions)
    ]
    if not different:
        return []
    ids = [question_id for question_id, _question in found.values()]
    _forget(RegistrationAnswer.registration_id == registration.id, RegistrationAnswer.question_id.in_(ids))
    _write(registration.id, answered, found)
    _settle_files(registration.id)
    return sorted({"internal_answers" if question.internal else "answers" for question in different})


def leave(registration_id: int, person: int, companions: int) -> None:
    """That companion (1 is the first) does not come; the answers of those behind move up."""
    _forget(RegistrationAnswer.registration_id == registration_id, RegistrationAnswer.person == person)
    for later in range(person + 1, companions + 1):
        db.session.execute(
            sa.update(RegistrationAnswer)
            .where(RegistrationAnswer.registration_id == registration_id, RegistrationAnswer.person == later)
            .values(person=later - 1)
            .execution_options(synchronize_session=False)
        )


def leave_out(registration_id: int, companions: int) -> None:
    """So many companions come, and no more: what was answered of others goes."""
    _forget(RegistrationAnswer.registration_id == registration_id, RegistrationAnswer.person > companions)
    _settle_files(registration_id)


def of_registrations(chosen: Collection[int] | sa.Select[int]) -> dict[int, People]:
    """The answers of registrations, by id, in one statement; who answered nothing is not there."""
    people: dict[int, dict[int, dict[str, JSON]]] = defaultdict(lambda: defaultdict(dict))
    for row in db.session.execute(_OWN.where(RegistrationAnswer.registration_id.in_(chosen))):
        people[row.registration_id][row.person] |= {
            row.key: row.value,
            **{f"{row.key}/{option}": line for option, line in row.lines.items()},
        }
    return {number: tuple(found.get(place, {}) for place in range(max(found) + 1)) for number, found in people.items()}


def of_one(registration_id: int) -> People:
    """The answers of one registration; empty where nothing was answered."""
    return of_registrations([registration_id]).get(registration_id, ())


def of_sitting(sitting_id: int) -> dict[int, People]:
    """The answers of everybody at one sitting."""
    return of_registrations(sa.select(Registration.id).where(Registration.sitting_id == queries.coming_to(sitting_id)))


def counts(event_id: int) -> dict[int, int]:
    """How many registrations answered each question, by its id."""
    chosen = (
        sa.select(RegistrationAnswer.question_id, sa.func.count(sa.distinct(RegistrationAnswer.registration_id)))
        .join(EventQuestion, EventQuestion.id == RegistrationAnswer.question_id)
        .where(EventQuestion.event_id == event_id)
        .group_by(RegistrationAnswer.question_id)
    )
    return {row[0]: row[1] for row in db.session.execute(chosen)}


def words(asked: Sequence[AskedRow], people: People) -> list[tuple[str, str]]:
    """Label and words of each answer; a companion's is named by place."""
    return [
        (f"{row.question.label}（同伴者{place}）" if place else row.question.label, line)
        for row in asked
        for place, said in enumerate(people)
        if (line := text_of(row.question, said))
    ]


def cell(question: Question, people: People) -> str:
    """The answers to one question on one line of a list; those of companions behind the applicant's."""
    said = [text_of(question, one) for one in people]
    return "／".join(line or "―" for line in said) if len(said) > 1 and any(said[1:]) else "".join(said[:1])


def _said(people: People, question: Question, companions: int) -> list[dict[str, JSON]]:
    keys = {question.key, *(free_key(question, option) for option in question.options)}
    return [
        {key: value for key, value in (people[place] if place < len(people) else {}).items() if key in keys}
        for place in range(companions + 1)
    ]


def _questions(event_id: int, keys: Collection[str]) -> dict[str, tuple[int, Question]]:
    """What is asked now, held so that none of it is deleted meanwhile. Raises QuestionsChanged."""
    chosen = (
        sa.select(EventQuestion.id, EventQuestion.key, EventQuestion.definition)
        .where(EventQuestion.event_id == event_id, EventQuestion.key.in_(keys), EventQuestion.retired_at.is_(None))
        .with_for_update(key_share=True, read=True)
    )
    found = {row.key: (row.id, codec.question_from_json(row.definition)) for row in db.session.execute(chosen)}
    if len(found) != len(set(keys)):
        raise QuestionsChanged(CHANGED)
    return found


def _write(registration_id: int, answered: Answered, found: Mapping[str, tuple[int, Question]]) -> None:
    rows: list[dict[str, Any]] = []
    for person, said in enumerate(answered.people):
        for key, (question_id, question) in found.items():
            if key not in said:
                continue
            lines = {o.key: said[name] for o in question.options if (name := free_key(question, o)) in said}
            rows.append(
                {
                    "registration_id": registration_id,
                    "question_id": question_id,
                    "person": person,
                    "value": said[key],
                    "lines": lines,
                }
            )
    if rows:
        db.session.execute(_ADD, rows)


def _settle_files(registration_id: int) -> None:
    """The files that answers name are the registration's, and no others."""
    values = db.session.scalars(sa.select(RegistrationAnswer.value).filter_by(registration_id=registration_id))
    answer_files.claim(registration_id, [value["key"] for value in values if isinstance(value, dict)])


def _forget(*which: sa.ColumnElement[bool]) -> None:
    db.session.execute(sa.delete(RegistrationAnswer).where(*which))
