"""CSV files that Excel, LibreOffice and programs read alike (RFC 4180; 行政データにおける機械可読性に関するルール)."""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from app.documents.types import Cell, CsvFile, Encoding, Replaced

GETA = "〓"
_LINE_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What a spreadsheet skips before it looks for a formula, or what could end the cell before it in a careless reader.
_SKIPPED = re.compile("[\\s\ufeff\u200b-\u200f\"',;]*")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_PHONE = re.compile(r"\+[0-9]{1,4}([- ]?[0-9]{1,5}){1,5}")
# か and a separate ゛. NFC of the whole text would also change kanji that cp932 has (塚 U+FA10).
_JOINED = re.compile(".[\u0300-\u036f\u3099\u309a]+")
_MUST_QUOTE = re.compile(r'[",\r\n\t]|^[ \u3000\']|[ \u3000]$')
_NUMERAL = re.compile(r"[+0-9.-]+")
# The same characters of JIS X 0208 under the code points that Microsoft's table does not use (〜 and ～, — and ―).
_SAME_IN_CP932 = str.maketrans("\u301c\u2014\u2016\u2212\u00a2\u00a3\u00a5\u00ac", "～―∥－￠￡￥￢")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, encoding: Encoding) -> CsvFile:
    """The table as a file: CRLF, one line a row, no line break inside a cell, formulas made harmless.

    UTF-8 begins with a BOM, without which Excel takes it for Shift_JIS. In cp932 a character that it lacks becomes 〓,
    and a kanji with a variation selector its plain form; both are listed in `replaced`.
    Text made of digits (0012) is quoted, so that a reader which takes quoted fields as text keeps its zeros; Excel does
    not: give it xlsx where that matters.
    """
    lines: list[str] = []
    replaced: list[Replaced] = []
    for number, row in enumerate([header, *rows], start=1):
        cells = [cell_text(cell) for cell in row]
        if encoding is Encoding.CP932:
            cells = [_in_cp932(c, number, column, replaced) for c, column in zip(cells, header, strict=True)]
        lines.append(_line(row, cells))
    codec = "utf-8-sig" if encoding is Encoding.UTF8 else "cp932"
    return CsvFile("".join(lines).encode(codec), tuple(replaced))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same in UTF-8, a line at a time: a table of any length needs the memory of one row."""
    yield codecs.BOM_UTF8
    for row in itertools.chain([header], rows):
        yield _line(row, [cell_text(cell) for cell in row]).encode()


def cell_text(cell: Cell) -> str:
    """The cell as it is written, before quoting. Text that a spreadsheet would run as a formula gets a leading '."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    text = _CONTROLS.sub("", _LINE_BREAKS.sub(" ", cell))
    return f"'{text}" if is_formula_like(cell) else text


def is_formula_like(text: str) -> bool:
    """True for text that begins as a formula does (OWASP CSV Injection: = + - @ TAB CR LF), in any width.

    Plain numbers and international phone numbers are not: -1 and +81-3-1234-5678 stay as they are.
    """
    if _NUMBER.fullmatch(text) or _PHONE.fullmatch(text):
        return False
    bare = _CONTROLS.sub("", _LINE_BREAKS.sub("\n", text))
    lead = _SKIPPED.match(bare)
    start = lead.end() if lead else 0
    first = unicodedata.normalize("NFKC", bare[start : start + 1])
    return first[:1] in {"=", "+", "-", "−", "@"} or not {"\t", "\n"}.isdisjoint(bare[:start])


def _line(row: Sequence[Cell], cells: Sequence[str]) -> str:
    fields = [_field(text, is_text=isinstance(cell, str)) for text, cell in zip(cells, row, strict=True)]
    return ",".join(fields) + "\r\n"


def _field(cell: str, *, is_text: bool) -> str:
    """The cell as it stands in the line, in quotes where it must or where it is text made of digits."""
    if _MUST_QUOTE.search(cell) or (is_text and _NUMERAL.fullmatch(cell)):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _in_cp932(cell: str, row: int, column: str, replaced: list[Replaced]) -> str:
    """The cell with what cp932 lacks replaced; each loss is added to `replaced`."""
    if _encodable(cell):
        return cell
    kept: list[str] = []
    for char in _JOINED.sub(_composed, cell).translate(_SAME_IN_CP932):
        if _encodable(char):
            kept.append(char)
        elif _selects_variant(char):
            replaced.append(Replaced(row, column, (kept[-1] if kept else "") + char))
        else:
            replaced.append(Replaced(row, column, char))
            kept.append(GETA)
    return "".join(kept)


def _composed(joined: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", joined[0])


def _encodable(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _selects_variant(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
