"""What the published definition of イベント一覧 and the rules for machine-readable data ask of a file.

Written from the definition alone, without a look at how the file is made. Each problem names line and column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

# 推奨データセット「イベント一覧」, in its order.
COLUMNS = (
    "都道府県コード又は市区町村コード", "NO", "都道府県名", "市区町村名", "イベント名", "イベント名_カナ",
    "イベント名_英語", "開始日", "終了日", "開始時間", "終了時間", "開始日時特記事項", "説明", "料金(基本)",
    "料金(詳細)", "連絡先名称", "連絡先電話番号", "連絡先内線番号", "主催者", "場所名称", "住所", "方書", "緯度",
    "経度", "アクセス方法", "駐車場情報", "定員", "参加申込終了日", "参加申込終了時間", "参加申込方法", "URL",
    "備考",
)  # fmt: skip
REQUIRED = {"イベント名", "イベント名_カナ", "開始日", "終了日", "開始時間", "終了時間", "説明", "場所名称", "住所"}
DATES = {"開始日", "終了日", "参加申込終了日"}
TIMES = {"開始時間", "終了時間", "参加申込終了時間"}
NUMBERS = {"NO": r"\d+", "料金(基本)": r"\d+", "緯度": r"-?\d+(\.\d+)?", "経度": r"-?\d+(\.\d+)?", "定員": r"\d+"}
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Circled and enclosed letters, Roman numerals, units in one square, half-width katakana.
MACHINE_DEPENDENT = re.compile("[\u2100-\u218f\u2460-\u24ff\u3220-\u33ff\uff61-\uff9f\ue000-\uf8ff]")
KATAKANA = re.compile("[ァ-ヺー・\u3000 A-Za-z0-9]+")


def problems(content: bytes) -> list[str]:
    """Everything that is wrong with the file, FATAL and CRITICAL rules first."""
    found = list(_of_the_file(content))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    if not rows or tuple(rows[0]) != tuple(COLUMNS):
        return [*found, "L3-01: line 1 is not the heading of the definition"]
    numbers = [row[1] for row in rows[1:]]
    if len(set(numbers)) < len(numbers):
        found.append("NO is not unique")
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS):
            found.append(f"L1-02: line {line} has {len(row)} cells")
            continue
        found += [f"line {line}: {problem}" for problem in _of_a_row(dict(zip(COLUMNS, row, strict=True)))]
    return found


def _of_the_file(content: bytes) -> Iterator[str]:
    if not content.startswith(b"\xef\xbb\xbf"):
        yield "no BOM"
    text = content.decode("utf-8-sig")
    if text.count("\n") != text.count("\r\n") or "\r" in text.replace("\r\n", "") or not text.endswith("\r\n"):
        yield "lines do not end in CRLF"
    if len(text.split("\r\n")) - 1 != len(list(csv.reader(io.StringIO(text, newline="")))):
        yield "L1-14: a cell holds a line break"
    if found := MACHINE_DEPENDENT.search(text):
        yield f"a letter that depends on the machine: {found[0]}"


def _of_a_row(row: dict[str, str]) -> Iterator[str]:
    yield from (f"{name} is required" for name in sorted(REQUIRED) if not row[name])
    yield from (
        f"L2-01: {name} {row[name]!r}" for name, form in NUMBERS.items() if row[name] and not _is(form, row[name])
    )
    yield from (f"{name} {row[name]!r}" for name in TIMES if row[name] and not TIME.fullmatch(row[name]))
    yield from (f"{name} {row[name]!r}" for name in DATES if row[name] and not _is_day(row[name]))
    yield from (f"{name} has outer space" for name, cell in row.items() if cell != cell.strip())
    if not _is(r"\d{6}", row["都道府県コード又は市区町村コード"]):
        yield "the municipality's code has not six digits"
    if row["イベント名_カナ"] and not KATAKANA.fullmatch(row["イベント名_カナ"]):
        yield "the reading is not in full-width katakana"
    if row["開始日"] + row["開始時間"] > row["終了日"] + row["終了時間"]:
        yield "it ends before it begins"


def _is(form: str, cell: str) -> bool:
    return re.fullmatch(form, cell, re.ASCII) is not None


def _is_day(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False
