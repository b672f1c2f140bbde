"""What kind of file an upload is, by its content and never by what the browser says. Pure."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.events.errors import WrongFile
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

_BEGINNINGS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_OFFICE_PARTS = (("xl/workbook.xml", XLSX), ("word/document.xml", DOCX), ("ppt/presentation.xml", PPTX))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TAKEN = "受け付けられるのは、PDF、Excel（xlsx）、Word（docx）、PowerPoint（pptx）、JPEG、PNGのファイルです。"


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
        raise WrongFile(
            "パスワード付きのファイルと古い形式（doc、xls、ppt）は受け付けられません。PDFにして保存し直してください。"
        )
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
    # Only the table of contents is read: what is packed in the file is never unpacked here.
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise WrongFile(_NOT_TAKEN) from None
    if any(name.endswith("vbaProject.bin") for name in names):
        raise WrongFile("マクロの入ったファイルは受け付けられません。マクロなしで保存し直してください。")
    for part, kind in _OFFICE_PARTS:
        if part in names and "[Content_Types].xml" in names:
            return kind
    raise WrongFile(_NOT_TAKEN)
