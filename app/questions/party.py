"""Questions that an event asks of those who come together: some once, some of each of them.

Answers are a tuple with a mapping a person, `{question key: value}` as in types: first the applicant, who also answers
for the whole party, then each companion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.kernel.types import JSON
from app.questions.types import Problem, Question
from app.questions.validate import check_row, is_asked

People = tuple[Mapping[str, JSON], ...]
MOST_QUESTIONS, MOST_PER_PERSON = 30, 8


@dataclass(frozen=True, slots=True)
class Answered:
    """Clean answers of a party. `asked`: the keys of all questions that the form put, answered or not."""

    people: People
    asked: tuple[str, ...]


NOTHING_ASKED = Answered((), ())


def check_party(
    questions: Sequence[Question], given: Sequence[Mapping[str, object]], *, people: int
) -> tuple[Answered, tuple[Problem, ...]]:
    """Untrusted answers of `people` → clean ones, and what is wrong with them; a problem's row is the person's place.

    What no question asks for, or a condition hides, is dropped.
    """
    found: list[Mapping[str, JSON]] = []
    problems: list[Problem] = []
    for place in range(people):
        asked = questions if place == 0 else of_companion(questions, found[0])
        checked = check_row(asked, str(place), given[place] if place < len(given) else {})
        found.append(checked.answers)
        problems += checked.problems
    return Answered(tuple(found), tuple(question.key for question in questions)), tuple(problems)


def of_companion(questions: Sequence[Question], applicant: Mapping[str, JSON]) -> list[Question]:
    """What each companion answers; what depends on an answer for the whole party is decided by it."""
    own = {question.key for question in questions if question.per_person}
    asked: list[Question] = []
    for question in questions:
        condition = question.condition
        if not question.per_person:
            continue
        if condition is not None and condition.question not in own:
            if not is_asked(condition, applicant):
                continue
            asked.append(replace(question, condition=None))
        else:
            asked.append(question)
    return asked
