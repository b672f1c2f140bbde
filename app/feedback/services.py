"""What organizers and participants do with a feedback form. Each verb is one transaction.

Taking an answer in leaves no audit entry: the log keeps the second at which something happened.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.delivery import forgetting
from app.events import queries as events
from app.events.types import EventRow, EventStatus
from app.feedback import messages, queries, rules
from app.feedback.errors import (
    Begun,
    FormChanged,
    NothingAnswered,
    NotOpen,
    NotYetHeld,
    Over,
    TooLate,
    WrongBreakdown,
    WrongKind,
)
from app.feedback.models import (
    FeedbackBallot,
    FeedbackForm,
    FeedbackSpent,
    FeedbackText,
    FeedbackThanked,
    FeedbackTicket,
)
from app.feedback.standard import BREAKDOWN, STANDARD
from app.feedback.types import KINDS, SECTION, FormRow, State
from app.infra import audit, tokens
from app.infra.db import db, insert_into, rows_changed, run, transaction
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON, Actor
from app.questions import codec
from app.questions.types import Definition, Kind, Question
from app.questions.validate import check

# Letters and digits that nobody takes for one another, for an address that people type from a screen.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# A mail is forgotten when no form that it may belong to is open any more.
_MAILS_KEPT = rules.LONGEST + timedelta(days=1)


@transaction
def make(event_id: int, *, by: Actor, now: datetime) -> None:
    """Give an event the standard form, open for two weeks after it; a second time nothing happens.

    Raises NotFound, NotYetHeld, TooLate.
    """
    event = events.by_id(event_id)
    ends_at = _end(event)
    if rules.too_late(ends_at, now):
        raise TooLate(f"開催から{rules.LONGEST.days}日を過ぎているため、アンケートは作れません。")
    last_day = max(local_date(ends_at) + rules.USUAL, local_date(now))
    form = insert_into(FeedbackForm).values(
        event_id=event_id,
        code="".join(secrets.choice(_LETTERS) for _ in range(6)),
        definition=codec.to_json(STANDARD),
        breakdown=BREAKDOWN,
        last_day=min(last_day, local_date(ends_at) + rules.LONGEST),
    )
    made = form.on_conflict_do_nothing(index_elements=["event_id"]).returning(FeedbackForm.event_id)
    if run(made).scalar_one_or_none() is not None:
        audit.record("feedback.made", "event", event_id, by=by, at=now)


@transaction
def arrange(event_id: int, last_day: date, breakdown: str, *, by: Actor, now: datetime) -> None:
    """Until when answers are taken, and by which question the others are broken down ("" for none).

    Raises NotFound, Over, WrongLastDay, Begun, WrongBreakdown.
    """
    row, form = _locked(event_id, now)
    if form.state is State.CLOSED:
        raise Over("回答の受付は終わりました。結果を見たあとに、受付を再開することはできません。")
    rules.check_last_day(last_day, _end(events.by_id(event_id)), local_date(now))
    if breakdown != row.breakdown:
        _check_breakdown(form, breakdown)
    row.last_day, row.breakdown = last_day, breakdown
    audit.record("feedback.arranged", "event", event_id, by=by, at=now, fields=["last_day", "breakdown"])


@transaction
def ask(event_id: int, definition: Definition, *, seen: str, by: Actor, now: datetime) -> None:
    """Change what is asked; `seen`: codec.digest() of the form that the change was made to.

    Raises NotFound, Begun, FormChanged, BrokenDefinition, WrongKind.
    """
    row, form = _locked(event_id, now)
    _check_unanswered(form)
    if codec.digest(form.definition) != seen:
        raise FormChanged("別の職員が先に質問を変えています。画面を読み込み直して、もう一度変更してください。")
    codec.verify(definition)
    questions = definition.section(SECTION).questions
    if any(question.kind not in KINDS for question in questions):
        raise WrongKind(f"アンケートでは、{'・'.join(kind.word for kind in KINDS)}の質問だけを使えます。")
    row.definition = codec.to_json(definition)
    if not any(question.key == row.breakdown and rules.breaks_down(question) for question in questions):
        row.breakdown = ""
    audit.record("feedback.asked", "event", event_id, by=by, at=now)


@transaction
def thank(event_id: int, *, by: Actor, now: datetime) -> int:
    """Write to each who came and was not written to yet; returns to how many. Raises NotFound, NotOpen."""
    _row, form = _locked(event_id, now)
    _check_open(form)
    people = [(*person, tokens.random_id()) for person in queries.to_thank(event_id)]
    if not people:
        return 0
    db.session.execute(
        sa.insert(FeedbackThanked), [{"event_id": event_id, "registration_id": person[0]} for person in people]
    )
    # In the order of their hashes, which says nothing about that of the people.
    hashes = sorted(tokens.fingerprint(links.token(queries.TICKET, person[-1])) for person in people)
    db.session.execute(sa.insert(FeedbackTicket), [{"link_hash": one, "event_id": event_id} for one in hashes])
    messages.thank(event_id, people, now=now)
    audit.record("feedback.thanked", "event", event_id, by=by, at=now, fields=[f"rows={len(people)}"])
    return len(people)


@transaction
def answer_once(code: str, token: str, answers: Mapping[str, JSON], *, now: datetime) -> None:
    """Take in what somebody answered through the link that was mailed to them; a second time nothing happens.

    Raises NotFound, NotOpen, FormChanged, NothingAnswered.
    """
    form = _locked_by_code(code, now)
    if not queries.is_ticket(form.event_id, token):
        raise NotFound
    _take_in(form, token, answers)


@transaction
def answer(code: str, submission_id: str, answers: Mapping[str, JSON], *, now: datetime) -> None:
    """Take in what somebody answered through the address that everybody has; the same page sent twice counts once.

    Raises NotFound, NotOpen, FormChanged, NothingAnswered.
    """
    _take_in(_locked_by_code(code, now), submission_id, answers)


@transaction
def sweep(*, now: datetime) -> None:
    """Forget the links of closed forms: from then on nothing tells who answered. Old mails go, too."""
    today = local_date(now)
    closed = sa.select(FeedbackForm.event_id).where(FeedbackForm.last_day < today)
    for table in (FeedbackTicket, FeedbackSpent):
        rows_changed(sa.delete(table).where(table.event_id.in_(closed)))
    forgetting.forget((messages.THANKS,), before=now - _MAILS_KEPT)


def _take_in(form: FormRow, key: str, answers: Mapping[str, JSON]) -> None:
    """Put one answer among the others and write them all anew.

    On PostgreSQL rows tell in which order, and in which transaction, they were written; so all of them are written by
    the last one, shuffled.
    """
    _check_open(form)
    checked = check(form.definition, {SECTION: answers}, complete=True)
    if checked.problems:
        raise FormChanged("質問が変わりました。画面を読み込み直して、もう一度お答えください。")
    given = checked.answers.get(SECTION)
    if not isinstance(given, dict) or not given:
        raise NothingAnswered("一つ以上の質問にお答えください。")
    mark = insert_into(FeedbackSpent).values(key_hash=tokens.fingerprint(key), event_id=form.event_id)
    spent = mark.on_conflict_do_nothing(index_elements=["key_hash"]).returning(FeedbackSpent.event_id)
    if run(spent).scalar_one_or_none() is None:
        return
    chosen, written = _apart(form.questions, given)
    _write_anew(FeedbackBallot, form.event_id, ("choices",), [(chosen,)])
    _write_anew(FeedbackText, form.event_id, ("question", "text"), written)


def _apart(questions: Sequence[Question], given: Mapping[str, JSON]) -> tuple[dict[str, JSON], list[tuple[str, JSON]]]:
    """What was chosen, and each text by itself: whoever says who they are in one says it of that one only."""
    choices = {question.key for question in questions if question.kind is not Kind.TEXT}
    chosen = {key: value for key, value in given.items() if key in choices}
    return chosen, [(key, value) for key, value in given.items() if key not in choices]


def _write_anew(
    table: type[FeedbackBallot | FeedbackText], event_id: int, names: tuple[str, ...], more: Sequence[tuple[Any, ...]]
) -> None:
    columns = [getattr(table, name) for name in names]
    kept = [tuple(row) for row in db.session.execute(sa.select(*columns).where(table.event_id == event_id))]
    rows = [*kept, *more]
    secrets.SystemRandom().shuffle(rows)
    db.session.execute(sa.delete(table).where(table.event_id == event_id))
    if rows:
        fresh = [
            {"id": secrets.randbits(62), "event_id": event_id, **dict(zip(names, row, strict=True))} for row in rows
        ]
        db.session.execute(sa.insert(table), fresh)


def _locked(event_id: int, now: datetime) -> tuple[FeedbackForm, FormRow]:
    """The form, locked, and as it reads. Raises NotFound."""
    row = db.session.get(FeedbackForm, event_id, with_for_update=True)
    form = queries.of_event(event_id, now=now)
    if row is None or form is None:
        raise NotFound
    return row, form


def _locked_by_code(code: str, now: datetime) -> FormRow:
    return _locked(queries.by_code(code, now=now).event_id, now)[1]


def _end(event: EventRow) -> datetime:
    """The end of the last sitting. Raises NotYetHeld."""
    if event.status in {EventStatus.DRAFT, EventStatus.CANCELLED} or event.ends_at is None:
        raise NotYetHeld("アンケートは、公開した研修会・講座で作れます。")
    return event.ends_at


def _check_open(form: FormRow) -> None:
    if form.state is not State.OPEN:
        raise NotOpen("いまは、回答の受付期間ではありません。")


def _check_unanswered(form: FormRow) -> None:
    if form.answers:
        raise Begun("回答が届いたあとは、質問と内訳を変えられません。")


def _check_breakdown(form: FormRow, breakdown: str) -> None:
    _check_unanswered(form)
    if breakdown and not any(one.key == breakdown and rules.breaks_down(one) for one in form.questions):
        raise WrongBreakdown(f"内訳には、{rules.MOST_GROUPS}個までの選択肢から一つを選ぶ質問を使ってください。")
