"""Pure decisions: how a page reads, what is right, what is still missing."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.elearning.errors import Incomplete, NotReady
from app.elearning.types import Check, Solution, UnitDraft, UnitKind, VersionRow
from app.kernel.types import JSON
from app.questions.carrying import single_of
from app.questions.errors import BrokenDefinition
from app.questions.types import Answers, Kind, Question

# The check is one section of the question engine.
CHECK = "check"
# Without 0 O, 1 I L, 2 Z, 5 S, 8 B: read from paper and typed again.
CODE_LETTERS = "34679ACDEFGHJKMNPQRTUVWXY"
CODE_LENGTH = 12
HEADINGS, BULLETS = ("■", "# "), ("・", "- ")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page: `heading`, `list` or `text`, with its lines."""

    kind: str
    lines: tuple[str, ...]


def blocks(body: str) -> list[Block]:
    """The parts of a typed page: 「■」 begins a heading, 「・」 an item of a list, an empty line a new paragraph."""
    found: list[Block] = []
    joins = False
    for line in (one.strip() for one in body.split("\n")):
        kind, words = _read_line(line)
        if not line:
            joins = False
            continue
        if joins and kind != "heading" and found[-1].kind == kind:
            found[-1] = Block(kind, (*found[-1].lines, words))
        else:
            found.append(Block(kind, (words,)))
        joins = kind != "heading"
    return found


def _read_line(line: str) -> tuple[str, str]:
    for kind, marks in (("heading", HEADINGS), ("list", BULLETS)):
        for mark in marks:
            if line.startswith(mark) and line != mark:
                return kind, line.removeprefix(mark).strip()
    return "text", line


def check_unit(draft: UnitDraft, *, has_file: bool, has_captions: bool) -> None:
    """Raises Incomplete where a unit lacks what its kind is made of; `has_…`: with what is there or was sent."""
    if draft.kind is UnitKind.PAGE and not draft.body:
        raise Incomplete("本文を入力してください。", "body")
    if draft.kind is UnitKind.LINK and not draft.url.startswith("https://"):
        raise Incomplete("リンク先は、https://から始まるアドレスを入力してください。", "url")
    if draft.kind.has_file and not has_file:
        raise Incomplete("ファイルを選んでください。", "file")
    if draft.kind is UnitKind.VIDEO and not has_captions and not draft.body:
        raise Incomplete("字幕ファイルを選ぶか、動画で話している内容を文章で入力してください。", "body")


def digest(*parts: str | None) -> str:
    """Differs where one of the parts does."""
    written = "\0".join("" if part is None else part for part in parts)
    return sha256(written.encode()).hexdigest()


def check_solution(question: Question, solution: Solution) -> None:
    """Raises BrokenDefinition where nobody could answer a question of the check rightly."""
    if question.kind not in {Kind.SINGLE, Kind.MULTIPLE}:
        raise BrokenDefinition("確認テストの問題は、選ぶ問題にしてください。")
    offered = {option.key for option in question.offered}
    if len(offered) < 2:
        raise BrokenDefinition("選択肢を2つ以上入力してください。")
    if not solution.right or not offered.issuperset(solution.right):
        raise BrokenDefinition("正解の選択肢にチェックを付けてください。")
    if question.kind is Kind.SINGLE and len(solution.right) != 1:
        raise BrokenDefinition("「一つ選ぶ」の問題では、正解を1つにしてください。")


def right_answers(check: Check, answers: Answers) -> frozenset[str]:
    """The keys of the questions that were answered rightly: everything that is right was chosen, and nothing else."""
    given = single_of(check.definition.section(CHECK), answers) if check.definition else {}
    return frozenset(
        question.key
        for question in check.questions
        if _chosen(given.get(question.key)) == set(check.solutions[question.key].right)
    )


def passed(check: Check, right: int) -> bool:
    """Whether so many right answers are enough."""
    return 100 * right >= check.pass_percent * len(check.questions)


def check_publishable(draft: VersionRow, before: VersionRow | None) -> None:
    """Raises NotReady for a version without units, or one that is the same as the version before it."""
    if not draft.units:
        raise NotReady("単元を1つ以上追加してから公開してください。")
    if before is not None and _contents(draft) == _contents(before):
        raise NotReady(f"第{before.number}版から変わったところがありません。")


def typed_code(typed: str) -> str:
    """A code as it is stored, from what somebody read off paper: any width and case, with hyphens or without."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in plain if letter in CODE_LETTERS)[: CODE_LENGTH + 1]


def code_text(code: str) -> str:
    """3A4C-6D7E-9FGH"""
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def solutions_to_json(solutions: Mapping[str, Solution], asked: Sequence[Question]) -> dict[str, JSON]:
    """What is right of the questions that are asked, as it is stored."""
    keys = [question.key for question in asked]
    return {key: {"right": list[JSON](solutions[key].right), "why": solutions[key].why} for key in keys}


def _chosen(value: JSON) -> set[str]:
    chosen = value if isinstance(value, list) else [value]
    return {str(one) for one in chosen if one is not None}


def _contents(version: VersionRow) -> object:
    return [unit.digest for unit in version.units], version.check
