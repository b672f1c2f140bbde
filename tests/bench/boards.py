"""The board of a mandated training, many sections and years, against the same tables read plainly."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from statistics import median

import sqlalchemy as sa

from app.compliance import queries
from app.infra.db import db
from tests.compliance import city

SECTIONS, YEARS, TURNS = 300, range(2022, 2027), 20
TABLES = ("duty", "org_unit_year", "staff_member", "registration")
TODAY = date(2026, 7, 1)


def measure() -> tuple[float, float, int]:
    """Milliseconds of a board with its comparison of years and of the floor, each the median of TURNS; its statements.

    The database of the pushed application is filled first.
    """
    event_id, _sittings = city.training()
    for year in YEARS:
        city.build(SECTIONS, departments=21, year=year)
        newest = city.required(event_id, fiscal_year=year, due_on=date(year, 12, 18))

    def board() -> None:
        found = queries.comparison(queries.board(newest, today=TODAY), today=TODAY)
        assert [one.every for one in found] == [SECTIONS] * len(YEARS)

    return _milliseconds(board), _milliseconds(_plainly), _statements(board)


def _plainly() -> None:
    for name in TABLES:
        db.session.execute(sa.select("*").select_from(sa.table(name))).all()


def _milliseconds(job: Callable[[], None]) -> float:
    taken = []
    for _ in range(TURNS):
        db.session.remove()
        start = time.perf_counter()
        job()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def _statements(job: Callable[[], None]) -> int:
    seen = []

    def note(*about: object) -> None:
        seen.append(about[2])

    db.session.remove()
    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        job()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return sum(not str(statement).startswith("BEGIN") for statement in seen)
