"""A form made of data as a form on a page: names of its controls, and what was typed into them.

`q-<section>-<question>`, in a row `q-<section>-<row>-<question>`; `rows-<section>` lists the rows in order, so that
a row stays although nothing is typed in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.kernel.types import JSON
from app.questions.carrying import Row, rows_of, single_of
from app.questions.kinds import labels_of
from app.questions.types import Answers, Definition, Kind, Problem, Question, Section, free_key
from app.questions.validate import new_row

Typed = MultiDict[str, str]


def name_of(section: Section, row: str | None, key: str) -> str:
    """The name of a control, and its id."""
    return "-".join(part for part in ("q", section.key, row, key) if part is not None).replace("/", ".")


def typed_answers(definition: Definition, form: Typed) -> dict[str, JSON]:
    """What was typed, as `questions.validate.check` takes it."""
    found: dict[str, JSON] = {}
    for section in definition.sections:
        if section.repeats:
            rows = dict.fromkeys(form.getlist(f"rows-{section.key}"))
            found[section.key] = [{"row": row, **_typed(section, row, form)} for row in rows]
        else:
            found[section.key] = _typed(section, None, form)
    return found


def rearranged(typed: dict[str, JSON], doing: str, place: str) -> dict[str, JSON]:
    """What was typed after a press on `add:section`, or on `copy`, `remove`, `up` with `section:row` behind it."""
    section, _, row = place.partition(":")
    rows: Any = typed.get(section)
    if doing not in {"add", "copy", "remove", "up"} or not isinstance(rows, list):
        return typed
    at = next((n for n, one in enumerate(rows) if one["row"] == row), None)
    if doing == "add":
        rows.append({"row": new_row()})
    elif at is None:
        return typed
    elif doing == "remove":
        del rows[at]
    elif doing == "copy":
        rows.insert(at + 1, {**rows[at], "row": new_row()})
    elif at:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    return typed


def controls(definition: Definition, answers: Answers) -> dict[str, list[str]]:
    """Each control that has a value, with its values: what a browser would send for these answers."""
    found: dict[str, list[str]] = {}
    for section in definition.sections:
        if section.repeats:
            rows = rows_of(section, answers)
            found[f"rows-{section.key}"] = [str(row["row"]) for row in rows]
            for row in rows:
                found |= _controls(section, str(row["row"]), row)
        else:
            found |= _controls(section, None, single_of(section, answers))
    return found


def messages_at(definition: Definition, problems: Iterable[Problem]) -> dict[str, list[str]]:
    """The sentences by the id of their control; those of a whole section stand under its key."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        section = definition.section(problem.section)
        place = section.key if problem.question is None else name_of(section, problem.row, problem.question)
        found.setdefault(place, []).append(problem.message)
    return found


def linked(definition: Definition, answers: Answers, problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Each problem with the control it is about; of a row, which row it is, and of what where several have rows."""
    found = []
    ambiguous = sum(one.repeats for one in definition.sections) > 1
    for problem in problems:
        section = definition.section(problem.section)
        if problem.question is None:
            found.append((f"section-{section.key}", problem.message))
            continue
        rows = [row["row"] for row in rows_of(section, answers)]
        which = f"{section.row_word}{rows.index(problem.row) + 1}の" if problem.row is not None else ""
        if which and ambiguous:
            which = f"「{section.title}」の{which}"
        found.append((name_of(section, problem.row, problem.question), which + problem.message))
    return found


def shown(definition: Definition, answers: Answers, problems: Iterable[Problem]) -> dict[str, object]:
    """What a page needs to show a form made of data: what was typed, what is wrong with it, how controls are called."""
    said = tuple(problems)
    return {
        "values": controls(definition, answers),
        "wrong": messages_at(definition, said),
        "problems": linked(definition, answers, said),
        "name": name_of,
        "hint": hint_of,
        "choices": choices_of,
    }


def hint_of(section: Section, question: Question) -> str:
    """The hint, behind when the question is asked: 「現状の協働」が「企画段階から」「実施段階から」のとき"""
    condition = question.condition
    if condition is None:
        return question.hint
    asked = section.question(condition.question)
    words = [label for key, label in labels_of(asked) if key in condition.answers]
    return f"「{asked.label}」が「{'」「'.join(words)}」のときに記入。{question.hint}"


def choices_of(question: Question) -> list[tuple[str, str, bool]]:
    """What can be chosen: key, words, and whether a line stands beside it."""
    free = {option.key for option in question.options if option.free}
    return [(key, label, key in free) for key, label in labels_of(question)]


def _typed(section: Section, row: str | None, form: Typed) -> dict[str, JSON]:
    found: dict[str, JSON] = {}
    for question in section.questions:
        values = form.getlist(name_of(section, row, question.key))
        found[question.key] = list(values) if question.kind is Kind.MULTIPLE else (values[0] if values else "")
        for key in _free(question):
            found[key] = form.get(name_of(section, row, key), "")
    return found


def _controls(section: Section, row: str | None, answers: Row) -> dict[str, list[str]]:
    keys = [key for question in section.questions for key in (question.key, *_free(question))]
    return {name_of(section, row, key): _values(answers, key) for key in keys if key in answers}


def _values(answers: Mapping[str, JSON], key: str) -> list[str]:
    value = answers[key]
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(value)]


def _free(question: Question) -> list[str]:
    return [free_key(question, option) for option in question.options if option.free]
