"""Two people who answer the same questions at the same time: what only one of them changed is taken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.kernel.types import JSON
from app.questions.carrying import Row
from app.questions.types import Question, free_key


def marks(questions: Sequence[Question], answers: Row) -> str:
    """What somebody has read of these answers, as a page carries it along: a short digest for each question."""
    return ".".join(_mark(cell) for cell in _cells(questions, answers).values())


@dataclass(frozen=True, slots=True)
class Merged:
    """Both people's answers together; `both`: questions that both have changed, each to something else."""

    answers: dict[str, JSON]
    both: tuple[str, ...]


def merged(questions: Sequence[Question], read: str, mine: Row, stored: Row) -> Merged:
    """What I typed after I had read `read`, put into what is stored now.

    A question that only one of us has changed keeps that change. What is stored of other questions stays.
    """
    seen = dict(zip((asked.key for asked in questions), read.split("."), strict=False))
    typed, there = _cells(questions, mine), _cells(questions, stored)
    found, both = dict(stored), []
    for asked in questions:
        was, own, now = seen.get(asked.key), _mark(typed[asked.key]), _mark(there[asked.key])
        if own in {now, was}:
            continue
        if now != was:
            both.append(asked.key)
        for key in keys_of(asked):
            found.pop(key, None)
            if (value := mine.get(key)) is not None:
                found[key] = value
    return Merged(found, tuple(both))


def keys_of(asked: Question) -> list[str]:
    """Where the answer to a question is kept: its own key, and those of the lines beside its options."""
    return [asked.key, *(free_key(asked, option) for option in asked.options if option.free)]


def _cells(questions: Iterable[Question], answers: Row) -> dict[str, list[JSON]]:
    return {asked.key: [answers.get(key) for key in keys_of(asked)] for asked in questions}


def _mark(cell: list[JSON]) -> str:
    return sha256(json.dumps(cell, ensure_ascii=False).encode()).hexdigest()[:10]
