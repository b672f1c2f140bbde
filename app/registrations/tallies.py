"""What was answered to an event's questions, counted: one statement, however many applied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

import sqlalchemy as sa

from app.events.types import AskedRow
from app.infra.db import db
from app.kernel.types import JSON
from app.questions.kinds import NO, YES, words_of
from app.questions.types import Kind, Question
from app.registrations.models import Registration, RegistrationAnswer
from app.registrations.types import Status

# Who gave the place up, or was declined, is counted nowhere.
COUNTED = tuple(status for status in Status if not status.is_over)


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers that were answered, as people read them."""

    least: str
    middle: str
    most: str
    total: str


@dataclass(frozen=True, slots=True)
class Tally:
    """One question: how many answered, how often each option was chosen, figures of numbers, and what was written."""

    row: AskedRow
    answers: int
    choices: tuple[tuple[str, int], ...] = ()
    figures: Figures | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    value: JSON
    lines: dict[str, str]


def of_event(event_id: int, asked: Sequence[AskedRow], *, sitting_id: int | None = None) -> list[Tally]:
    """Each question with what was answered by those who take part or wait: at one sitting, or at all."""
    chosen = (
        sa.select(RegistrationAnswer.question_id, RegistrationAnswer.value, RegistrationAnswer.lines)
        .join(Registration, Registration.id == RegistrationAnswer.registration_id)
        .where(Registration.event_id == event_id, Registration.status.in_(COUNTED))
        .order_by(RegistrationAnswer.registration_id, RegistrationAnswer.person)
    )
    if sitting_id is not None:
        chosen = chosen.where(Registration.sitting_id == sitting_id)
    said: dict[int, list[_Said]] = defaultdict(list)
    for row in db.session.execute(chosen):
        said[row.question_id].append(_Said(row.value, row.lines))
    return [_tally(row, said[row.id]) for row in asked]


def _tally(row: AskedRow, said: Sequence[_Said]) -> Tally:
    return _COUNTING.get(row.question.kind, _texts)(row, said)


def _choices(row: AskedRow, said: Sequence[_Said]) -> Tally:
    counted: Counter[str] = Counter()
    for one in said:
        counted.update(str(key) for key in (one.value if isinstance(one.value, list) else [one.value]))
    options = row.question.options
    offered = [(option.label, counted[option.key]) for option in options if not option.past or counted[option.key]]
    labels = {option.key: option.label for option in options}
    lines = [f"{labels.get(key, key)}：{line}" for one in said for key, line in one.lines.items()]
    return Tally(row, len(said), tuple(offered), texts=tuple(lines))


def _yes_no(row: AskedRow, said: Sequence[_Said]) -> Tally:
    yes = sum(one.value is True for one in said)
    return Tally(row, len(said), ((YES, yes), (NO, len(said) - yes)))


def _agreed(row: AskedRow, said: Sequence[_Said]) -> Tally:
    return Tally(row, len(said), ((words_of(row.question, True), len(said)),))


def _numbers(row: AskedRow, said: Sequence[_Said]) -> Tally:
    numbers = sorted(Decimal(str(one.value)) for one in said)
    if not numbers:
        return Tally(row, 0)
    least, middle, most, total = (
        _number(row.question, number) for number in (numbers[0], median(numbers), numbers[-1], sum(numbers, Decimal(0)))
    )
    return Tally(row, len(said), figures=Figures(least, middle, most, total))


def _days(row: AskedRow, said: Sequence[_Said]) -> Tally:
    days = Counter(str(one.value) for one in said)
    return Tally(row, len(said), tuple((words_of(row.question, day), number) for day, number in sorted(days.items())))


def _texts(row: AskedRow, said: Sequence[_Said]) -> Tally:
    return Tally(row, len(said), texts=tuple(words_of(row.question, one.value) for one in said))


def _number(question: Question, number: Decimal) -> str:
    return words_of(question, format(number.normalize() + 0, "f"))


_COUNTING: dict[Kind, Callable[[AskedRow, Sequence[_Said]], Tally]] = {
    Kind.SINGLE: _choices,
    Kind.MULTIPLE: _choices,
    Kind.YES_NO: _yes_no,
    Kind.CONSENT: _agreed,
    Kind.NUMBER: _numbers,
    Kind.DATE: _days,
}
