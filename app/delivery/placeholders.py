"""Placeholders in texts that organizers write: a flat list of names, checked when a text is saved, filled in one pass.

`{name}` is all there is: no attributes, formats, conversions or expressions, and half-width braces mean nothing else.
What is put in stands as it is and is never read again, so a participant called `{reference}` stays just that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from app.delivery.errors import PersonalLink, WrongPlaceholder
from app.delivery.headers import flat

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
# Whatever has a half-width brace, the signs of other template languages, and a placeholder typed in full width.
_MARKED = re.compile(
    r"\$?\{\{.*?\}\}|\{[%#].*?[%#]\}|<%.*?(?:%>|$)|<\?.*?(?:\?>|$)|%\([^)\n]*\)[a-z]|\$?\{[^{}\n]*\}|[{}]|｛[^｛｝\n]*｝",
    re.MULTILINE,
)
# The address of somebody's own page: the same for all, it would open one person's page to everybody.
_PERSONAL = re.compile(r"/r/[A-Za-z0-9_-]{16,}")
_LONGEST_SHOWN = 30


def wrong(text: str, allowed: Collection[str]) -> list[str]:
    """What looks like a placeholder in `text` and is none of the `allowed` names, each once, in order."""
    return list(dict.fromkeys(mark for mark in _MARKED.findall(text) if not _is_good(mark, allowed)))


def check(text: str, allowed: Collection[str], *, field: str) -> None:
    """Raises WrongPlaceholder, which names what is wrong and what can be used, or PersonalLink."""
    found = wrong(text, allowed)
    if found:
        shown = "」「".join(mark[:_LONGEST_SHOWN] for mark in found)
        names = "、".join(f"{{{name}}}" for name in allowed)
        raise WrongPlaceholder(
            f"「{shown}」は使えません。使える差込みは、{names}です。"
            "半角の { } は差込みだけに使い、文字として書くときは全角の（ ）などにしてください。",
            field,
        )
    if _PERSONAL.search(text):
        raise PersonalLink(
            "申込みのページのアドレスは一人ひとり違うため、書けません。その方のアドレスは、通知に自動で入ります。",
            field,
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with the values in place of their names, in one pass. Each value stands on one line.

    `text` has passed check() with the same names; KeyError for any other.
    """
    return _PLACEHOLDER.sub(lambda mark: flat(values[mark[1]]), text)


def _is_good(mark: str, allowed: Collection[str]) -> bool:
    if mark[0] == "｛":
        # Full-width braces are ordinary text, unless a placeholder was meant.
        return unicodedata.normalize("NFKC", mark[1:-1]).strip().lower() not in allowed
    found = _PLACEHOLDER.fullmatch(mark)
    return found is not None and found[1] in allowed
