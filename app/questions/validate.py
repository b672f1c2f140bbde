"""From untrusted answers to clean ones, with everything that is wrong named at its place."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from app.kernel.types import JSON
from app.questions.errors import Unreadable
from app.questions.kinds import KINDS, LONGEST_OF_ALL, Line
from app.questions.types import Checked, Condition, Definition, Kind, Option, Problem, Question, Section, free_key

_ROW = re.compile(r"[A-Za-z0-9_-]{1,24}")
# A sheet of work has tens of rows; beyond this nobody typed them.
MOST_ROWS = 1000
_FREE = Question("free", Kind.LINE, "")
_ASKING = {
    Kind.SINGLE: "を選んでください。",
    Kind.MULTIPLE: "を選んでください。",
    Kind.YES_NO: "を選んでください。",
    Kind.FILE: "のファイルを選んでください。",
    Kind.CONSENT: "をお読みになり、チェックを入れてください。",
}


def new_row() -> str:
    """An id for a new row; two editors never make the same one."""
    return secrets.token_urlsafe(8)


def is_row(name: object) -> TypeGuard[str]:
    """Whether `name` can be the id of a row."""
    return isinstance(name, str) and _ROW.fullmatch(name) is not None


def check(definition: Definition, answers: object, *, complete: bool) -> Checked:
    """`answers` as a browser or a file gave them → what is stored, in the order of the form, and its problems.

    What no question asks for is dropped. A draft (`complete` false) demands nothing, keeps what a condition hides for
    now, and keeps what was typed even where it is wrong. For handing in, hidden answers and empty rows go, and each
    required answer must be there.
    """
    given = answers if isinstance(answers, Mapping) else {}
    clean: dict[str, JSON] = {}
    problems: list[Problem] = []
    for section in definition.sections:
        checker = _rows if section.repeats else _single
        found, wrong = checker(section, given.get(section.key), complete)
        if found:
            clean[section.key] = found
        problems += wrong
    return Checked(clean, tuple(problems))


def is_asked(condition: Condition | None, answers: Mapping[str, JSON]) -> bool:
    """Whether the answers of the same section or row call for the question."""
    if condition is None:
        return True
    value = answers.get(condition.question)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    chosen = value if isinstance(value, list) else [value]
    return any(one in condition.answers for one in chosen)


def check_row(questions: Sequence[Question], row: str, given: Mapping[str, object]) -> Checked:
    """One set of answers, to be handed in, to questions that stand by themselves; `row` names it in the problems."""
    clean, problems = _answers(Section("", "", tuple(questions)), row, given, complete=True)
    return Checked(clean, tuple(problems))


def _single(section: Section, given: object, complete: bool) -> tuple[JSON, list[Problem]]:
    clean, problems = _answers(section, None, given if isinstance(given, Mapping) else {}, complete)
    return clean, problems


def _rows(section: Section, given: object, complete: bool) -> tuple[JSON, list[Problem]]:
    rows: list[JSON] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for entry in (given if isinstance(given, list) else [])[:MOST_ROWS]:
        if not isinstance(entry, Mapping):
            continue
        named = entry.get("row")
        row = named if is_row(named) and named not in seen else new_row()
        clean, wrong = _answers(section, row, entry, complete)
        if complete and not clean:
            continue
        seen.add(row)
        rows.append({"row": row, **clean})
        problems += wrong
    return rows, [*_counted(section, len(rows), complete), *problems]


def _counted(section: Section, rows: int, complete: bool) -> Iterator[Problem]:
    if complete and rows < section.least_rows:
        said = f"「{section.title}」は{section.least_rows}{section.row_word}以上を記入してください。"
        yield Problem(section.key, None, None, said)
    if rows > section.most_rows:
        unit = section.row_word
        said = f"「{section.title}」は{section.most_rows}{unit}までです。いまは{rows}{unit}あります。"
        yield Problem(section.key, None, None, said)


def _answers(
    section: Section, row: str | None, given: Mapping[str, object], complete: bool
) -> tuple[dict[str, JSON], list[Problem]]:
    clean: dict[str, JSON] = {}
    problems: list[Problem] = []
    for question in section.questions:
        asked = is_asked(question.condition, clean)
        if complete and not asked:
            continue
        found, wrong = _answer(question, given.get(question.key), complete)
        free, freely_wrong = _free_lines(question, found, given, complete)
        if found is not None:
            clean[question.key] = found
        clean.update(free)
        told = [wrong, *freely_wrong] if asked else []
        problems += [Problem(section.key, row, question.key, one) for one in told if one]
    if complete and not clean and section.repeats:
        return {}, []
    return clean, problems


def _answer(question: Question, raw: object, complete: bool) -> tuple[JSON, str]:
    kind = KINDS[question.kind]
    try:
        value = kind.stored(question, raw)
    except Unreadable as wrong:
        return kind.typed(question, raw), f"「{question.label}」{wrong.message}"
    if value is None and question.required and complete:
        return None, f"「{question.label}」{_ASKING.get(question.kind, 'を入力してください。')}"
    return value, ""


def _free_lines(
    question: Question, value: JSON, given: Mapping[str, object], complete: bool
) -> tuple[dict[str, JSON], list[str]]:
    """The lines beside options; for handing in, only those of the options that were chosen."""
    found: dict[str, JSON] = {}
    wrong: list[str] = []
    for option in question.options:
        raw = given.get(free_key(question, option)) if option.free else None
        if raw is None or (complete and not _is_chosen(option, value)):
            continue
        line = Line().typed(_FREE, raw if isinstance(raw, str) else "")
        if isinstance(line, str):
            found[free_key(question, option)] = line[:LONGEST_OF_ALL]
            if len(line) > Line().most(_FREE):
                said = f"「{question.label}」の「{option.label}」は{Line().most(_FREE)}文字以内で入力してください。"
                wrong.append(said)
    return found, wrong


def _is_chosen(option: Option, value: JSON) -> bool:
    return option.key in value if isinstance(value, list) else option.key == value
