"""A definition as JSON and back. What comes from outside is checked before it becomes a form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import sha256
from typing import Any

from app.kernel.types import JSON
from app.questions.errors import BrokenDefinition
from app.questions.kinds import labels_of
from app.questions.types import Condition, Definition, Kind, Option, Question, Section

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS = 20, 60, 60
# Names that the stored answers need for themselves.
RESERVED = frozenset({"row"})


def to_json(definition: Definition) -> dict[str, JSON]:
    """The definition as JSON; what is left at its default is left out."""
    sections: list[JSON] = [_section(section) for section in definition.sections]
    return _plain({"title": definition.title, "hint": definition.hint, "sections": sections})


def from_json(data: object) -> Definition:
    """The definition that `data` describes. Raises BrokenDefinition with a sentence that says where."""
    if not isinstance(data, Mapping):
        raise BrokenDefinition("様式の内容を読み取れません。")
    try:
        sections = tuple(_read_section(one) for one in _list(data, "sections"))
        definition = Definition(title=_str(data, "title"), sections=sections, hint=_str(data, "hint"))
    except (TypeError, ValueError, KeyError, AttributeError) as wrong:
        raise BrokenDefinition("様式の内容を読み取れません。") from wrong
    verify(definition)
    return definition


@lru_cache(maxsize=64)
def from_text(written: str) -> Definition:
    """from_json of stored text, read once however often it is asked for: a form takes milliseconds to read."""
    return from_json(json.loads(written))


def digest(definition: Definition) -> str:
    """Differs where the definition does: says which form somebody was looking at."""
    written = json.dumps(to_json(definition), ensure_ascii=False, sort_keys=True)
    return sha256(written.encode()).hexdigest()[:16]


def verify(definition: Definition) -> None:
    """Raises BrokenDefinition where keys meet twice, a condition points nowhere, options or bounds are missing."""
    if not definition.title:
        raise BrokenDefinition("様式の名称を入力してください。")
    if not 1 <= len(definition.sections) <= MOST_SECTIONS:
        raise BrokenDefinition(f"様式には、1から{MOST_SECTIONS}までの区分を置いてください。")
    _keys((s.key for s in definition.sections), "区分")
    for section in definition.sections:
        _verify_section(section)
    if all(question.internal for _section, question in definition):
        raise BrokenDefinition("様式には、各課が記入する質問を1つ以上置いてください。")


def _verify_section(section: Section) -> None:
    where = f"区分「{section.title}」"
    if not section.title:
        raise BrokenDefinition("区分の名称を入力してください。")
    if not 1 <= len(section.questions) <= MOST_QUESTIONS:
        raise BrokenDefinition(f"{where}には、1から{MOST_QUESTIONS}までの質問を置いてください。")
    if not 0 <= section.least_rows <= section.most_rows <= 500:
        raise BrokenDefinition(f"{where}の行数の下限と上限を確かめてください。")
    if section.repeats and all(q.internal for q in section.questions):
        raise BrokenDefinition(f"{where}は行を増やす区分のため、各課が記入する質問を1つ以上置いてください。")
    verify_questions(section.questions, where)


def verify_questions(questions: Sequence[Question], where: str) -> None:
    """Raises BrokenDefinition where questions that stand together in `where` contradict themselves or each other."""
    _keys((q.key for q in questions), f"{where}の質問")
    for place, question in enumerate(questions):
        _verify_question(question)
        _verify_condition(question, questions[:place])


def _verify_question(question: Question) -> None:
    where = f"質問「{question.label}」"
    if not question.label:
        raise BrokenDefinition("質問文を入力してください。")
    chosen = question.kind in {Kind.SINGLE, Kind.MULTIPLE}
    if chosen != bool(question.options) or len(question.options) > MOST_OPTIONS:
        raise BrokenDefinition(f"{where}の選択肢を確かめてください。選ぶ質問には、1から{MOST_OPTIONS}まで必要です。")
    _keys((option.key for option in question.options), f"{where}の選択肢")
    labels = [option.label for option in question.options]
    if len({*labels, *(o.key for o in question.options)}) != 2 * len(labels) or not all(labels):
        raise BrokenDefinition(f"{where}の選択肢は、一つずつ異なる言葉にしてください。")
    try:
        least, most = (None if b is None else Decimal(b) for b in (question.least, question.most))
        step = Decimal(question.step)
    except InvalidOperation:
        raise BrokenDefinition(f"{where}の下限・上限・刻みは、数字で入力してください。") from None
    if (least is not None and most is not None and least > most) or step <= 0:
        raise BrokenDefinition(f"{where}の下限・上限・刻みを確かめてください。")
    if question.kind in {Kind.LINE, Kind.TEXT} and most is not None and (most < 1 or most % 1):
        raise BrokenDefinition(f"{where}の文字数の上限を確かめてください。")


def _verify_condition(question: Question, before: Iterable[Question]) -> None:
    if question.condition is None:
        return
    asked = next((q for q in before if q.key == question.condition.question), None)
    if asked is None:
        raise BrokenDefinition(f"質問「{question.label}」の条件は、同じ区分の前の質問を指してください。")
    if asked.internal and not question.internal:
        raise BrokenDefinition(f"事務局だけの質問「{asked.label}」を、質問「{question.label}」の条件にはできません。")
    known = {key for key, _label in labels_of(asked)} | {option.key for option in asked.options}
    if not question.condition.answers or not set(question.condition.answers) <= known:
        raise BrokenDefinition(f"質問「{question.label}」の条件の答えが、質問「{asked.label}」にありません。")


def _keys(keys: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if not _KEY.fullmatch(key) or key in RESERVED:
            raise BrokenDefinition(f"{where}の記号「{key}」は使えません。英小文字で始まる英数字にしてください。")
        if key in seen:
            raise BrokenDefinition(f"{where}の記号「{key}」が二つあります。")
        seen.add(key)


def _section(section: Section) -> JSON:
    return _plain(
        {
            "key": section.key,
            "title": section.title,
            "hint": section.hint,
            "repeats": section.repeats,
            "least_rows": section.least_rows,
            "most_rows": section.most_rows,
            "row_word": section.row_word,
            "questions": [question_to_json(question) for question in section.questions],
        }
    )


def question_to_json(question: Question) -> dict[str, JSON]:
    """One question as JSON; what is left at its default is left out."""
    condition: JSON = None
    if question.condition is not None:
        condition = {"question": question.condition.question, "answers": list(question.condition.answers)}
    return _plain(
        {
            "key": question.key,
            "kind": question.kind.value,
            "label": question.label,
            "hint": question.hint,
            "required": question.required,
            "options": [_option(option) for option in question.options],
            "condition": condition,
            "least": question.least,
            "most": question.most,
            "step": question.step if question.step != "1" else None,
            "unit": question.unit,
            "internal": question.internal,
            "per_person": question.per_person,
        }
    )


def _option(option: Option) -> JSON:
    return _plain({"key": option.key, "label": option.label, "free": option.free, "past": option.past})


def _plain(fields: Mapping[str, JSON]) -> dict[str, JSON]:
    return {name: value for name, value in fields.items() if value not in (None, "", False, [])}


def _read_section(data: Mapping[str, Any]) -> Section:
    return Section(
        key=_str(data, "key"),
        title=_str(data, "title"),
        questions=tuple(question_from_json(one) for one in _list(data, "questions")),
        hint=_str(data, "hint"),
        repeats=bool(data.get("repeats", False)),
        least_rows=int(data.get("least_rows", 0)),
        most_rows=int(data.get("most_rows", 200)),
        row_word=_str(data, "row_word") or "行",
    )


def question_from_json(data: Mapping[str, Any]) -> Question:
    """One question that was kept as JSON."""
    return Question(
        key=_str(data, "key"),
        kind=Kind(data["kind"]),
        label=_str(data, "label"),
        hint=_str(data, "hint"),
        required=bool(data.get("required", False)),
        options=tuple(
            Option(_str(one, "key"), _str(one, "label"), bool(one.get("free", False)), bool(one.get("past", False)))
            for one in _list(data, "options")
        ),
        condition=_read_condition(data.get("condition")),
        least=_written(data.get("least")),
        most=_written(data.get("most")),
        step=_written(data.get("step")) or "1",
        unit=_str(data, "unit"),
        internal=bool(data.get("internal", False)),
        per_person=bool(data.get("per_person", False)),
    )


def _read_condition(data: Mapping[str, Any] | None) -> Condition | None:
    return Condition(_str(data, "question"), tuple(map(str, _list(data, "answers")))) if data else None


def _written(value: object) -> str | None:
    return None if value is None else str(value)


def _str(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise TypeError(name)
    return value.strip()


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    value = data.get(name, [])
    if not isinstance(value, list):
        raise TypeError(name)
    return value
