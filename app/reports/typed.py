"""Figures that people type or import with their source: for years before the records, and for what no room keeps."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from app.documents.reading import Table, read_table
from app.infra import audit
from app.infra.db import db, insert_into, transaction
from app.kernel.errors import NotFound
from app.kernel.text import clean_line
from app.kernel.types import Actor
from app.reports.definitions import BY_KEY
from app.reports.errors import WrongRows
from app.reports.models import TypedFigure
from app.reports.types import TypedRow

FIRST_YEAR, MOST, LONGEST_SOURCE = 2000, 999_999_999, 200
HEADER = ("年度", "キー", "値", "出典")
# Years by figures: more than a city will ever type at once.
MOST_ROWS = 2_000


def by_year_and_key(section: str) -> dict[tuple[int, str], TypedRow]:
    """All that a section of the city hall typed, the newest year first; one statement."""
    columns = (getattr(TypedFigure, name) for name in TypedRow.__dataclass_fields__)
    chosen = sa.select(*columns).where(TypedFigure.section == section)
    chosen = chosen.order_by(TypedFigure.fiscal_year.desc(), TypedFigure.key)
    return {(row.fiscal_year, row.key): TypedRow(*row) for row in db.session.execute(chosen)}


@transaction
def save(rows: Sequence[TypedRow], *, section: str, by: Actor, now: datetime) -> None:
    """Keep them; a year has each figure once, the later one stands."""
    for row in rows:
        said = {"value": row.value, "source": row.source, "typed_at": now, "typed_by": by.label}
        put = insert_into(TypedFigure).values(section=section, fiscal_year=row.fiscal_year, key=row.key, **said)
        known = ["section", "fiscal_year", "key"]
        db.session.execute(put.on_conflict_do_update(index_elements=known, set_=said))
    for year in sorted({row.fiscal_year for row in rows}):
        keys = sorted(row.key for row in rows if row.fiscal_year == year)
        audit.record("figure.typed", "figures", year, by=by, at=now, fields=keys)


@transaction
def forget(fiscal_year: int, key: str, *, section: str, by: Actor, now: datetime) -> None:
    """Take one away. Raises NotFound."""
    row = db.session.get(TypedFigure, (section, fiscal_year, key), with_for_update=True)
    if row is None:
        raise NotFound
    db.session.delete(row)
    audit.record("figure.forgotten", "figures", fiscal_year, by=by, at=now, fields=[key])


def read(content: bytes, file_name: str, *, this_year: int) -> list[TypedRow]:
    """The rows of a file with the columns of HEADER. Raises UnreadableFile, WrongRows with each row that is wrong."""
    table = read_table(content, file_name=file_name)
    if _cells(table, 0) != list(HEADER):
        raise WrongRows([f"1行目の見出しは「{'、'.join(HEADER)}」です。"])
    numbered = [(place + 1, _cells(table, place)) for place in range(1, len(table.rows))]
    filled = [(number, cells) for number, cells in numbered if any(cells)]
    if not filled or len(filled) > MOST_ROWS:
        raise WrongRows([f"1件から{MOST_ROWS:,}件までの数字を入れてください。"])
    problems = [f"{number}行目：{problem}" for number, cells in filled if (problem := _wrong(cells, this_year))]
    problems += _twice(filled)
    if problems:
        raise WrongRows(problems)
    return [TypedRow(int(year), key, int(value), source) for _number, (year, key, value, source) in filled]


def _cells(table: Table, place: int) -> list[str]:
    cells = [clean_line(table.cell(place, column) or "") for column in range(len(HEADER))]
    return [
        unicodedata.normalize("NFKC", cell).replace(",", "") if n in {0, 2} else cell for n, cell in enumerate(cells)
    ]


def _wrong(cells: Sequence[str], this_year: int) -> str:
    """What is wrong with a row, as a sentence; empty where nothing is."""
    year, key, value, source = cells
    if not (_is_number(year) and FIRST_YEAR <= int(year) <= this_year):
        return f"年度は{FIRST_YEAR}から{this_year}までの西暦です。"
    if key not in BY_KEY:
        return f"「{key}」というキーはありません。"
    if not (_is_number(value) and int(value) <= MOST):
        return "値は数字で入れてください。"
    if not source:
        return "出典を入れてください。"
    return f"出典は{LONGEST_SOURCE}文字までです。" if len(source) > LONGEST_SOURCE else ""


def _twice(rows: Iterable[tuple[int, Sequence[str]]]) -> list[str]:
    first: dict[tuple[str, str], int] = {}
    return [
        f"{number}行目：{first[cells[0], cells[1]]}行目と同じ年度とキーです。"
        for number, cells in rows
        if first.setdefault((cells[0], cells[1]), number) != number
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
