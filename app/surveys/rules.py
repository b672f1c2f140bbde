"""Pure decisions about surveys: what may be written, what counts, what may be the same project, what is told of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from app.kernel import text
from app.kernel.types import JSON
from app.questions.kinds import labels_of
from app.questions.states import State
from app.questions.types import Checked, Definition, Kind, Question, Section, free_key
from app.questions.validate import check
from app.surveys.errors import NotCountable, NotWritable, WrongState
from app.surveys.project_types import Project, ProjectRow, Tally, Total
from app.surveys.types import SurveyRow

# The questions on which the count stands, and the answers that make a project 企画段階から.
STAGE, PLANNED = "stage", frozenset({"before_budget", "planning"})
CONTINUATION, ENDED = "continuation", "ended"
# The question whose yes lets a row be published, and the names by which projects of two sections are compared.
PUBLISH, PARTNER = "publish", "partner_names"
# What everybody sees totals of, in this order.
PUBLIC_TOTALS = ("forms", "partners", "fields", "districts")
# Shorter names are part of too many others to say anything.
TELLING = 4

Row = Mapping[str, JSON]


def counts(answers: Row) -> bool:
    """Whether a project is 企画段階から: begun with its partner in planning, and not ended this year (decision 28)."""
    return answers.get(STAGE) in PLANNED and answers.get(CONTINUATION) != ENDED


def check_countable(definition: Definition) -> None:
    """Raises NotCountable where no section that repeats asks what the count stands on."""
    for section in definition.sections:
        asked = {question.key: {o.key for o in question.options} for question in section.questions}
        if section.repeats and asked.get(STAGE, set()) >= PLANNED and ENDED in asked.get(CONTINUATION, set()):
            return
    raise NotCountable(
        "「協働を始めた段階」と「今年度の区分」の質問と選択肢は、件数を数えるために必要です。言葉は変えられますが、消せません。"
    )


def check_writable(survey: SurveyRow, state: State) -> None:
    """Raises NotWritable."""
    if survey.opened_at is None:
        raise NotWritable("この調査は、まだ始まっていません。")
    if survey.closed_at is not None:
        raise NotWritable("この調査の受付は終了しました。直すときは、担当課へご連絡ください。")
    if not state.editable:
        raise NotWritable(f"{state.word}のため、直せません。直すときは、取り下げるか、担当課へご連絡ください。")


def check_step(state: State, *, among: Iterable[State], doing: str) -> None:
    """Raises WrongState where `doing` does not follow from `state`."""
    if state not in set(among):
        raise WrongState(f"{state.word}のため、{doing}ができません。画面を読み込み直して、状態を確かめてください。")


# ---- the same project, told of by two sections


def alike(rows: Sequence[ProjectRow]) -> list[tuple[ProjectRow, ProjectRow, str]]:
    """Pairs of rows of different sections that may be one project, with the reason, in the order of `rows`.

    The same name; or the same partner, and one name within the other. Width, case, space and variant kanji do not
    matter.
    """
    place = {row.id: n for n, row in enumerate(rows)}
    named: dict[str, list[ProjectRow]] = defaultdict(list)
    partnered: dict[str, list[ProjectRow]] = defaultdict(list)
    for row in rows:
        named[text.folded(row.name)].append(row)
        partnered[text.folded(str(row.answers.get(PARTNER, "")))].append(row)
    partnered.pop("", None)
    found: dict[tuple[int, int], str] = {}
    for together, reason in ((named, "事業名が同じ"), (partnered, "相手方が同じで、事業名が似ている")):
        for group in together.values():
            for one, other in combinations(group, 2):
                if one.unit.id != other.unit.id and (together is named or _names_meet(one, other)):
                    found.setdefault((place[one.id], place[other.id]), reason)
    return [(rows[a], rows[b], reason) for (a, b), reason in sorted(found.items())]


def _names_meet(one: ProjectRow, other: ProjectRow) -> bool:
    shorter, longer = sorted((text.folded(one.name), text.folded(other.name)), key=len)
    return len(shorter) >= TELLING and shorter in longer


def joined(rows: Sequence[ProjectRow], same: Iterable[tuple[int, int]]) -> tuple[Project, ...]:
    """The rows as projects: what was marked as the same, directly or by way of others, is one. In the rows' order."""
    first = {row.id: row.id for row in rows}

    def root(one: int) -> int:
        while first[one] != one:
            one = first[one]
        return one

    for one, other in same:
        if one in first and other in first:
            low, high = sorted((root(one), root(other)))
            first[high] = low
    groups: dict[int, list[ProjectRow]] = defaultdict(list)
    for row in rows:
        groups[root(row.id)].append(row)
    return tuple(Project(tuple(group)) for group in groups.values())


# ---- totals


def totals(questions: Iterable[Question], projects: Sequence[Project]) -> list[Total]:
    """How often each option was chosen. A project of several rows chose what any of them did, once."""
    chosen = [(project.counted, _chosen(project)) for project in projects]
    base = (sum(counted for counted, _ in chosen), len(chosen))
    found = []
    for asked in questions:
        every = Counter(key for _, keys in chosen for question, key in keys if question == asked.key)
        counted = Counter(key for yes, keys in chosen if yes for question, key in keys if question == asked.key)
        tallies = (Tally(key, label, counted[key], every[key]) for key, label in labels_of(asked))
        found.append(Total(asked, tuple(tallies), base))
    return found


def countable(definition: Definition) -> list[Question]:
    """The questions about projects that have options; the same key in two sections is one."""
    repeating = (section for section in definition.sections if section.repeats)
    return list({q.key: q for section in repeating for q in section.questions if labels_of(q)}.values())


def _chosen(project: Project) -> set[tuple[str, str]]:
    found = set()
    for row in project.rows:
        for key, value in row.answers.items():
            if isinstance(value, bool):
                found.add((key, "yes" if value else "no"))
            elif isinstance(value, list):
                found |= {(key, str(one)) for one in value}
            else:
                found.add((key, str(value)))
    return found


# ---- parts and columns


def check_part(section: Section, answers: object, *, complete: bool) -> Checked:
    """The answers of one part, cleaned, and what is wrong with them; for handing in where `complete`."""
    alone = replace(section, repeats=False)
    return check(Definition("", (alone,)), {section.key: answers}, complete=complete)


def columns(section: Section) -> Iterator[tuple[str, Question, str]]:
    """The columns of a machine-readable list: (heading, question, option); several options are a column each.

    行政データにおける機械可読性に関するルール: one cell, one value.
    """
    for asked in section.questions:
        if asked.key == PUBLISH:
            continue
        if asked.kind is Kind.MULTIPLE:
            yield from ((f"{asked.label}：{label}", asked, key) for key, label in labels_of(asked))
        else:
            yield asked.label + (f"（{asked.unit}）" if asked.unit else ""), asked, ""
        yield from (
            (f"{asked.label}：{option.label}（内容）", asked, free_key(asked, option))
            for option in asked.options
            if option.free
        )
