"""Changing a form piece by piece. Each gives a new definition; codec.verify() says whether it holds together."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from app.questions.types import Definition, Question, Section

T = TypeVar("T")


def new_key() -> str:
    """A key for a section, a question or an option that nobody else has."""
    return f"k{secrets.token_hex(4)}"


def with_hint(definition: Definition, hint: str) -> Definition:
    """With other words above all questions."""
    return replace(definition, hint=hint)


def with_section(definition: Definition, place: int | None, section: Section) -> Definition:
    """`section` in `place`, or behind all others."""
    return replace(definition, sections=_put(definition.sections, place, section))


def with_question(definition: Definition, section: int, place: int | None, question: Question) -> Definition:
    """`question` in `place` of the section at `section`, or behind its others."""
    changed = definition.sections[section]
    return with_section(definition, section, replace(changed, questions=_put(changed.questions, place, question)))


def moved(definition: Definition, section: int, question: int | None = None, *, by: int) -> Definition:
    """A section, or a question inside its section, `by` places further down; at an edge it stays."""
    if question is None:
        return replace(definition, sections=_moved(definition.sections, section, by))
    changed = definition.sections[section]
    return with_section(definition, section, replace(changed, questions=_moved(changed.questions, question, by)))


def without(definition: Definition, section: int, question: int | None = None) -> Definition:
    """Without a section, or without a question of it."""
    if question is None:
        return replace(definition, sections=_without(definition.sections, section))
    changed = definition.sections[section]
    return with_section(definition, section, replace(changed, questions=_without(changed.questions, question)))


def _put(row: Sequence[T], place: int | None, one: T) -> tuple[T, ...]:
    return (*row, one) if place is None else (*row[:place], one, *row[place + 1 :])


def _moved(row: Sequence[T], place: int, by: int) -> tuple[T, ...]:
    rest = [one for at, one in enumerate(row) if at != place]
    rest.insert(min(max(place + by, 0), len(rest)), row[place])
    return tuple(rest)


def _without(row: Sequence[T], place: int) -> tuple[T, ...]:
    return tuple(one for at, one in enumerate(row) if at != place)
