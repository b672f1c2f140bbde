"""Small pictures, as cameras and programs make them: a grey PNG, a JPEG whose camera tells where it was."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

GREY = Path(__file__).with_name("grey.jpg").read_bytes()
# Start of image and the JFIF part, which stand first.
JFIF = 2 + 18
SECRET = b"34.5850N 133.7720E"


def a_png(width: int = 1, height: int = 1, *more: tuple[bytes, bytes]) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height))) if width < 1000 else b""
    parts = [(b"IHDR", head), *more, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def a_jpeg(*, orientation: int = 6) -> bytes:
    """A grey picture of 16 × 8 pixels, with what a telephone adds before and behind it."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0) + SECRET
    added = [(0xE1, exif), (0xED, SECRET), (0xFE, SECRET), (0xE2, b"MPF\0" + SECRET)]
    parts = (b"\xff" + bytes([marker]) + struct.pack(">H", len(part) + 2) + part for marker, part in added)
    return GREY[:JFIF] + b"".join(parts) + GREY[JFIF:] + SECRET
