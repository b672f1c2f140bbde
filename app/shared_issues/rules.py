"""Pure decisions about shared issues."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from app.kernel.text import folded, phone_text
from app.shared_issues.errors import Incomplete, Missing, WrongAddress, WrongState
from app.shared_issues.types import IssueDraft, Stage

# How long an answer, with the name and the way to be reached, is kept after it was settled.
ANSWERS_KEPT = timedelta(days=365)
_OWN = re.compile(r"/[\w./?=&%+-]*", re.ASCII)
_ELSEWHERE = re.compile(r"https://[^\s/@]+\.[^\s/@]+(/\S*)?")


def gives_figures(text: str) -> bool:
    """Whether a text holds a figure, in any width."""
    return any(sign.isdigit() for sign in unicodedata.normalize("NFKC", text))


def missing(draft: IssueDraft) -> list[Missing]:
    """What a card still needs before others read it, in the order of the form."""
    found = []
    if not draft.background:
        found.append(Missing("「背景・現状」を入力してください。", "background"))
    if gives_figures(draft.background) and not draft.source:
        found.append(
            Missing("「背景・現状」に数字があります。「出典」に、資料の名前と年を入力してください。", "source")
        )
    if not draft.affected:
        found.append(Missing("「困っている人」を入力してください。", "affected"))
    return found


def check_complete(draft: IssueDraft) -> None:
    """Raises Incomplete with everything that is missing."""
    if found := missing(draft):
        raise Incomplete(found)


def check_stage(stage: Stage, among: Iterable[Stage], doing: str) -> None:
    """Raises WrongState unless the card is where `doing` can be done."""
    if stage not in set(among):
        raise WrongState(f"このカードは「{stage.word}」のため、{doing}はできません。")


def checked_url(typed: str) -> str:
    """An address as it is kept: a page of this service (/events/…) or one elsewhere. Raises WrongAddress."""
    url = typed.strip()
    if url.startswith("//") or not (_OWN.fullmatch(url) or _ELSEWHERE.fullmatch(url)):
        raise WrongAddress("「アドレス」は、https:// から始まるものか、このサイトの /events/ などを入力してください。")
    return url


def with_predecessors(unit_ids: Iterable[int], successions: Iterable[tuple[int, int]]) -> frozenset[int]:
    """These units and all whose work they took over; `successions`: (old, new), the oldest first."""
    found = set(unit_ids)
    for old, new in reversed(list(successions)):
        if new in found:
            found.add(old)
    return frozenset(found)


def search_text(draft: IssueDraft) -> str:
    """Everything of a card that is searched by words, folded."""
    parts = (draft.title, draft.background, draft.affected, draft.existing, draft.sections, draft.groups)
    return " ".join(folded(part) for part in parts)


def names_person(text: str, name: str, email: str | None, phone: str | None) -> bool:
    """Whether a text repeats the name, the address or the number of the person who sent it."""
    plain = folded(text)
    digits = "".join(sign for sign in plain if sign.isdigit())
    number = "".join(sign for sign in phone_text(phone) if sign.isdigit()) if phone else ""
    return folded(name) in plain or bool(email and folded(email) in plain) or bool(number and number in digits)
