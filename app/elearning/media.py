"""Videos and their captions, known by their content and never by what the browser says."""

from __future__ import annotations

import re

from app.documents import sniffing
from app.documents.errors import WrongFile
from app.documents.sniffing import Kind
from app.elearning.types import UnitKind

LARGEST_VIDEO = 100 * 1024 * 1024
LARGEST_CAPTIONS = 512 * 1024
CAPTIONS_TYPE = "text/vtt; charset=utf-8"
MP4 = Kind("MP4", ("mp4", "m4v"), "video/mp4")
WEBM = Kind("WebM", ("webm",), "video/webm")
_WEBM_BEGINNING = b"\x1a\x45\xdf\xa3"
# ISO/IEC 14496-12: the first box of a file is `ftyp`; QuickTime's own brand does not play everywhere.
_BOX, _QUICKTIME = slice(4, 8), b"qt  "
_VTT = re.compile(r"\A\ufeff?WEBVTT(?:[ \t][^\n]*)?(?:\n|\Z)")
_CUE = re.compile(r"^\s*(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}\s+-->\s+(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}", re.MULTILINE)


def largest(kind: UnitKind) -> int:
    """The most bytes that a unit's file may have."""
    return LARGEST_VIDEO if kind is UnitKind.VIDEO else sniffing.LARGEST


def accepted(kind: UnitKind) -> str:
    """The endings as an <input type="file"> takes them."""
    kinds = (MP4, WEBM) if kind is UnitKind.VIDEO else (sniffing.PDF,)
    return ",".join(f".{ending}" for one in kinds for ending in one.endings)


def kind_of(kind: UnitKind, content: bytes) -> Kind:
    """The kind of file that a unit's file is. Raises WrongFile with what to do about it."""
    if kind is UnitKind.VIDEO:
        return _video(content)
    if (found := sniffing.kind_of(content)) is not sniffing.PDF:
        raise WrongFile("受け付けられるのは、PDFのファイルです。PDFにして保存し直してください。")
    return found


def captions(content: bytes) -> bytes:
    """Captions as they are kept: WebVTT in UTF-8 with at least one cue. Raises WrongFile at the field `captions`."""
    if len(content) > LARGEST_CAPTIONS:
        raise WrongFile("字幕ファイルは512KBまでです。", "captions")
    try:
        written = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise WrongFile("字幕ファイルは、文字コードをUTF-8にして保存し直してください。", "captions") from None
    if not _VTT.match(written) or not _CUE.search(written):
        raise WrongFile("字幕ファイルは、WebVTT（vtt）の形式にしてください。先頭の行は「WEBVTT」です。", "captions")
    return written.encode()


def _video(content: bytes) -> Kind:
    if not content:
        raise WrongFile("ファイルが空です。別のファイルを選んでください。")
    if len(content) > LARGEST_VIDEO:
        raise WrongFile("動画は100MBまでです。画質を下げるか、いくつかの単元に分けてください。")
    if content.startswith(_WEBM_BEGINNING):
        return WEBM
    if content[_BOX] == b"ftyp" and content[8:12] != _QUICKTIME:
        return MP4
    raise WrongFile("受け付けられる動画は、MP4とWebMのファイルです。形式を変えて保存し直してください。")
