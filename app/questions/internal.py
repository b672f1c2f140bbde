"""Questions that only the organizer answers: the form without them, and both sides' answers brought together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.kernel.types import JSON
from app.questions.carrying import Row, rows_of, single_of
from app.questions.types import Answers, Definition, Problem, Section, free_key


def for_everybody(definition: Definition) -> Definition:
    """The form as everybody else knows it; a section that asks nothing of them is not there."""
    sections = (
        replace(section, questions=asked)
        for section in definition.sections
        if (asked := tuple(question for question in section.questions if not question.internal))
    )
    return replace(definition, sections=tuple(sections))


def seen_by_everybody(definition: Definition, answers: Answers) -> dict[str, JSON]:
    """Clean answers without what the organizer wrote."""
    return together(definition, answers, {})


def together(definition: Definition, answers: Answers, organizers: Answers) -> dict[str, JSON]:
    """Clean answers with those to internal questions taken from `organizers` and all others from `answers`.

    Rows are those of `answers`: one that went takes along what the organizer had written of it.
    """
    found: dict[str, JSON] = {}
    for section in definition.sections:
        own = _internal_keys(section)
        if section.repeats:
            old = {row["row"]: row for row in rows_of(section, organizers)}
            rows = [_met(row, old.get(row["row"], {}), own) for row in rows_of(section, answers)]
            if rows:
                found[section.key] = list[JSON](rows)
        elif met := _met(single_of(section, answers), single_of(section, organizers), own):
            found[section.key] = met
    return found


def internal_problems(definition: Definition, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of the problems that the organizer has to put right."""
    return tuple(
        one
        for one in problems
        if one.question is not None and definition.section(one.section).question(one.question).internal
    )


def _met(answers: Row, organizers: Row, own: frozenset[str]) -> dict[str, JSON]:
    kept = {key: value for key, value in answers.items() if key not in own}
    return kept | {key: value for key, value in organizers.items() if key in own}


def _internal_keys(section: Section) -> frozenset[str]:
    asked = [question for question in section.questions if question.internal]
    lines = (free_key(question, option) for question in asked for option in question.options)
    return frozenset([*(question.key for question in asked), *lines])
