"""Any form and any answers to it, for property tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from app.kernel import text
from app.kernel.types import JSON
from app.questions.types import Condition, Definition, Kind, Option, Question, Section, free_key

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda key: key != "row")
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=12
)
LABELS = WORDS.map(text.clean_line).filter(bool)


@st.composite
def questions(draw: st.DrawFn, key: str, kinds: Iterable[Kind]) -> Question:
    """A question of any kind."""
    kind = draw(st.sampled_from(list(kinds)))
    options: tuple[Option, ...] = ()
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
        labels = draw(st.lists(LABELS.map(lambda w: f"「{w}」"), min_size=len(keys), max_size=len(keys), unique=True))
        options = tuple(Option(k, label, draw(st.booleans())) for k, label in zip(keys, labels, strict=True))
    return Question(key, kind, draw(LABELS), options=options, step="0.1" if kind is Kind.NUMBER else "1")


@st.composite
def sections(draw: st.DrawFn, key: str, kinds: Iterable[Kind]) -> Section:
    """A section with or without rows."""
    asked: list[Question] = []
    for name in draw(st.lists(KEYS, min_size=1, max_size=4, unique=True)):
        question = draw(questions(name, kinds))
        before = [q for q in asked if q.options]
        if before and draw(st.booleans()):
            on = draw(st.sampled_from(before))
            condition = Condition(on.key, (draw(st.sampled_from(on.options)).key,))
            question = replace(question, condition=condition)
        asked.append(question)
    return Section(key, draw(LABELS), tuple(asked), repeats=draw(st.booleans()))


@st.composite
def definitions(draw: st.DrawFn, kinds: Iterable[Kind] = tuple(Kind)) -> Definition:
    """A form of one to three sections."""
    keys = draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
    return Definition(draw(LABELS), tuple(draw(sections(key, kinds)) for key in keys))


def values(question: Question) -> st.SearchStrategy[JSON]:
    """What may be stored for a question."""
    if question.kind is Kind.SINGLE:
        return st.sampled_from([option.key for option in question.options])
    if question.kind is Kind.MULTIPLE:
        chosen = st.sets(st.sampled_from([option.key for option in question.options]), min_size=1)
        return chosen.map(lambda keys: [option.key for option in question.options if option.key in keys])
    if question.kind is Kind.YES_NO:
        return st.booleans()
    if question.kind is Kind.CONSENT:
        return st.just(True)
    if question.kind is Kind.FILE:
        return st.builds(lambda name: {"key": "file", "name": name}, LABELS)
    if question.kind is Kind.DATE:
        return st.dates(date(1930, 1, 1), date(2099, 12, 31)).map(date.isoformat)
    if question.kind is Kind.NUMBER:
        return st.integers(-10_000_000, 10_000_000).map(lambda n: format((Decimal(n) / 10).normalize() + 0, "f"))
    lines = st.lists(LABELS, min_size=1, max_size=3 if question.kind is Kind.TEXT else 1)
    return lines.map("\n".join).map(text.clean_text).filter(bool)


@st.composite
def row_answers(draw: st.DrawFn, section: Section) -> dict[str, JSON]:
    """Some of the questions of a section, answered."""
    found: dict[str, JSON] = {}
    for question in section.questions:
        if draw(st.booleans()):
            found[question.key] = draw(values(question))
        for option in question.options:
            if option.free and draw(st.booleans()):
                found[free_key(question, option)] = draw(LABELS)
    return found


@st.composite
def answers_of(draw: st.DrawFn, definition: Definition) -> dict[str, JSON]:
    """Clean answers to a form, as a draft holds them."""
    found: dict[str, JSON] = {}
    for section in definition.sections:
        if section.repeats:
            rows = draw(st.lists(row_answers(section), max_size=3))
            if rows:
                found[section.key] = [{"row": f"row-{n}", **row} for n, row in enumerate(rows)]
        elif row := draw(row_answers(section)):
            found[section.key] = row
    return found
