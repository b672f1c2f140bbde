"""Open data: イベント一覧 of the municipal standard data sets, a row a sitting, its columns from a file.

The columns stand in `opendata_columns/`: a list of heading and value, which a city changes without touching code. The
rules for machines are those of 行政データにおける機械可読性に関するルール (Digital Agency).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from app.events.errors import WrongColumns
from app.events.types import EventRow, EventStatus, SittingRow
from app.infra.links import links
from app.kernel.japanese_dates import local

SHIPPED = Path(__file__).parent / "opendata_columns"
Value = str | int | float | None
_FREE = {"無料", "0円"}
_YEN = re.compile(r"([0-9]+)円")
_SPACES = re.compile(r"[^\S\u3000]+")
# Letters that stand for several on some machines only (機種依存文字): ① ㈱ № Ⅳ ㎡ ㍻ and half-width katakana.
_MACHINE_DEPENDENT = re.compile("[\u2100-\u218f\u2460-\u24ff\u3220-\u33ff]|[\uff61-\uff9f]+")
_ENCLOSED = re.compile("[\u2460-\u24ff]")


@dataclass(frozen=True, slots=True)
class Publisher:
    """The municipality that answers for the data. `code`: six digits with check digit (全国地方公共団体コード)."""

    code: str
    prefecture: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and what stands below it: the name of a value, a fixed text after `=`, or nothing."""

    heading: str
    value: str


@dataclass(frozen=True, slots=True)
class _Subject:
    publisher: Publisher
    event: EventRow
    sitting: SittingRow


def load_columns(chosen: str) -> tuple[Column, ...]:
    """The columns of a shipped profile (`suisho-32`, `standard`) or of a file of one's own. Raises WrongColumns."""
    path = SHIPPED / f"{chosen}.yaml"
    if not re.fullmatch(r"[a-z0-9-]+", chosen) or not path.is_file():
        path = Path(chosen)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as trouble:
        raise WrongColumns(f"{chosen}: cannot be read as YAML in UTF-8") from trouble
    return _checked(content, chosen)


def rows(columns: tuple[Column, ...], publisher: Publisher, events: Iterator[EventRow]) -> Iterator[list[Value]]:
    """A row a sitting, in the order of the columns."""
    for event in events:
        for sitting in event.sittings:
            subject = _Subject(publisher, event, sitting)
            yield [_cell(column.value, subject) for column in columns]


def plain(text: str) -> str:
    """One line, with letters that every machine has: ① becomes (1), ㈱ (株), ｱ ア."""
    return _SPACES.sub(" ", _MACHINE_DEPENDENT.sub(_replaced, text)).strip()


def _replaced(found: re.Match[str]) -> str:
    letters = unicodedata.normalize("NFKC", found[0])
    return f"({letters})" if _ENCLOSED.fullmatch(found[0]) and not letters.startswith("(") else letters


def _checked(content: Any, chosen: str) -> tuple[Column, ...]:
    lines = content.get("columns") if isinstance(content, Mapping) else None
    if not isinstance(lines, list) or not lines:
        raise WrongColumns(f"{chosen}: needs a list under `columns`")
    found: list[Column] = []
    for number, line in enumerate(lines, start=1):
        if not isinstance(line, Mapping) or len(line) != 1:
            raise WrongColumns(f"{chosen}: column {number} must read `- heading: value`")
        heading, value = next((str(key).strip(), str(given or "")) for key, given in line.items())
        if value and not value.startswith("=") and value not in VALUES:
            raise WrongColumns(f"{chosen}: column {number} ({heading}): there is no value {value!r}")
        if not heading or heading in {column.heading for column in found}:
            raise WrongColumns(f"{chosen}: column {number} has no heading of its own")
        found.append(Column(heading, value))
    return tuple(found)


def _cell(value: str, subject: _Subject) -> Value:
    if not value or value.startswith("="):
        return value[1:]
    found = VALUES[value](subject)
    return plain(found) if isinstance(found, str) else found


def _date(moment: datetime | None) -> str:
    return local(moment).date().isoformat() if moment else ""


def _time(moment: datetime | None) -> str:
    return f"{local(moment):%H:%M}" if moment else ""


def _fee(s: _Subject) -> Value:
    """Yen as a number where the fee is one; anything else stands in the details."""
    fee = unicodedata.normalize("NFKC", s.event.fee).replace(",", "").strip()
    if fee in _FREE:
        return 0
    found = _YEN.fullmatch(fee)
    return int(found[1]) if found else None


def _fee_details(s: _Subject) -> Value:
    return s.event.fee if _fee(s) is None else ""


def _venue(name: str) -> Callable[[_Subject], Value]:
    return lambda s: getattr(s.sitting.venue, name) if s.sitting.venue else None


def _closes(s: _Subject) -> datetime | None:
    """As in rules.takes_applications: nobody applies once the sitting began."""
    if s.event.opens_at is None:
        return None
    return min(s.event.closes_at or s.sitting.starts_at, s.sitting.starts_at)


def _ways(s: _Subject) -> str:
    if s.event.opens_at is None:
        return ""
    ways = ("ウェブサイト", "電話" if s.event.contact_phone else "", "FAX" if s.event.contact_fax else "")
    return "・".join(way for way in ways if way)


def _remarks(s: _Subject) -> str:
    cancelled = "中止" if s.event.status is EventStatus.CANCELLED else ""
    return "　".join(part for part in (cancelled, f"対象：{s.event.audience_note or s.event.audience.word}") if part)


# What a file of columns may name. Nothing here knows of anybody who applied.
VALUES: dict[str, Callable[[_Subject], Value]] = {
    "municipality_code": lambda s: s.publisher.code,
    "prefecture": lambda s: s.publisher.prefecture,
    "municipality": lambda s: s.publisher.municipality,
    "number": lambda s: s.sitting.id,
    "name": lambda s: s.event.full_title,
    "name_kana": lambda s: s.event.title_kana,
    "starts_on": lambda s: _date(s.sitting.starts_at),
    "ends_on": lambda s: _date(s.sitting.ends_at),
    "starts_time": lambda s: _time(s.sitting.starts_at),
    "ends_time": lambda s: _time(s.sitting.ends_at),
    "sitting": lambda s: s.sitting.label,
    "description": lambda s: s.event.summary or s.event.full_title,
    "fee": _fee,
    "fee_details": _fee_details,
    "contact": lambda s: s.event.section,
    "contact_phone": lambda s: s.event.contact_phone,
    "contact_email": lambda s: s.event.contact_email,
    "organizer": lambda s: s.event.organizer or s.event.section,
    "venue": _venue("name"),
    "address": _venue("address"),
    "room": _venue("room"),
    "latitude": _venue("latitude"),
    "longitude": _venue("longitude"),
    "access": _venue("access"),
    "parking": _venue("parking"),
    "capacity": lambda s: s.sitting.capacity,
    "closes_on": lambda s: _date(_closes(s)),
    "closes_time": lambda s: _time(_closes(s)),
    "ways_to_apply": _ways,
    "url": lambda s: links.absolute(f"/events/{s.event.slug}/"),
    "remarks": _remarks,
    "series": lambda s: s.event.series_title,
    "audience": lambda s: s.event.audience.word,
    "published_on": lambda s: _date(s.event.published_at),
    "updated_on": lambda s: _date(s.event.updated_at),
}
