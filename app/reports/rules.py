"""Pure decisions about reports: who reviews, how chapters are numbered, how typed text becomes paragraphs and lists."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from app.reports.types import Difference, Figure, FrozenFigure

KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
BULLETS = ("・", "- ", "* ")
MOST_PHOTOS = 20


def number(level: int, place: int) -> str:
    """The number of the `place`th heading or entry (from 1) of a level, as official documents count.

    1, （1）, ア, （ア）, a, （a） (公用文作成の考え方). Where kana or letters run out, figures go on.
    """
    signs = KATAKANA if level in {3, 4} else LETTERS if level > 4 else ""
    sign = signs[place - 1] if place <= len(signs) else str(place)
    return f"（{sign}）" if level % 2 == 0 else sign


def parts_of(text: str) -> list[str | tuple[str, ...]]:
    """Paragraphs, and lists as tuples of their entries. An empty line or the end of a list begins a new part."""
    parts: list[str | tuple[str, ...]] = []
    open_paragraph = False
    for line in (line.strip() for line in text.splitlines()):
        entry = _entry(line)
        last = parts[-1] if parts else None
        if entry:
            if isinstance(last, tuple):
                parts[-1] = (*last, entry)
            else:
                parts.append((entry,))
        elif line:
            if open_paragraph and isinstance(last, str):
                parts[-1] = last + line
            else:
                parts.append(line)
        open_paragraph = bool(line) and not entry
    return parts


def _entry(line: str) -> str:
    """What a line of a list says; empty for any other line."""
    return next((line.removeprefix(sign).strip() for sign in BULLETS if line.startswith(sign)), "")


def may_review(editor_id: str | None, reviewer_id: str | None) -> bool:
    """Four eyes: whoever wrote last does not review it."""
    return reviewer_id is None or reviewer_id != editor_id


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def differences(then: Iterable[FrozenFigure], now: Mapping[tuple[int, str], Figure]) -> list[Difference]:
    """What a frozen report would say otherwise today, in its order; last what has become known since."""
    frozen = {(one.fiscal_year, one.key): one for one in then}
    found = [
        Difference(one.title, one.unit, one.value, now[at].value if at in now else None)
        for at, one in frozen.items()
        if at not in now or now[at].value != one.value
    ]
    new = [figure for at, figure in now.items() if at not in frozen and figure.value is not None]
    return [*found, *(Difference(one.definition.title, one.definition.unit, None, one.value) for one in new)]
