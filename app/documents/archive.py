"""What an .xlsx file may contain before a parser sees it: a bounded ZIP of plain XML, no macros, no entities."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from app.documents.errors import UnreadableFile

WRONG_TYPE = "Excelブック（.xlsx）として読めません。Excelで「Excelブック（.xlsx）」として保存し直してください。"
DAMAGED = "ファイルが壊れているため読めません。Excelで開いて保存し直してください。"
MACROS = "マクロを含むファイルは受け付けていません。「Excelブック（.xlsx）」として保存し直してください。"
LOCKED = "パスワードの付いたファイルは読めません。パスワードを外して保存し直してください。"
OLD_OR_LOCKED = (
    "パスワードの付いたファイルと古い形式（.xls）のファイルは読めません。"
    "パスワードを外し、「Excelブック（.xlsx）」として保存し直してください。"
)
UNSAFE = "安全に読めない内容が含まれているため、受け付けられません。"
TOO_LARGE_INSIDE = "ファイルの中身が大きすぎます。使っていない行・列・シートと画像を削除してください。"

_ZIP, _COMPOUND_FILE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CENTRAL_ENTRY = b"PK\x01\x02"
_MOST_ENTRIES = 200
_MOST_BYTES = 12 << 20
# Workbook, styles, relations: Excel's own stay far below. Only sheets and shared strings hold people's data.
_MOST_BYTES_OF_FRAME = 1 << 20
# Honest sheets stay below 50; deflate reaches 1,032 on nothing but repetition.
_MOST_RATIO, _RATIO_MATTERS_FROM = 200, 1 << 20
# What a sheet with text is made of. Every other element (styles, formats, names) becomes an object of its own in
# a parser, which costs a hundred times what reading past it costs.
_OF_A_CELL = frozenset({"row", "c", "v", "is", "si", "t"})
_OF_A_READING = frozenset({"rPh", "phoneticPr"})
_MOST_ELEMENTS_A_CELL = 5
_MOST_OTHER_ELEMENTS = 10_000
_MOST_SHEETS = 50
_DATA_PART = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most: `size` in bytes as uploaded, the rest for each sheet; `cells` in all sheets."""

    size: int = 5 << 20
    rows: int = 5_000
    columns: int = 200
    cells: int = 30_000
    formulas: bool = False


def inspect(content: bytes, limits: Limits) -> None:
    """Look into the file without building anything from it. Raises UnreadableFile.

    Sizes are those of the directory: zipfile never hands out more than it promises, and parsers read through zipfile.
    """
    if content.startswith(_COMPOUND_FILE):
        raise UnreadableFile(OLD_OR_LOCKED)
    if not content.startswith(_ZIP):
        raise UnreadableFile(WRONG_TYPE)
    # Counted before the directory is read: a hundred thousand entries would become as many objects.
    if content.count(_CENTRAL_ENTRY) > _MOST_ENTRIES:
        raise UnreadableFile(UNSAFE)
    try:
        with ZipFile(BytesIO(content)) as parts:
            entries = parts.infolist()
            _check_entries(entries)
            watch = _Watch(limits)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    parseString(parts.read(entry), watch, forbid_dtd=True)
    except DefusedXmlException as unsafe:
        raise UnreadableFile(UNSAFE) from unsafe
    except (BadZipFile, SAXException, zlib.error, EOFError, NotImplementedError, ValueError) as broken:
        raise UnreadableFile(DAMAGED) from broken


def _check_entries(entries: list[ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(_leaves_the_folder(name) for name in names):
        raise UnreadableFile(UNSAFE)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UnreadableFile(LOCKED)
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise UnreadableFile(MACROS)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise UnreadableFile(WRONG_TYPE)
    if sum(entry.file_size for entry in entries) > _MOST_BYTES or any(map(_swells, entries)):
        raise UnreadableFile(TOO_LARGE_INSIDE)
    if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        raise UnreadableFile(DAMAGED)


def _leaves_the_folder(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _swells(entry: ZipInfo) -> bool:
    """True for a part that is larger than its kind needs, or packed tighter than people's words can be."""
    if entry.filename.lower().endswith((".xml", ".rels")) and not _DATA_PART.fullmatch(entry.filename):
        return entry.file_size > _MOST_BYTES_OF_FRAME
    return entry.file_size > max(_RATIO_MATTERS_FROM, entry.compress_size * _MOST_RATIO)


class _Watch(ContentHandler):
    """Counts what a parser would have to build, and stops as soon as it is too much."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._cells = self._sheets = self._texts = self._readings = self._others = self._elements = 0
        self._row_number = self._column = 0
        self._looks: dict[str, Callable[[AttributesImpl], None]] = {
            "row": self._row,
            "c": self._cell,
            "f": self._formula,
            "sheet": self._sheet,
            "Relationship": self._relation,
            "Override": self._override,
            "Default": self._override,
        }

    def startDocument(self) -> None:  # noqa: N802 (named by SAX)
        """Each part counts its rows from the top."""
        self._row_number = 0
        self._seen: set[str] = set()

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (named by SAX)
        """Count the element, whatever its prefix. Raises UnreadableFile."""
        kind = name.rpartition(":")[2]
        self._elements += 1
        self._readings += kind in _OF_A_READING
        self._others += kind not in _OF_A_CELL and kind not in _OF_A_READING
        self._texts += kind == "si"
        self._sheets += kind == "sheet"
        if (
            self._elements > self._limits.cells * _MOST_ELEMENTS_A_CELL + _MOST_OTHER_ELEMENTS
            or max(self._readings, self._texts) > self._limits.cells
            or self._others > _MOST_OTHER_ELEMENTS
            or self._sheets > _MOST_SHEETS
        ):
            raise UnreadableFile(TOO_LARGE_INSIDE)
        look = self._looks.get(kind)
        if look is not None:
            look(attrs)

    def _row(self, attrs: AttributesImpl) -> None:
        """Rows and cells that do not say where they stand follow the one before, as parsers take them."""
        number = attrs.get("r")
        self._row_number = int(number) if number else self._row_number + 1
        self._column = 0
        if self._row_number > self._limits.rows:
            raise UnreadableFile(
                f"行が多すぎます（{self._row_number:,}行目に入力があります）。"
                f"{self._limits.rows:,}行までにしてください。"
            )

    def _cell(self, attrs: AttributesImpl) -> None:
        self._cells += 1
        if self._cells > self._limits.cells:
            raise UnreadableFile(TOO_LARGE_INSIDE)
        name = attrs.get("r")
        self._cell_name = name or ""
        self._column = _column_number(name) if name else self._column + 1
        if self._column > self._limits.columns:
            raise UnreadableFile(
                f"列が多すぎます（{self._row_number}行目）。{self._limits.columns}列までにしてください。"
            )

    def _formula(self, attrs: AttributesImpl) -> None:
        if not self._limits.formulas:
            where = f"（{self._cell_name[:10]}）" if self._cell_name else ""
            raise UnreadableFile(
                f"数式の入ったセル{where}があります。数式を値に変えて（値の貼り付け）保存し直してください。"
            )

    def _sheet(self, attrs: AttributesImpl) -> None:
        """Two sheets may not be one part: a parser would read it for each."""
        self._once(next((attrs[name] for name in attrs.getNames() if name.endswith(":id")), ""))

    def _relation(self, attrs: AttributesImpl) -> None:
        if attrs.get("TargetMode") != "External":
            self._once(posixpath.basename(posixpath.normpath(attrs.get("Target", ""))))

    def _once(self, name: str) -> None:
        if name in self._seen:
            raise UnreadableFile(UNSAFE)
        self._seen.add(name)

    def _override(self, attrs: AttributesImpl) -> None:
        if "macroenabled" in attrs.get("ContentType", "").lower():
            raise UnreadableFile(MACROS)


def _column_number(address: str) -> int:
    """1 for A1, 27 for AA1. Raises ValueError for what is no address."""
    place = _ADDRESS.fullmatch(address)
    if place is None:
        raise ValueError(address)
    number = 0
    for letter in place[1].upper():
        number = number * 26 + ord(letter) - 64
    return number
