"""What sections and organizers do to an answer. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from app.infra import audit
from app.infra.db import db, transaction
from app.kernel.errors import NotFound
from app.kernel.types import JSON, Actor
from app.questions import merging
from app.questions.states import State, Step
from app.questions.types import Question, Section
from app.surveys import answers, messages, queries, rules, steps, taking
from app.surveys.errors import ChangedMeanwhile, HasProjects, Incomplete, NoRemark, TooManyRows, WrongState
from app.surveys.models import SurveyAnswer, SurveyPart
from app.surveys.types import Candidate, PartView, Place, Saved

LONGEST_REMARK = 1000


@transaction
def save_part(
    place: Place, typed: object, *, asked: Collection[Question], read: str, by: Actor, now: datetime
) -> Saved:
    """Keep what was typed into a part, whatever is still wrong with it; a row that is not there yet is added.

    `asked`: the questions that stood on the page, no other answer is touched. `read`: merging.marks() of what the page
    showed. What somebody else has saved meanwhile stays; where both changed the same question, nothing is saved.
    Raises NotFound, NotWritable, ChangedMeanwhile, TooManyRows.
    """
    row = steps.writable(place.survey_id, place.unit_id, by=by, now=now)
    section = steps.section_of(place)
    stored = steps.part(row, place.section, place.row)
    before = dict(stored.answers) if stored is not None else {}
    questions = tuple(asked)
    alone = replace(section, questions=questions)
    clean = rules.check_part(alone, typed, complete=False).answers.get(section.key)
    mine = clean if isinstance(clean, dict) else {}
    found = merging.merged(questions, read, mine, before)
    if found.both:
        raise ChangedMeanwhile(_theirs(place, section))
    if stored is None or found.answers != before:
        _store(row, place, section, stored, found.answers, by=by, now=now)
    left = answers.of_unit(place.survey_id, place.unit_id)
    theirs = any(found.answers.get(key) != mine.get(key) for one in questions for key in merging.keys_of(one))
    return Saved(merging.marks(questions, mine), len(left.problems), theirs)


@transaction
def take(survey_id: int, unit_id: int, offered: Iterable[Candidate], *, by: Actor, now: datetime) -> int:
    """Take projects into the answer; those that are there already are not added twice. Returns how many were added.

    Raises NotFound, NotWritable, TooManyRows.
    """
    row = steps.writable(survey_id, unit_id, by=by, now=now)
    wanted = taking.still_offered(offered, answers.of_unit(survey_id, unit_id))
    for one in wanted:
        place = Place(survey_id, unit_id, one.section, one.row)
        section = steps.section_of(place)
        clean = rules.check_part(section, one.answers, complete=False).answers.get(section.key)
        _store(row, place, section, None, clean if isinstance(clean, dict) else {}, by=by, now=now)
    return len(wanted)


@transaction
def remove_row(place: Place, *, by: Actor, now: datetime) -> None:
    """Take a project out of the answer. Raises NotFound, NotWritable."""
    row = steps.writable(place.survey_id, place.unit_id, by=by, now=now)
    stored = steps.part(row, place.section, place.row)
    if stored is None or not place.row:
        raise NotFound
    db.session.delete(stored)
    steps.touch(row, by=by, now=now)
    audit.record("survey_answer.row_removed", "survey_answer", row.id, by=by, at=now)


@transaction
def declare_nothing(survey_id: int, unit_id: int, *, nothing: bool, by: Actor, now: datetime) -> None:
    """Say that there is no project this year (該当なし), or that there is one.

    Raises NotFound, NotWritable, HasProjects.
    """
    row = steps.writable(survey_id, unit_id, by=by, now=now)
    if nothing and answers.of_unit(survey_id, unit_id).rows:
        raise HasProjects("回答した事業があるため、「該当なし」にできません。先に、事業を削除してください。")
    if row.nothing != nothing:
        row.nothing = nothing
        steps.touch(row, by=by, now=now)
        word = "nothing" if nothing else "something"
        audit.record(f"survey_answer.{word}", "survey_answer", row.id, by=by, at=now)


@transaction
def submit(survey_id: int, unit_id: int, *, by: Actor, now: datetime, member_id: int | None = None) -> None:
    """Hand it in; `member_id`: who does, to be told what becomes of it. Raises NotFound, NotWritable, Incomplete."""
    row = steps.writable(survey_id, unit_id, by=by, now=now)
    _clean(row)
    view = answers.one(row.id)
    if not view.rows and not view.nothing:
        raise Incomplete("協働した事業を回答してください。ないときは「該当なし」を選んでください。")
    if view.problems:
        raise Incomplete(f"提出する前に、{len(view.problems)}か所を直してください。", tuple(view.problems))
    row.state, row.version = State.SUBMITTED, row.version + 1
    row.submitted_at, row.submitted_by, row.submitted_member_id = now, by.label, member_id
    steps.touch(row, by=by, now=now)
    steps.remember(row, Step.SUBMITTED, by=by, now=now)
    messages.approval_wanted(row, now=now)


@transaction
def withdraw(answer_id: int, *, by: Actor, now: datetime) -> None:
    """The section takes it back to put something right. Raises NotFound, NotWritable, WrongState."""
    row = steps.locked(answer_id)
    rules.check_step(row.state, among=[State.SUBMITTED], doing="取下げ")
    rules.check_writable(queries.survey(row.survey_id), State.DRAFT)
    _reopen(row, State.DRAFT)
    steps.remember(row, Step.WITHDRAWN, by=by, now=now)


@transaction
def approve(answer_id: int, *, by: Actor, now: datetime) -> None:
    """The head of the section confirms it, or the organizer notes that they did; a second time changes nothing.

    Raises NotFound, WrongState.
    """
    row = steps.locked(answer_id)
    rules.check_step(row.state, among=[State.SUBMITTED], doing="確認")
    if row.approved_at is None:
        row.approved_at, row.approved_by = now, by.label
        steps.remember(row, Step.APPROVED, by=by, now=now)


@transaction
def send_back(answer_id: int, remark: str, *, by: Actor, now: datetime) -> None:
    """The head of the section wants something put right first. Raises NotFound, WrongState, NoRemark."""
    row = steps.locked(answer_id)
    rules.check_step(row.state, among=[State.SUBMITTED], doing="差戻し")
    _give_back(row, remark, Step.SENT_BACK, by=by, now=now)


@transaction
def return_(answer_id: int, remark: str, *, by: Actor, now: datetime) -> None:
    """The organizer gives it back with what to put right, also after it was accepted.

    Raises NotFound, WrongState, NoRemark.
    """
    row = steps.locked(answer_id)
    rules.check_step(row.state, among=[State.SUBMITTED, State.ACCEPTED], doing="差戻し")
    _give_back(row, remark, Step.RETURNED, by=by, now=now)


@transaction
def accept(answer_id: int, *, by: Actor, now: datetime) -> None:
    """It is as it should be. Raises NotFound, WrongState for one that its head has not confirmed."""
    row = steps.locked(answer_id)
    rules.check_step(row.state, among=[State.SUBMITTED], doing="受理")
    if row.approved_at is None:
        raise WrongState("所属長の確認がまだのため、受理できません。")
    row.state, row.accepted_at = State.ACCEPTED, now
    steps.remember(row, Step.ACCEPTED, by=by, now=now)
    messages.accepted(row, now=now)


def _theirs(place: Place, section: Section) -> PartView:
    """What stands there now; nothing where a colleague has removed the row."""
    try:
        return answers.of_unit(place.survey_id, place.unit_id).part(place.section, place.row)
    except LookupError:
        return PartView(0, section, place.row, {})


def _store(  # noqa: PLR0913 what is written, where, by whom and when
    row: SurveyAnswer,
    place: Place,
    section: Section,
    stored: SurveyPart | None,
    written: Mapping[str, JSON],
    *,
    by: Actor,
    now: datetime,
) -> None:
    if stored is None:
        if section.repeats and steps.rows_of(row, section) >= section.most_rows:
            raise TooManyRows(f"「{section.title}」は{section.most_rows}{section.row_word}までです。")
        stored = steps.new_part(row, place, by=by, now=now)
    stored.answers = dict(written)
    stored.updated_at, stored.updated_by = now, by.label
    if place.row:
        # Whoever writes a project says that there is one.
        row.nothing = False
    steps.touch(row, by=by, now=now)
    audit.record("survey_answer.saved", "survey_answer", row.id, by=by, at=now, fields=[place.section])


def _clean(row: SurveyAnswer) -> None:
    """Hidden answers and empty rows go, as with every form that is handed in."""
    for part in answers.one(row.id).parts:
        stored = steps.part(row, part.section.key, part.row)
        clean = rules.check_part(part.section, part.answers, complete=True).answers.get(part.section.key)
        if stored is not None and part.row and not clean:
            db.session.delete(stored)
        elif stored is not None and isinstance(clean, dict) and not part.problems:
            stored.answers = clean
    db.session.flush()  # the answer is read again


def _give_back(row: SurveyAnswer, remark: str, step: Step, *, by: Actor, now: datetime) -> None:
    if not remark:
        raise NoRemark("直してほしいことを入力してください。")
    if len(remark) > LONGEST_REMARK:
        raise NoRemark(
            f"直してほしいことは、{LONGEST_REMARK:,}文字以内で入力してください。いまは{len(remark):,}文字です。"
        )
    _reopen(row, State.RETURNED)
    steps.remember(row, step, remark, by=by, now=now)
    messages.returned(row, now=now)


def _reopen(row: SurveyAnswer, state: State) -> None:
    row.state, row.version = state, row.version + 1
    row.approved_at = row.approved_by = row.accepted_at = None
