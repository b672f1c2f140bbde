"""Tables that people upload, as cells of plain text: Excel workbooks and CSV, bounded before they are parsed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from zipfile import BadZipFile

import openpyxl

from app.documents import archive
from app.documents.archive import DAMAGED, MACROS, Limits
from app.documents.errors import UnreadableFile

Row = tuple[str | None, ...]
LIMITS = Limits()
_NOT_TEXT = "CSVファイルの文字コードが読めません。UTF-8またはShift_JISで保存し直してください。"
_KIND = "Excelブック（.xlsx）またはCSVファイル（.csv）を選んでください。"
_UTF8_MARK, _UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
# Empty cells between full ones count too, and a part of the file that several sheets share counts for each.
_WITH_GAPS = 4
_BEYOND_A_SPREADSHEET = 32_767


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet from its first row and column on, empty rows included: row n of the file is `rows[n - 1]`.

    An empty cell is None. Numbers are written without an exponent where they are whole, days as YYYY-MM-DD.
    `sheet` is the sheet's name, empty for CSV.
    """

    rows: tuple[Row, ...]
    sheet: str = ""

    def cell(self, row: int, column: int) -> str | None:
        """The cell by numbers from 0 on; None outside the table."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets of a workbook, hidden ones too, in their order."""

    sheets: tuple[Table, ...]

    def sheet(self, name: str) -> Table:
        """The sheet of that name. Raises LookupError."""
        for table in self.sheets:
            if table.sheet == name:
                return table
        raise LookupError(name)


def address(row: int, column: int) -> str:
    """The name of a cell by numbers from 0 on: C5 for row 4, column 2."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def read_table(content: bytes, *, file_name: str, limits: Limits = LIMITS) -> Table:
    """The first sheet of a workbook, or a CSV file in UTF-8 (with or without BOM) or cp932. Raises UnreadableFile."""
    ending = _ending(content, file_name, limits)
    if ending == ".csv":
        return Table(_csv_rows(content, limits))
    if ending != ".xlsx":
        raise UnreadableFile(_KIND)
    return read_workbook(content, file_name=file_name, limits=limits).sheets[0]


def read_workbook(content: bytes, *, file_name: str, limits: Limits = LIMITS) -> Workbook:
    """Every sheet of an .xlsx workbook. Raises UnreadableFile; formulas are refused unless `limits` allow them."""
    if _ending(content, file_name, limits) != ".xlsx":
        raise UnreadableFile(archive.WRONG_TYPE)
    archive.inspect(content, limits)
    try:
        tables = _tables(content, limits)
    # What openpyxl raises for parts that contradict one another (SyntaxError: XML); it has no error of its own for all.
    except (
        BadZipFile,
        SyntaxError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
    ) as broken:
        raise UnreadableFile(DAMAGED) from broken
    if not tables:
        raise UnreadableFile(DAMAGED)
    return Workbook(tables)


def _ending(content: bytes, file_name: str, limits: Limits) -> str:
    """The kind that the name claims, in small letters."""
    if not content:
        raise UnreadableFile("ファイルが空です。")
    if len(content) > limits.size:
        raise UnreadableFile(f"ファイルが大きすぎます。{limits.size >> 20}MBまでにしてください。")
    _, dot, ending = file_name.lower().rpartition(".")
    if ending in {"xlsm", "xltm", "xlsb", "xlam"}:
        raise UnreadableFile(MACROS)
    if ending == "xls":
        raise UnreadableFile(archive.OLD_OR_LOCKED)
    return dot + ending


def _tables(content: bytes, limits: Limits) -> tuple[Table, ...]:
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False, data_only=limits.formulas)
    try:
        tables = []
        room = limits.cells * _WITH_GAPS
        for sheet in book.worksheets:
            # The size that a file claims for itself is not believed.
            sheet.reset_dimensions()
            rows: list[Row] = []
            for row in sheet.iter_rows(values_only=True):
                room -= len(row) + 1
                if room < 0:
                    raise UnreadableFile(archive.TOO_LARGE_INSIDE)
                rows.append(tuple(map(_text, row)))
            tables.append(Table(tuple(rows), sheet.title))
        return tuple(tables)
    finally:
        book.close()


def _text(value: object) -> str | None:
    """The cell as a person reads it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _csv_rows(content: bytes, limits: Limits) -> tuple[Row, ...]:
    rows: list[Row] = []
    cells = 0
    try:
        for row in csv.reader(StringIO(_decoded(content), newline=""), strict=True):
            cells += len(row)
            _check_csv(row, len(rows) + 1, cells, limits)
            rows.append(tuple(cell or None for cell in row))
    except csv.Error as broken:
        raise UnreadableFile(
            f'CSVファイルの{len(rows) + 1}行目が読めません。引用符（"）の対応を確かめてください。'
        ) from broken
    return tuple(rows)


def _check_csv(row: list[str], number: int, cells: int, limits: Limits) -> None:
    if number > limits.rows:
        raise UnreadableFile(f"行が多すぎます。{limits.rows:,}行までにしてください。")
    if len(row) > limits.columns:
        raise UnreadableFile(f"列が多すぎます（{number}行目）。{limits.columns}列までにしてください。")
    if cells > limits.cells:
        raise UnreadableFile(archive.TOO_LARGE_INSIDE)
    if any(len(cell) > _BEYOND_A_SPREADSHEET for cell in row):
        raise UnreadableFile(f"{number}行目に長すぎる文字列があります。")


def _decoded(content: bytes) -> str:
    """UTF-8 first: text in cp932 is practically never valid UTF-8, the other way round it often is."""
    if content.startswith(_UTF16_MARKS) or b"\0" in content:
        raise UnreadableFile(_NOT_TEXT)
    for encoding in ("utf-8", "cp932"):
        try:
            return content.removeprefix(_UTF8_MARK).decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_NOT_TEXT)
