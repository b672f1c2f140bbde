"""Which characters the fonts on paper can draw, asked at every form submission.

The answer comes from a bitmap of Unicode made from the fonts' own tables (fonts/make_fonts.py), so that nothing here
opens a font or loads the typesetter.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_BITMAP = Path(__file__).parent / "fonts" / "coverage.bin"


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of `text` that no font in the chain can draw, each once, in the order in which they stand.

    Variation selectors and joiners are never among them: they change a letter or nothing at all.
    """
    if text.isascii() and text.isprintable():
        return ()
    bitmap = _coverage()
    size = len(bitmap)
    missing: dict[str, None] = {}
    for char in text:
        point = ord(char)
        if point >> 3 >= size or not bitmap[point >> 3] & (1 << (point & 7)):
            missing[char] = None
    return tuple(missing)


@cache
def _coverage() -> bytes:
    """One bit a code point: bit n of byte m stands for U+(8m + n)."""
    return _BITMAP.read_bytes()
