"""Rows of a file of people, read one by one: each is understood, or named with its line and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from email_validator import EmailNotValidError, validate_email

from app.imports.errors import WrongColumns
from app.imports.types import Cells, Line, Problem
from app.kernel import text
from app.kernel.typed_dates import parse_date
from app.org import rules
from app.org.drafts import MemberDraft
from app.org.errors import WrongDay
from app.org.types import DutyKind

COLUMNS = (
    "所属コード", "局", "部", "課・室", "職員番号", "氏名", "フリガナ", "メールアドレス", "職名", "採用年度",
    "役割", "開始日", "終了日",
)  # fmt: skip
ROLES = {"": None, **{kind.word: kind for kind in DutyKind}}
LONGEST = {"局": 80, "部": 80, "課・室": 80, "氏名": 80, "フリガナ": 80, "メールアドレス": 254, "職名": 60}
OLDEST_YEAR = 1950
_KEY = re.compile(r"[0-9A-Za-z-]{1,20}")
_MIDNIGHT = re.compile(r"[ T]00:00(?::00)?$")


def read(rows: Sequence[Cells], year: int) -> tuple[list[Line], list[Problem]]:
    """The rows below the heading; empty ones are passed over. Raises WrongColumns."""
    order = _order(rows[0] if rows else ())
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(text.clean_line(cell or "") for cell in row):
            continue
        cells = {name: _cell(row, place) for name, place in order.items()}
        wrong = list(_wrong(cells, year))
        problems += [Problem(number, reason) for reason in wrong]
        if not wrong:
            lines.append(_line(number, cells))
    return lines, problems


def parse_day(typed: str) -> date | None:
    """The day of a cell, also with the midnight that a sheet puts behind it; None for no text. Raises ValueError."""
    plain = _MIDNIGHT.sub("", typed)
    return parse_date(plain) if plain else None


def _order(heading: Cells) -> dict[str, int]:
    named = {text.clean_line(cell or ""): place for place, cell in enumerate(heading)}
    missing = [name for name in COLUMNS if name not in named]
    if missing:
        raise WrongColumns(
            f"1行目に見出し「{'」「'.join(missing)}」がありません。書き出したファイルと同じ見出しにしてください。"
        )
    return {name: named[name] for name in COLUMNS}


def _cell(row: Cells, place: int) -> str:
    return text.clean_line((row[place] if place < len(row) else None) or "")


def _wrong(cells: dict[str, str], year: int) -> Iterator[str]:
    """Everything that is wrong with a row by itself."""
    for name in ("所属コード", "職員番号"):
        if not _KEY.fullmatch(_key(cells[name])):
            yield f"「{name}」は、半角の英数字とハイフンで20文字以内にしてください{_now(cells[name])}。"
    for name, most in LONGEST.items():
        if len(cells[name]) > most:
            yield f"「{name}」は、{most}文字以内にしてください。"
    yield from _wrong_person(cells, year)
    if cells["役割"] not in ROLES:
        yield f"「役割」は、協働推進員、協働調整員、空欄のどれかにしてください{_now(cells['役割'])}。"
    yield from _wrong_days(cells, year)


def _wrong_person(cells: dict[str, str], year: int) -> Iterator[str]:
    if not cells["氏名"]:
        yield "「氏名」が空欄です。"
    if not text.is_kana(text.clean_kana(cells["フリガナ"])):
        yield f"「フリガナ」は、カタカナで入力してください{_now(cells['フリガナ'])}。"
    if cells["メールアドレス"] and not _is_address(text.clean_email(cells["メールアドレス"])):
        yield f"「メールアドレス」の形が正しくありません{_now(cells['メールアドレス'])}。"
    if cells["採用年度"] and not _is_year(cells["採用年度"], year):
        yield f"「採用年度」は、{OLDEST_YEAR}から{year}までの西暦にしてください{_now(cells['採用年度'])}。"


def _now(value: str) -> str:
    return f"（いまの値：{value[:40] or '空欄'}）"


def _wrong_days(cells: dict[str, str], year: int) -> Iterator[str]:
    days: list[date] = []
    for name in ("開始日", "終了日"):
        try:
            day = parse_day(cells[name])
        except ValueError:
            yield f"「{name}」は、{year}/4/1 のように入力してください（いまの値：{cells[name]}）。"
            continue
        if day is None:
            continue
        if not cells["役割"]:
            yield f"「{name}」は、役割がある人だけに入力してください。"
            continue
        try:
            rules.check_day(day, year)
        except WrongDay as refusal:
            yield f"「{name}」は、{refusal.message}"
        days.append(day)
    if len(days) == 2 and days[1] < days[0]:  # first and last day
        yield "「終了日」が「開始日」より前です。"


def _is_address(typed: str) -> bool:
    try:
        validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def _is_year(typed: str, year: int) -> bool:
    plain = unicodedata.normalize("NFKC", typed).removesuffix("年度")
    return plain.isascii() and plain.isdigit() and OLDEST_YEAR <= int(plain[:5]) <= year


def _key(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed)


def _line(number: int, cells: dict[str, str]) -> Line:
    joined = unicodedata.normalize("NFKC", cells["採用年度"]).removesuffix("年度")
    draft = MemberDraft(
        number=_key(cells["職員番号"]),
        name=text.clean_name(cells["氏名"]),
        kana=text.clean_kana(cells["フリガナ"]),
        email=text.clean_email(cells["メールアドレス"]).lower() or None,
        position=cells["職名"],
        joined_year=int(joined) if joined else None,
    )
    return Line(
        line=number,
        code=_key(cells["所属コード"]),
        path=(cells["局"], cells["部"], cells["課・室"]),
        draft=draft,
        kind=ROLES[cells["役割"]],
        starts_on=parse_day(cells["開始日"]),
        ends_on=parse_day(cells["終了日"]),
    )
