"""A section's worksheet as a workbook to fill in without the network: its own answers, drop-downs, checks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet as Sheet

from app.documents.sheets import FONT, OPTIONS, cell_text
from app.kernel.types import JSON
from app.questions import codec
from app.questions.carrying import Row, rows_of, single_of
from app.questions.kinds import labels_of, words_of
from app.questions.types import Kind, Question, Section
from app.worksheets.sheet_layout import CIRCLE, HEAD, MARK, MARK_SHEET, Column, columns, name_of
from app.worksheets.types import WorksheetView

# Empty lines with drop-downs below the rows that are there.
SPARE_ROWS = 30
_GUIDE = (
    "1　このファイルは、記入した内容ごと画面から取り込めます。別名で保存してもかまいません。",
    "2　黄色い見出しは必須です。選ぶ欄では、セルの右の▼から選びます。複数選べる質問は、当てはまる欄に○を入れます。",
    "3　行を増やすときは、最後の行の下に続けて記入します。見出しと列は変えないでください。",
    "4　計算式とマクロは取り込めません。値だけを入れてください。",
)


def write(view: WorksheetView, unit_name: str) -> bytes:
    """The workbook (.xlsx) of a section's worksheet as it stands; sheet_reading.read() takes it back."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        writer = _Writer(book)
        writer.guide(view, unit_name)
        for number, section in enumerate(view.definition.sections, start=1):
            writer.section(number, section, view)
        writer.mark(view)
    return file.getvalue()


class _Writer:
    """One workbook under way; drop-downs take their choices from the hidden sheet."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._title = book.add_format({**FONT, "bold": True, "font_size": 14})
        plain = {**FONT, "valign": "top", "text_wrap": True, "border": 4}
        self._plain = book.add_format({**FONT, "text_wrap": True})
        self._text = book.add_format({**plain, "num_format": "@"})
        self._number = book.add_format(plain)
        self._day = book.add_format({**plain, "num_format": "yyyy/m/d"})
        head = {**FONT, "bold": True, "text_wrap": True, "valign": "top", "border": 1}
        self._head = book.add_format({**head, "bg_color": "#E8F1FE"})
        self._needed = book.add_format({**head, "bg_color": "#FFF3B8"})
        self._choices: dict[tuple[str, ...], int] = {}

    def guide(self, view: WorksheetView, unit_name: str) -> None:
        """What it is and how it is filled in."""
        sheet = self._book.add_worksheet("記入のしかた")
        sheet.set_column(0, 0, 90)
        sheet.write_string(0, 0, cell_text(f"{view.template.title}（{unit_name}）"), self._title)
        for line, words in enumerate((cell_text(view.definition.hint), *_GUIDE), start=2):
            sheet.write_string(line, 0, words, self._plain)

    def section(self, number: int, section: Section, view: WorksheetView) -> None:
        """A row a thing, or a line a question."""
        sheet = self._book.add_worksheet(name_of(number, section))
        asked = columns(section)
        if section.repeats:
            self._rows(sheet, asked, rows_of(section, view.answers))
        else:
            self._lines(sheet, asked, single_of(section, view.answers))

    def mark(self, view: WorksheetView) -> None:
        """What the workbook is, and the choices of its drop-downs; nobody need see it."""
        sheet = self._book.add_worksheet(MARK_SHEET)
        for line, value in enumerate(
            (MARK, view.template.id, view.unit_id, view.version, codec.digest(view.definition))
        ):
            sheet.write_string(line, 0, str(value))
        for labels, column in self._choices.items():
            for line, label in enumerate(labels):
                sheet.write_string(line, column, cell_text(label))
        sheet.very_hidden()

    def _rows(self, sheet: Sheet, asked: list[Column], rows: list[Row]) -> None:
        bottom = HEAD + len(rows) + SPARE_ROWS - 1
        sheet.write_string(0, 0, "行の記号", self._head)
        sheet.set_column(0, 0, None, None, {"hidden": True})
        for place, column in enumerate(asked, start=1):
            sheet.write_string(0, place, cell_text(column.heading), self._head_of(column.question))
            sheet.set_column(place, place, _width(column))
            self._restrict(sheet, column, HEAD, place, bottom)
            # A format for the whole column would become a million cells where another program saves the file.
            for line in range(HEAD, bottom + 1):
                sheet.write_blank(line, place, None, self._format(column))
        for line, row in enumerate(rows, start=HEAD):
            sheet.write_string(line, 0, str(row["row"]))
            for place, column in enumerate(asked, start=1):
                self._write(sheet, line, place, column, row)
        sheet.freeze_panes(HEAD, min(2, len(asked)))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)

    def _lines(self, sheet: Sheet, asked: list[Column], answers: Row) -> None:
        sheet.write_string(0, 0, "質問", self._head)
        sheet.write_string(0, 1, "記入欄", self._head)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 1, 60)
        for line, column in enumerate(asked, start=HEAD):
            sheet.write_string(line, 0, cell_text(column.heading), self._head_of(column.question))
            sheet.write_blank(line, 1, None, self._format(column))
            self._restrict(sheet, column, line, 1, line)
            self._write(sheet, line, 1, column, answers)

    def _write(self, sheet: Sheet, line: int, place: int, column: Column, answers: Row) -> None:
        value = answers.get(column.key)
        if column.option is not None:
            value = CIRCLE if isinstance(value, list) and column.option.key in value else None
        if value is None:
            return
        if column.question.kind is Kind.NUMBER and (number := _number(value)) is not None:
            sheet.write_number(line, place, number, self._number)
        elif column.question.kind is Kind.DATE and (day := _day(value)) is not None:
            sheet.write_datetime(line, place, day, self._day)
        elif column.key == column.question.key and column.question.kind in {Kind.SINGLE, Kind.YES_NO}:
            sheet.write_string(line, place, cell_text(words_of(column.question, value)), self._text)
        else:
            sheet.write_string(line, place, cell_text(str(value)), self._text)

    def _restrict(self, sheet: Sheet, column: Column, top: int, place: int, bottom: int) -> None:
        if column.option is not None:
            choices: tuple[str, ...] = (CIRCLE,)
        elif column.key == column.question.key:
            choices = tuple(label for _key, label in labels_of(column.question))
        else:
            return
        if choices:
            where = self._choices.setdefault(choices, len(self._choices) + 1)
            letters = xlsxwriter.utility.xl_col_to_name(where, col_abs=True)
            rule: dict[str, Any] = {
                "validate": "list",
                "source": f"={MARK_SHEET}!{letters}$1:{letters}${len(choices)}",
                "error_title": "選択肢から選んでください",
                "error_message": "セルの右の▼から選んでください。",
            }
            sheet.data_validation(top, place, bottom, place, rule)

    def _head_of(self, question: Question) -> Format:
        return self._needed if question.required and question.condition is None else self._head

    def _format(self, column: Column) -> Format:
        if column.key != column.question.key:
            return self._text
        return {Kind.NUMBER: self._number, Kind.DATE: self._day}.get(column.question.kind, self._text)


def _number(value: JSON) -> float | None:
    """The number, where a spreadsheet holds exactly this one."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return float(number) if number.is_finite() and Decimal(str(float(number))) == number else None


def _day(value: JSON) -> date | None:
    """The day, where a spreadsheet's calendar has it."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if day >= date(1900, 3, 1) else None


def _width(column: Column) -> float:
    if column.option is not None:
        return 10
    return {Kind.TEXT: 40, Kind.LINE: 24, Kind.SINGLE: 20}.get(column.question.kind, 12)
