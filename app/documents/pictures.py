"""Photos for publication: JPEG and PNG of bearable size, without place, time and camera, which the files may name."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from app.documents import sniffing
from app.documents.errors import WrongFile

ACCEPT = ".jpg,.jpeg,.png"
# What a good camera makes; a file of a few kilobytes can claim a thousand times as much.
MOST_PIXELS, LONGEST_SIDE = 25_000_000, 10_000

_NOT_TAKEN = "写真は、JPEGかPNGのファイルを選んでください。"
_BROKEN = "写真のファイルが壊れています。別のファイルを選んでください。"
_TOO_LARGE = "写真が大きすぎます。縦横を小さくして、もう一度選んでください。"

_PNG_START, _PNG_KEPT = b"\x89PNG\r\n\x1a\n", {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA", b"iCCP"}
_SCAN, _END, _EXIF, _COMMENT = 0xDA, 0xD9, 0xE1, 0xFE
# JFIF, colour profile and Adobe's colour transform belong to the picture; other applications' parts do not.
_APPLICATIONS, _APPLICATIONS_KEPT = range(0xE0, 0xF0), {0xE0, 0xE2, 0xEE}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STUFFED = {0x00, 0xFF, *range(0xD0, 0xD8)}
_ORIENTATION = 0x0112


def cleaned(content: bytes) -> tuple[bytes, str]:
    """The picture without what was written into it besides, and its media type. Raises WrongFile.

    How the camera was held is kept, so that it stands upright.
    """
    kind = sniffing.kind_of(content)
    if kind not in (sniffing.JPEG, sniffing.PNG):
        raise WrongFile(_NOT_TAKEN)
    try:
        clean, width, height = _clean_jpeg(content) if kind is sniffing.JPEG else _clean_png(content)
    except (struct.error, IndexError, ValueError):
        raise WrongFile(_BROKEN) from None
    if not (width and height):
        raise WrongFile(_BROKEN)
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise WrongFile(_TOO_LARGE)
    return clean, kind.media_type


def _clean_png(content: bytes) -> tuple[bytes, int, int]:
    kept, place, width, height = [_PNG_START], len(_PNG_START), 0, 0
    while True:
        length, name = struct.unpack_from(">I4s", content, place)
        after = place + length + 12
        if after > len(content):
            raise ValueError("a part goes on behind the end")
        if name == b"IHDR":
            width, height = struct.unpack_from(">II", content, place + 8)
        if name in _PNG_KEPT:
            kept.append(content[place:after])
        if name == b"IEND":
            return b"".join(kept), width, height
        place = after


def _clean_jpeg(content: bytes) -> tuple[bytes, int, int]:
    kept, width, height = [content[:2]], 0, 0
    for marker, part in _segments(content):
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", part, 5)
        if marker == _EXIF and (turned := _orientation(part[4:])) > 1:
            kept.append(_upright(turned))
        dropped = marker == _COMMENT or (marker in _APPLICATIONS and marker not in _APPLICATIONS_KEPT)
        # MPF, which hangs further pictures with their own data behind this one, shares a marker with colour profiles.
        if not dropped and not part[4:].startswith(b"MPF\0"):
            kept.append(part)
    return b"".join(kept), width, height


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The parts up to the end of the picture, each with its marker; a scan's data belong to the scan."""
    place = 2
    while True:
        if content[place] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = content[place + 1]
        if marker == _END:
            yield marker, content[place : place + 2]
            return
        after = place + 2 + int(struct.unpack_from(">H", content, place + 2)[0])
        if marker == _SCAN:
            after = _end_of_scan(content, after)
        yield marker, content[place:after]
        place = after


def _end_of_scan(content: bytes, place: int) -> int:
    while True:
        place = content.index(b"\xff", place)
        if content[place + 1] not in _STUFFED:
            return place
        place += 2 if content[place + 1] != 0xFF else 1


def _orientation(exif: bytes) -> int:
    """How the camera was held, 1 to 8 (Exif 2.3, tag 0112); 1 where it does not say."""
    if not exif.startswith(b"Exif\0\0"):
        return 1
    tiff = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for entry in range(first + 2, first + 2 + 12 * count, 12):
        tag, _kind, _number, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if tag == _ORIENTATION:
            return int(value) if 1 <= value <= 8 else 1
    return 1


def _upright(turned: int) -> bytes:
    """An Exif part that says nothing else."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, turned, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
