"""What an event asks beside name and contact: the organizer's questions, and those a section keeps for other events.

An answer is never lost by a change here. A question that somebody answered is retired instead of deleted (the database
knows which, by the answers' foreign key); an option that is taken away stays as a past one; where the kind of answer or
whoever gives it changes, the old question is retired and the new one takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.events import editing, steps
from app.events.common_questions import COMMON
from app.events.errors import QuestionInUse, TooManyQuestions
from app.events.models import EventQuestion, SavedQuestion
from app.events.types import AskedRow, EventStatus
from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.questions import codec
from app.questions.editing import new_key
from app.questions.errors import BrokenDefinition
from app.questions.party import MOST_PER_PERSON, MOST_QUESTIONS
from app.questions.types import Kind, Option, Question

CHOOSING = frozenset({Kind.SINGLE, Kind.MULTIPLE})


@transaction
def add(event_id: int, question: Question, *, by: Actor, now: datetime) -> int:
    """Ask one question more, behind all others; its id. Raises NotFound, BrokenDefinition, TooManyQuestions."""
    editing.locked(event_id)
    return _add(event_id, question, by=by, now=now)


@transaction
def take(event_id: int, name: str, *, by: Actor, now: datetime) -> int:
    """Ask a question of the library: `name` is the key of a common one, or the id of one that the section saved.

    Raises NotFound, BrokenDefinition, TooManyQuestions.
    """
    event = editing.locked(event_id)
    return _add(event_id, _from_library(event.section, name), by=by, now=now)


@transaction
def change(event_id: int, question_id: int, wanted: Question, *, by: Actor, now: datetime) -> None:
    """Put a question otherwise. Raises NotFound, BrokenDefinition, TooManyQuestions."""
    event = editing.locked(event_id)
    row = _row(event_id, question_id)
    was = codec.question_from_json(row.definition)
    if _same_answers(was, wanted):
        wanted = replace(wanted, key=was.key)
        if event.status is not EventStatus.DRAFT:
            wanted = _with_past(was, wanted)
        row.definition = codec.question_to_json(wanted)
    else:
        wanted = replace(wanted, key=new_key())
        definition = codec.question_to_json(wanted)
        db.session.add(EventQuestion(event_id=event_id, key=wanted.key, place=row.place, definition=definition))
        _put_away(row, now)
    _close(event_id, "question.changed", by=by, now=now)


@transaction
def move(event_id: int, question_id: int, places: int, *, by: Actor, now: datetime) -> None:
    """Ask it so many places later, or earlier where `places` is negative. Raises NotFound, BrokenDefinition."""
    editing.locked(event_id)
    moved = _row(event_id, question_id)
    rest = [row for row in _asked(event_id) if row.id != moved.id]
    now_at = sum(row.place <= moved.place for row in rest)
    rest.insert(min(max(now_at + places, 0), len(rest)), moved)
    for place, row in enumerate(rest):
        row.place = place
    _close(event_id, "question.moved", by=by, now=now)


@transaction
def remove(event_id: int, question_id: int, *, by: Actor, now: datetime) -> bool:
    """Ask it no more; True where there are answers, which stay. Raises NotFound, QuestionInUse."""
    editing.locked(event_id)
    row = _row(event_id, question_id)
    label = codec.question_from_json(row.definition).label
    for other in _asked(event_id):
        question = codec.question_from_json(other.definition)
        if question.condition and question.condition.question == row.key:
            raise QuestionInUse(
                f"「{label}」の答えによって「{question.label}」を尋ねています。先に「{question.label}」を変えてください。"
            )
    kept = _put_away(row, now)
    _close(event_id, "question.removed", by=by, now=now)
    return kept


@transaction
def save(event_id: int, question_id: int, *, by: Actor, now: datetime) -> None:
    """Keep a question for other events of the section, in the place of one with the same words. Raises NotFound.

    When it is asked depends on this event's other questions and is left out.
    """
    event = editing.locked(event_id)
    question = codec.question_from_json(_row(event_id, question_id).definition)
    plain = codec.question_to_json(replace(question, condition=None, options=question.offered))
    kept = db.session.scalar(sa.select(SavedQuestion).filter_by(section=event.section, label=question.label))
    if kept is None:
        kept = SavedQuestion(section=event.section, label=question.label)
        db.session.add(kept)
    kept.definition, kept.saved_at = plain, now
    audit.record("question.saved", "event", event_id, by=by, at=now)


@transaction
def forget(event_id: int, saved_id: int, *, by: Actor, now: datetime) -> None:
    """Take a question out of the section's library; events that ask it go on. Raises NotFound."""
    event = editing.locked(event_id)
    kept = db.session.scalar(sa.select(SavedQuestion).filter_by(id=saved_id, section=event.section))
    if kept is None:
        raise NotFound
    db.session.delete(kept)
    audit.record("question.forgotten", "event", event_id, by=by, at=now)


def library(section: str) -> list[tuple[str, Question]]:
    """What can be taken with one press: what the section saved, then what many ask, each with its name for take()."""
    rows = db.session.execute(
        sa.select(SavedQuestion.id, SavedQuestion.definition).filter_by(section=section).order_by(SavedQuestion.id)
    )
    own = [(str(row.id), codec.question_from_json(row.definition)) for row in rows]
    return [*own, *((question.key, question) for question in COMMON)]


def carry(asked: Sequence[AskedRow], event_id: int) -> None:
    """Ask the same at another event, in the caller's transaction; what was retired stays behind."""
    current = [row.question for row in asked if not row.retired]
    for place, question in enumerate(current):
        definition = codec.question_to_json(replace(question, options=question.offered))
        db.session.add(EventQuestion(event_id=event_id, key=question.key, place=place, definition=definition))


def _add(event_id: int, question: Question, *, by: Actor, now: datetime) -> int:
    taken = set(db.session.scalars(sa.select(EventQuestion.key).filter_by(event_id=event_id)))
    if question.key in taken:
        question = replace(question, key=new_key())
    definition = codec.question_to_json(question)
    row = EventQuestion(event_id=event_id, key=question.key, place=len(taken), definition=definition)
    db.session.add(row)
    db.session.flush()  # the caller wants the id
    _close(event_id, "question.added", by=by, now=now)
    return row.id


def _from_library(section: str, name: str) -> Question:
    found = next((question for key, question in library(section) if key == name), None)
    if found is None:
        raise NotFound
    return found


def _row(event_id: int, question_id: int) -> EventQuestion:
    found = sa.select(EventQuestion).filter_by(id=question_id, event_id=event_id, retired_at=None)
    row = db.session.scalar(found)
    if row is None:
        raise NotFound
    return row


def _asked(event_id: int) -> Sequence[EventQuestion]:
    chosen = sa.select(EventQuestion).filter_by(event_id=event_id, retired_at=None)
    return db.session.scalars(chosen.order_by(EventQuestion.place, EventQuestion.id)).all()


def _same_answers(was: Question, wanted: Question) -> bool:
    """Whether an answer to the one is an answer to the other, of the same people and for the same eyes."""
    return all(getattr(was, name) == getattr(wanted, name) for name in ("kind", "internal", "per_person"))


def _with_past(was: Question, wanted: Question) -> Question:
    """With the options that are gone kept as past ones; one that comes back is the same as before."""
    if wanted.kind not in CHOOSING:
        return wanted
    known = {option.label: option.key for option in was.options}
    present = {option.key for option in was.offered}
    offered = [
        replace(one, key=known[one.label]) if one.key not in present and one.label in known else one
        for one in wanted.offered
    ]
    kept = {option.key for option in offered}
    past = [Option(one.key, one.label, one.free, past=True) for one in was.options if one.key not in kept]
    labels = {option.label for option in offered}
    named = [replace(one, label=f"{one.label}（以前の選択肢）") if one.label in labels else one for one in past]
    return replace(wanted, options=(*offered, *named))


def _put_away(row: EventQuestion, now: datetime) -> bool:
    """Delete the question, or retire it where somebody answered it, which is what the answers' foreign key says."""
    try:
        with db.session.begin_nested():
            db.session.execute(sa.delete(EventQuestion).where(EventQuestion.id == row.id))
    except IntegrityError:
        row.retired_at = now
        return True
    db.session.expunge(row)
    return False


def _close(event_id: int, action: str, *, by: Actor, now: datetime) -> None:
    """What every verb ends with: the form holds together, pages are made anew, the log says what happened."""
    db.session.flush()  # what is checked is what is stored
    questions = [codec.question_from_json(row.definition) for row in _asked(event_id)]
    codec.verify_questions(questions, "申込みフォーム")
    if len(questions) > MOST_QUESTIONS:
        raise TooManyQuestions(f"質問は{MOST_QUESTIONS}までにしてください。")
    if sum(question.per_person for question in questions) > MOST_PER_PERSON:
        raise TooManyQuestions(f"一人ずつ答える質問は{MOST_PER_PERSON}までにしてください。")
    if any(question.kind in CHOOSING and not question.offered for question in questions):
        raise BrokenDefinition("選択肢を1つ以上入力してください。")
    steps.touch(event_id, now=now)
    audit.record(action, "event", event_id, by=by, at=now, fields=["questions"])
