"""Excel workbooks (.xlsx) from plain rows: one table, one sheet, no merged cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.documents.types import Cell

# What XML 1.0 cannot hold; a single such character would make Excel call the file damaged.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ILLEGAL_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_TITLE_LIMIT = 31
_CELL_LIMIT = 32_767
_PAPER_A4 = 9
_NARROWEST, _WIDEST = 6, 40
# Widths are measured on this many rows: enough to be right, cheap on a year's export.
_MEASURED_ROWS = 200
FONT = {"font_name": "BIZ UDPゴシック", "font_size": 11}
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx(
    sheet_title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    widths: Sequence[float] | None = None,
    title_rows: Sequence[str] = (),
) -> bytes:
    """A workbook with one table, ready to filter and to print on A4.

    Text stays text (=SUM(…), 0864, +81…), typed numbers are numbers. `widths` are in characters of half width, one a
    column (None: measured). `title_rows` stand above the table; leave them out where a program reads the file.
    """
    body = [list(row) for row in rows]
    file = BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(sheet_name(sheet_title))
        title = book.add_format({**FONT, "bold": True})
        head = book.add_format({**FONT, "bold": True, "bg_color": "#E8F1FE", "border": 1, "text_wrap": True})
        cell = book.add_format({**FONT, "num_format": "@", "valign": "top", "text_wrap": True, "border": 4})
        number = book.add_format({**FONT, "valign": "top", "border": 4})
        for index, line in enumerate(title_rows):
            sheet.write_string(index, 0, cell_text(line), title)
        top = len(title_rows)
        _write_row(sheet, top, header, text=head, number=head)
        for index, row in enumerate(body, start=top + 1):
            _write_row(sheet, index, row, text=cell, number=number)
        bottom, right = top + len(body), max(len(header) - 1, 0)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, bottom, right)
        # Phone numbers are text on purpose; Excel need not flag each of them.
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_column_name(right)}{bottom + 1}"})
        for column, width in enumerate(widths or _measured(header, body)):
            sheet.set_column(column, column, width)
        _set_up_print(sheet, top)
    return file.getvalue()


def _write_row(sheet: Worksheet, index: int, row: Sequence[Cell], *, text: Format, number: Format) -> None:
    for column, value in enumerate(row):
        if value is None or value == "":
            sheet.write_blank(index, column, None, text)
        elif isinstance(value, str):
            sheet.write_string(index, column, cell_text(value), text)
        else:
            sheet.write_number(index, column, value, number)


def _set_up_print(sheet: Worksheet, header_row: int) -> None:
    """A4, all columns on one page's width, the heading on each page, page n of m at the foot."""
    sheet.set_paper(_PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&R&P／&Nページ")


def cell_text(value: str) -> str:
    """The value without what a workbook cannot hold; Excel's limit for one cell is 32,767 characters."""
    clean = _ILLEGAL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return clean if len(clean) < _CELL_LIMIT else clean[: _CELL_LIMIT - 1] + "…"


def sheet_name(title: str) -> str:
    """A name that Excel accepts: at most 31 UTF-16 units, none of []:*?/\\, no quote at either end, not empty."""
    name = _ILLEGAL_IN_TITLE.sub(" ", _ILLEGAL.sub("", title))
    while len(name.encode("utf-16-le")) // 2 > _TITLE_LIMIT:
        name = name[:-1]
    name = name.strip(" '")
    return name if name and name.casefold() != "history" else "一覧"


def _measured(header: Sequence[str], body: Sequence[Sequence[Cell]]) -> list[float]:
    """Widths from the longest text of each column, within reason."""
    widths = [float(_NARROWEST)] * len(header)
    for row in [header, *body[:_MEASURED_ROWS]]:
        for column, value in enumerate(row[: len(header)]):
            wide = sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in str(value or ""))
            widths[column] = max(widths[column], min(wide * 1.1 + 2, _WIDEST))
    return widths


def _column_name(index: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(65 + letter) + name
    return name
