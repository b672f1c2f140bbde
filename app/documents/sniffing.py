"""What kind of file an upload is, by its content and never by what the browser says; bombs and macros are refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.documents.errors import WrongFile
from app.kernel.text import clean_line

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken. `ending` stands at the end of the kept name."""

    word: str
    endings: tuple[str, ...]
    media_type: str

    @property
    def ending(self) -> str:
        """The usual ending."""
        return self.endings[0]


PDF = Kind("PDF", ("pdf",), "application/pdf")
PNG = Kind("PNG", ("png",), "image/png")
JPEG = Kind("JPEG", ("jpg", "jpeg"), "image/jpeg")
XLSX = Kind("Excel", ("xlsx",), f"{OFFICE}.spreadsheetml.sheet")
DOCX = Kind("Word", ("docx",), f"{OFFICE}.wordprocessingml.document")
PPTX = Kind("PowerPoint", ("pptx",), f"{OFFICE}.presentationml.presentation")
KINDS = (PDF, XLSX, DOCX, PPTX, JPEG, PNG)
# The endings as an <input type="file"> takes them.
ACCEPT = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)

_BEGINNINGS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_OFFICE_PARTS = (("xl/workbook.xml", XLSX), ("word/document.xml", DOCX), ("ppt/presentation.xml", PPTX))
_TYPES = "[Content_Types].xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TAKEN = "受け付けられるのは、PDF、Excel（xlsx）、Word（docx）、PowerPoint（pptx）、JPEG、PNGのファイルです。"

_OLD_OR_LOCKED = (
    "パスワード付きのファイルと古い形式（doc、xls、ppt）は受け付けられません。PDFにして保存し直してください。"
)
_MACROS = "マクロの入ったファイルは受け付けられません。マクロなしで保存し直してください。"
_UNSAFE = "安全に読めない内容が含まれているため、受け付けられません。PDFにして保存し直してください。"
_SWELLS = "ファイルの中身が大きすぎるため、受け付けられません。PDFにして保存し直してください。"

_CENTRAL_ENTRY, _ENCRYPTED = b"PK\x01\x02", 0x1
# A presentation of two hundred slides has a thousand parts and unpacks to less than it is allowed to here.
_MOST_ENTRIES, _MOST_UNPACKED = 3_000, 100 << 20
# Honest parts are packed fifty to one; deflate reaches 1,032 on nothing but repetition.
_PIECE, _MOST_RATIO = 1 << 20, 200


def kind_of(content: bytes) -> Kind:
    """The kind of file. Raises WrongFile with what to do about it."""
    if not content:
        raise WrongFile("ファイルが空です。別のファイルを選んでください。")
    if len(content) > LARGEST:
        raise WrongFile("ファイルは10MBまでです。画像を小さくするなどして、もう一度選んでください。")
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(_OLE):
        raise WrongFile(_OLD_OR_LOCKED)
    return _office_kind(content)


def safe_name(file_name: str, kind: Kind) -> str:
    """The name for downloads: no folders, no control characters, the ending of its kind."""
    name = clean_line(PurePosixPath(file_name.replace("\\", "/")).name).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.lower() not in kind.endings:
        stem = name
    stem = "".join("_" if c in '<>:"/\\|?*' else c for c in stem)[:LONGEST_NAME].strip()
    return f"{stem or 'file'}.{kind.ending}"


def _office_kind(content: bytes) -> Kind:
    # Counted before the table of contents is read: a hundred thousand entries would become as many objects.
    if content.count(_CENTRAL_ENTRY) > _MOST_ENTRIES:
        raise WrongFile(_UNSAFE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _office_package(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        raise WrongFile(_NOT_TAKEN) from None


def _office_package(package: zipfile.ZipFile) -> Kind:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    kind = next((kind for part, kind in _OFFICE_PARTS if part in names), None)
    if kind is None or _TYPES not in names:
        raise WrongFile(_NOT_TAKEN)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WrongFile(_MACROS)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise WrongFile(_OLD_OR_LOCKED)
    if len(names) != len(entries) or any(map(_leaves_the_folder, names)):
        raise WrongFile(_UNSAFE)
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED or any(map(_swells, entries)):
        raise WrongFile(_SWELLS)
    for entry in entries:
        _check_part(entry.filename, _beginning(package, entry))
    return kind


def _check_part(name: str, beginning: bytes) -> None:
    if name == _TYPES and b"macroenabled" in beginning.lower():
        raise WrongFile(_MACROS)
    # Office writes none; whoever opens the file could be led to other files or into endless text by one.
    if name.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in beginning:
        raise WrongFile(_UNSAFE)


def _beginning(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The first megabyte of a part, after reading it to its end: what the directory says of it must be true."""
    with package.open(entry) as part:
        beginning = part.read(_PIECE)
        while part.read(_PIECE):
            pass
    return beginning


def _leaves_the_folder(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(_PIECE, entry.compress_size * _MOST_RATIO)
