"""A filled-in workbook back into answers: another file is refused, what is wrong is named by its cell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

from app.documents.errors import UnreadableFile
from app.documents.reading import Table, Workbook, address, read_workbook
from app.kernel.types import JSON
from app.questions import codec
from app.questions.types import Problem, Section
from app.questions.validate import check, is_row
from app.worksheets.sheet_layout import CIRCLE, HEAD, MARK, MARK_SHEET, Column, columns, name_of
from app.worksheets.types import WorksheetView

_CIRCLES = frozenset({CIRCLE, "◯", "〇", "●", "1", "TRUE"})
Cells = dict[tuple[str, str | None, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one cell."""

    sheet: str
    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetAnswers:
    """What a workbook says. `version`: of the worksheet when the workbook was made."""

    answers: dict[str, JSON]
    problems: tuple[CellProblem, ...]
    version: int


def read(content: bytes, *, file_name: str, view: WorksheetView) -> SheetAnswers:
    """The answers in a workbook that sheets.write() made for this worksheet. Raises UnreadableFile."""
    book = read_workbook(content, file_name=file_name)
    version = _check_mark(book, view)
    readers = {
        section.key: _Reader(_sheet(book, name_of(number, section)), section)
        for number, section in enumerate(view.definition.sections, start=1)
    }
    given = {key: reader.answers() for key, reader in readers.items()}
    checked = check(view.definition, given, complete=False)
    ticks = [problem for reader in readers.values() for problem in reader.problems]
    problems = [readers[problem.section].at(problem) for problem in checked.problems]
    return SheetAnswers(checked.answers, (*ticks, *problems), version)


class _Reader:
    """One section's sheet."""

    def __init__(self, table: Table, section: Section) -> None:
        self._table = table
        self._section = section
        self._columns = columns(section)
        self._cells: Cells = {}
        self.problems: list[CellProblem] = []
        self._check_headings()

    def answers(self) -> JSON:
        """What was filled in, as `questions.validate.check` takes it."""
        return self._rows() if self._section.repeats else self._single()

    def _rows(self) -> JSON:
        """Every row that has an id or anything else in it."""
        found: list[JSON] = []
        names = [self._table.cell(line, 0) for line in range(len(self._table.rows))]
        taken = {name for name in names[HEAD:] if is_row(name)}
        seen: set[str] = set()
        for line, name in enumerate(names[HEAD:], start=HEAD):
            places = [(line, place) for place in range(1, len(self._columns) + 1)]
            cells = [self._table.cell(*place) for place in places]
            if not name and not any(cells):
                continue
            # A row that was copied brings its id along.
            key = name if is_row(name) and name not in seen else self._new_row(cells, taken)
            seen.add(key)
            found.append({"row": key, **self._answers(key, places)})
        return found

    def _new_row(self, cells: list[str | None], taken: set[str]) -> str:
        """An id made of what stands in the row: the same file taken a second time gives the same rows."""
        written = (json.dumps([self._section.key, time, cells]) for time in count())
        keys = (sha256(one.encode()).hexdigest()[:16] for one in written)
        key = next(one for one in keys if one not in taken)
        taken.add(key)
        return key

    def _single(self) -> JSON:
        return self._answers(None, [(HEAD + line, 1) for line in range(len(self._columns))])

    def at(self, problem: Problem) -> CellProblem:
        """A problem with the cell it is about."""
        place = self._cells.get((problem.section, problem.row, problem.question or ""))
        return CellProblem(self._table.sheet, address(*place) if place else "", problem.message)

    def _check_headings(self) -> None:
        wanted = [column.heading for column in self._columns]
        if self._section.repeats:
            found = [self._table.cell(0, place) for place in range(1, len(wanted) + 1)]
        else:
            found = [self._table.cell(HEAD + line, 0) for line in range(len(wanted))]
        for place, (want, have) in enumerate(zip(wanted, found, strict=True)):
            if (have or "").split() != want.split():
                cell = address(0, place + 1) if self._section.repeats else address(HEAD + place, 0)
                raise UnreadableFile(
                    f"シート「{self._table.sheet}」の{cell}の見出しが「{want}」ではありません。"
                    "見出しと列を変えずに記入してください。"
                )

    def _answers(self, row: str | None, places: list[tuple[int, int]]) -> dict[str, JSON]:
        found: dict[str, JSON] = {}
        for column, place in zip(self._columns, places, strict=True):
            self._cells.setdefault((self._section.key, row, column.question.key), place)
            value = self._table.cell(*place)
            if value is None:
                continue
            if column.option is not None:
                self._tick(found, column, place, value)
            else:
                found[column.key] = value
        return found

    def _tick(self, found: dict[str, JSON], column: Column, place: tuple[int, int], value: str) -> None:
        if value.strip() not in _CIRCLES:
            said = f"「{column.heading}」は、当てはまるときに「{CIRCLE}」を入れてください。"
            self.problems.append(CellProblem(self._table.sheet, address(*place), said))
            return
        chosen = found.setdefault(column.key, [])
        if isinstance(chosen, list) and column.option is not None:
            chosen.append(column.option.key)


def _check_mark(book: Workbook, view: WorksheetView) -> int:
    """The version that the workbook was made of. Raises UnreadableFile for any other file."""
    try:
        mark = book.sheet(MARK_SHEET)
    except LookupError:
        raise UnreadableFile("この画面からダウンロードしたExcelファイルを選んでください。") from None
    kind, template, unit, version, digest = (mark.cell(line, 0) for line in range(5))
    if kind != MARK:
        raise UnreadableFile("この画面からダウンロードしたExcelファイルを選んでください。")
    if template != str(view.template.id):
        raise UnreadableFile("別の年度か、別の様式のファイルです。この画面からダウンロードし直してください。")
    if unit != str(view.unit_id):
        raise UnreadableFile("別の課・室のファイルです。この画面からダウンロードし直してください。")
    if digest != codec.digest(view.definition):
        raise UnreadableFile(
            "ダウンロードのあとで設問が変わりました。ダウンロードし直して、記入した内容を写してください。"
        )
    return int(version) if version is not None and version.isascii() and version.isdigit() else 0


def _sheet(book: Workbook, name: str) -> Table:
    try:
        return book.sheet(name)
    except LookupError:
        raise UnreadableFile(
            f"シート「{name}」がありません。シートを消したり名前を変えたりしないでください。"
        ) from None
