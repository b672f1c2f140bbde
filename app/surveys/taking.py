"""Pure: which projects a section could take into its answer, of last year's and of its inventory of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import product

from app.kernel import text
from app.questions.carrying import Row
from app.questions.merging import keys_of
from app.questions.types import Definition, Section
from app.surveys.rules import CONTINUATION, ENDED, PUBLISH
from app.surveys.types import AnswerView, Candidate, TaskFacts

# Answers that hold for one year only: they are asked for anew.
OF_ONE_YEAR = frozenset({PUBLISH, CONTINUATION, "cost", "shared_cost", "participants", "results", "issue", "next"})
# A row of the worksheet and what it tells of a project: the worksheet's question, the survey's.
FROM_TASK: Mapping[str, str] = {
    "task": "name",
    "purpose": "summary",
    "forms": "forms",
    "forms/other": "forms/other",
    "partners": "partners",
    "partners/other": "partners/other",
    "partner_names": "partner_names",
    "cost": "cost",
}


def from_last_year(definition: Definition, source: str, view: AnswerView) -> Iterator[Candidate]:
    """The projects that a section told of a year ago and that did not end then, without what holds for a year only."""
    known = {section.key: section for section in definition.sections if section.repeats}
    for part in view.rows:
        section = known.get(part.section.key)
        if section is not None and part.answers.get(CONTINUATION) != ENDED:
            kept = {key: value for key, value in part.answers.items() if key not in OF_ONE_YEAR}
            yield _candidate(source, section, part.row, kept)


def from_tasks(definition: Definition, source: str, tasks: Iterable[TaskFacts]) -> Iterator[Candidate]:
    """The tasks of a worksheet as projects of the survey's first section that repeats."""
    repeating = [one for one in definition.sections if one.repeats]
    for section, task in product(repeating[:1], tasks):
        found = {FROM_TASK[key]: value for key, value in task.answers.items() if key in FROM_TASK}
        row = "w" + sha256(task.row.encode()).hexdigest()[:16]
        yield _candidate(source, section, row, found)


def still_offered(candidates: Iterable[Candidate], view: AnswerView) -> list[Candidate]:
    """Those that are not in the answer yet, neither the row itself nor another of its name; each name once."""
    rows = {(part.section.key, part.row) for part in view.rows}
    names = {text.folded(part.name) for part in view.rows}
    found = []
    for one in candidates:
        name = text.folded(one.name)
        if (one.section, one.row) not in rows and name not in names:
            names.add(name)
            found.append(one)
    return found


def _candidate(source: str, section: Section, row: str, answers: Row) -> Candidate:
    known = {key for asked in section.questions for key in keys_of(asked)}
    kept = {key: value for key, value in answers.items() if key in known}
    return Candidate(source, section.key, row, str(kept.get(section.questions[0].key, "")), kept)
