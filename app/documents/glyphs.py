"""Which characters the fonts on paper can draw, asked at every form submission.

The answer comes from a bitmap of Unicode made from the fonts' own tables (fonts/make_fonts.py), so that nothing here
opens a font or loads the typesetter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_BITMAP = Path(__file__).parent / "fonts" / "coverage.bin"
# Variation selectors, joiners, space and line breaks: the typesetter draws them as nothing or as space.
_INVISIBLE = re.compile(
    "[\t\n\r \u00a0\u00ad\u034f\u2000-\u200f\u202f\u205f-\u2064\u3000\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]+"
)
_MARKS = "\u0300-\u036f\u3099\u309a"
_JOINED = re.compile(f".[{_MARKS}]+")
# A mark is drawn by the font of its letter; only these letters stand in the font that has the marks.
_STRAY_MARK = re.compile(f"(?<![A-Za-zぁ-ゖァ-ヺ{_MARKS}])[{_MARKS}]")


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of `text` that no font in the chain can draw, each once.

    Variation selectors and joiners are never among them: they change a letter or nothing at all. A combining mark is
    among them when it stands on a letter that it cannot be joined to.
    """
    if text.isascii() and text.isprintable():
        return ()
    text = _JOINED.sub(lambda joined: unicodedata.normalize("NFC", joined[0]), _INVISIBLE.sub("", text))
    bitmap = _coverage()
    size = len(bitmap)
    missing = [
        char
        for char in dict.fromkeys(text)
        if (point := ord(char)) >> 3 >= size or not bitmap[point >> 3] & (1 << (point & 7))
    ]
    return tuple(dict.fromkeys([*missing, *_STRAY_MARK.findall(text)]))


@cache
def _coverage() -> bytes:
    """One bit a code point: bit n of byte m stands for U+(8m + n)."""
    return _BITMAP.read_bytes()
