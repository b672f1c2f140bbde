"""Names as people type or paste them: a person a line, with or without reading and note, straight out of Excel."""

from __future__ import annotations

import re
from typing import Any

from wtforms.validators import ValidationError

from app.documents.glyphs import unprintable
from app.kernel import text
from app.registrations.types import Member
from app.web.parts.fields import MultiLineField

LONGEST = 60
# Characters of a family name and a given name that stand together; a family name alone mostly has two.
SHORTEST_WHOLE = 3
# What somebody copies along with the names.
HEADINGS = {"氏名", "名前", "お名前", "参加者", "参加者名"}
_CELLS = re.compile(r"[\t,，、]")


class NamesField(MultiLineField):
    """One person a line: name, reading, note, apart by a tab (as pasted from Excel), a comma or 、.

    `people` is what was understood; what was typed stays as it was. Validation says what is wrong by line.
    """

    people: tuple[Member, ...] = ()

    def process_data(self, value: Any) -> None:
        """From the database: the members, each on a line of its own."""
        self.people = tuple(value or ())
        self.data = "\n".join("\t".join(_cells(one)).rstrip("\t").replace("\t", "、") for one in self.people)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """From the page: the tabs are kept until the lines are read."""
        typed = valuelist[0] if valuelist else ""
        lines = [_tidy(line) for line in text.clean_text(typed.replace("\t", "、")).split("\n")]
        self.data = "\n".join(lines).strip("\n")
        self.people = tuple(member for _number, member in self._numbered())

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError with every line that was not understood."""
        wrong = [f"{number}行目：{problem}" for number, one in self._numbered() for problem in _problems(one)]
        if wrong:
            raise ValidationError("\n".join(wrong))

    def _numbered(self) -> list[tuple[int, Member]]:
        lines = enumerate((self.data or "").split("\n"), 1)
        read = [(number, _read(line)) for number, line in lines if line.strip()]
        return [(number, one) for number, one in read if one.name not in HEADINGS]


def _tidy(line: str) -> str:
    """A line without the empty cells that a sheet leaves at its end."""
    return line.strip().rstrip("、,，").strip()


def _read(line: str) -> Member:
    cells = [cell.strip() for cell in _CELLS.split(line)]
    if len(cells) == 1:
        cells = _by_reading(text.clean_line(line).split(" "))
    name, kana, note = [*cells, "", ""][:3]
    return Member(text.clean_name(name), text.clean_kana(kana), text.clean_line(note))


def _by_reading(words: list[str]) -> list[str]:
    """倉敷 花子 クラシキ ハナコ: a reading at the end is told from the name where the name has other letters."""
    start = len(words)
    while start > 1 and text.is_kana(text.clean_kana(words[start - 1])) and not words[start - 1].isascii():
        start -= 1
    name, kana = " ".join(words[:start]), " ".join(words[start:])
    if not kana or text.is_kana(text.clean_kana(name)):
        return [" ".join(words)]
    # One word of kana behind one is a given name (倉敷 さくら), unless the first is a whole name
    # (倉敷太郎 クラシキタロウ).
    one_each = start == 1 and len(words) == 2
    given_name = one_each and (len(name) < SHORTEST_WHOLE or text.clean_kana(kana) != kana)
    return [" ".join(words)] if given_name else [name, kana]


def _problems(one: Member) -> list[str]:
    wrong = []
    if not one.name:
        wrong.append("お名前がありません。")
    if one.kana and not text.is_kana(one.kana):
        wrong.append(f"フリガナはカタカナで入力してください（いまは「{one.kana[:20]}」）。")
    if any(len(cell) > LONGEST for cell in _cells(one)):
        wrong.append(f"お名前、フリガナ、備考は、それぞれ{LONGEST}文字以内にしてください。")
    odd = unprintable("".join(_cells(one)))
    if odd:
        wrong.append(f"「{'」「'.join(odd)}」は印刷できない文字です。")
    return wrong


def _cells(one: Member) -> tuple[str, str, str]:
    return one.name, one.kana, one.note
