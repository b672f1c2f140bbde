"""What was answered, counted, with everything left out that would say too much of one person."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.feedback.models import FeedbackBallot, FeedbackText
from app.feedback.rules import LEAST, Place, withheld
from app.feedback.types import Breakdown, FormRow, Results, State, Tally
from app.infra.db import db
from app.questions.kinds import labels_of
from app.questions.types import Kind, Question, free_key

Ballot = Mapping[str, Any]
NONE = "無回答"


def results(form: FormRow) -> Results | None:
    """What came of a form; None until it is closed: two looks would show what came in between.

    Two statements, however many answered.
    """
    if form.state is not State.CLOSED:
        return None
    ballots = db.session.scalars(sa.select(FeedbackBallot.choices).filter_by(event_id=form.event_id)).all()
    if len(ballots) < LEAST:
        return Results(None)
    texts = _texts(form.event_id)
    by = next((question for question in form.questions if question.key == form.breakdown), None)
    return Results(len(ballots), tuple(_tally(one, ballots, texts, by) for one in form.questions), by)


def _texts(event_id: int) -> Mapping[str, list[str]]:
    """What was written, by question or line beside an option, in another order each time."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in db.session.execute(sa.select(FeedbackText.question, FeedbackText.text).filter_by(event_id=event_id)):
        found[row.question].append(row.text)
    for lines in found.values():
        secrets.SystemRandom().shuffle(lines)
    return found


def _tally(question: Question, ballots: Sequence[Ballot], texts: Mapping[str, list[str]], by: Question | None) -> Tally:
    if question.kind is Kind.TEXT:
        written = texts.get(question.key, [])
        return Tally(question, len(written), texts=tuple(written))
    answers = sum(question.key in ballot for ballot in ballots)
    if answers < LEAST:
        return Tally(question, None)
    chosen = Counter(key for ballot in ballots for key in _chosen(question, ballot))
    return Tally(
        question,
        answers,
        tuple((label, chosen[key]) for key, label in labels_of(question)),
        tuple(_lines(question, texts)),
        _breakdown(question, by, ballots) if by and by.key != question.key else None,
    )


def _lines(question: Question, texts: Mapping[str, list[str]]) -> list[str]:
    """What stands beside options with a line of one's own."""
    free = [option for option in question.options if option.free]
    return [f"{option.label}：{line}" for option in free for line in texts.get(free_key(question, option), [])]


def _breakdown(question: Question, by: Question, ballots: Sequence[Ballot]) -> Breakdown | None:
    """The table without what is withheld; None where nothing is left to show."""
    groups = [*labels_of(by), ("", NONE)]
    counted = {key: Counter[str]() for key, _label in groups}
    sizes: Counter[str] = Counter()
    for ballot in ballots:
        group = _chosen(by, ballot)[0]
        counted[group].update(_chosen(question, ballot))
        sizes[group] += 1
    groups = [(key, label) for key, label in groups if sizes[key]]
    options = labels_of(question) if question.kind is Kind.MULTIPLE else [*labels_of(question), ("", NONE)]
    cells = [[counted[group][key] for group, _label in groups] for key, _words in options]
    left_out = _withheld(question, cells, [sizes[group] for group, _label in groups])
    rows = tuple(
        (words, tuple(None if (row, column) in left_out else number for column, number in enumerate(cells[row])))
        for row, (_key, words) in enumerate(options)
        if any(cells[row])
    )
    if all(number is None for _words, numbers in rows for number in numbers):
        return None
    return Breakdown(tuple(label for _key, label in groups), rows)


def _withheld(question: Question, cells: Sequence[Sequence[int]], sizes: Sequence[int]) -> frozenset[Place]:
    """Where several can be chosen, each option is a table of its own: who chose it, and who did not."""
    if question.kind is not Kind.MULTIPLE:
        return withheld(cells)
    found: set[Place] = set()
    for row, chose in enumerate(cells):
        others = [size - number for size, number in zip(sizes, chose, strict=True)]
        found |= {(row, column) for place, column in withheld([chose, others]) if place == 0}
    return frozenset(found)


def _chosen(question: Question, ballot: Ballot) -> list[str]:
    """The keys of what was chosen; one empty key where nothing was."""
    value = ballot.get(question.key)
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return list(value) if isinstance(value, list) else [value or ""]
