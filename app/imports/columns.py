"""Which column of another service's file says what: guessed from its heading, chosen by whoever imports it.

What is known of the services' files, from their public help pages and from published tools that read them:

- connpass: 参加枠名, ユーザー名, 表示名, 参加ステータス and 受付番号 are read by several published tools. A name, an
  address or a number is there only where the organizer's questionnaire asked for it, under a heading of its own.
- Peatix: its help page says that the name comes in kana, that an address is there only where the organizer's form asked
  for it, and how orders stand (キャンセル済み, 期限切れ, 支払い待ち …). The other headings are 要確認.
- LoGoフォーム: 回答ID is read by a published tool; everything else is the form's own heading. 要確認.

So no heading is relied upon: each is a guess that the page shows and the person changes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.imports.types import Cells
from app.kernel import text


class Service(StrEnum):
    """Where the file comes from."""

    CONNPASS = "connpass"
    PEATIX = "peatix"
    LOGO = "logo"
    GENERIC = "generic"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "connpass": "connpass",
            "peatix": "Peatix",
            "logo": "LoGoフォーム",
            "generic": "そのほか",
        }[self.value]


class Column(StrEnum):
    """What a column can say."""

    NUMBER = "number"
    NAME = "name"
    GIVEN = "given"
    KANA = "kana"
    KANA_GIVEN = "kana_given"
    EMAIL = "email"
    PHONE = "phone"
    SEATS = "seats"
    AFFILIATION = "affiliation"
    STATUS = "status"
    SITTING = "sitting"

    @property
    def word(self) -> str:
        """The word on the screen."""
        return {
            "number": "申込みの番号",
            "name": "氏名",
            "given": "名（氏と名が別の列のとき）",
            "kana": "フリガナ",
            "kana_given": "メイ（セイとメイが別の列のとき）",
            "email": "メールアドレス",
            "phone": "電話番号",
            "seats": "人数（本人を含む）",
            "affiliation": "団体・所属",
            "status": "申込みの状態",
            "sitting": "参加する回の名称",
        }[self.value]


Mapped = Mapping[Column, int]

# Parts of headings, the surest first; whatever the service, an organizer's own questions read like these.
_ANYWHERE: Mapping[Column, tuple[str, ...]] = {
    Column.NUMBER: ("受付番号", "申込番号", "申込みの番号", "注文番号", "回答番号", "回答ID", "番号"),
    Column.NAME: ("氏名", "お名前", "名前", "氏", "姓"),
    Column.GIVEN: ("名",),
    Column.KANA: ("氏名フリガナ", "フリガナ", "ふりがな", "カナ", "セイ"),
    Column.KANA_GIVEN: ("メイ",),
    Column.EMAIL: ("メールアドレス", "メール", "E-mail", "email"),
    Column.PHONE: ("電話番号", "電話", "携帯"),
    Column.SEATS: ("参加人数", "人数", "枚数"),
    Column.AFFILIATION: ("団体", "所属", "勤務先", "会社"),
    Column.STATUS: ("参加ステータス", "支払状況", "ステータス", "状態"),
    Column.SITTING: ("参加する回",),
}
_FIRST: Mapping[Service, Mapping[Column, tuple[str, ...]]] = {
    Service.CONNPASS: {Column.NUMBER: ("受付番号", "ユーザー名"), Column.STATUS: ("参加ステータス",)},
    Service.PEATIX: {Column.NUMBER: ("注文番号", "応募ID"), Column.STATUS: ("支払状況", "ステータス")},
    Service.LOGO: {Column.NUMBER: ("回答ID", "受付番号")},
    Service.GENERIC: {},
}
# Where nothing better is found.
_LAST: Mapping[Service, Mapping[Column, tuple[str, ...]]] = {
    Service.CONNPASS: {Column.NAME: ("表示名",)},
    Service.PEATIX: {},
    Service.LOGO: {},
    Service.GENERIC: {},
}
# A heading of one letter is a guess only where it is the whole heading.
_WHOLE = 1


def headings(table: Sequence[Cells]) -> list[str]:
    """The first row, cleaned; empty where the file has none."""
    return [text.clean_line(cell or "") for cell in table[0]] if table else []


def guess(service: Service, named: Sequence[str]) -> dict[Column, int]:
    """The columns as far as their headings tell; each column of the file says one thing."""
    folded = [_folded(one) for one in named]
    taken: dict[Column, int] = {}
    for names in (_FIRST[service], _ANYWHERE, _LAST[service]):
        for column, words in names.items():
            if column in taken:
                continue
            found = _find([_folded(word) for word in words], folded, set(taken.values()))
            if found is not None:
                taken[column] = found
    return taken


def _find(words: Sequence[str], named: Sequence[str], taken: set[int]) -> int | None:
    free = [place for place in range(len(named)) if place not in taken and named[place]]
    for word in words:
        for place in free:
            if named[place] == word:
                return place
    for word in words:
        if len(word) > _WHOLE:
            for place in free:
                if word in named[place]:
                    return place
    return None


def _folded(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split())
