"""The demonstration's worksheets: last year's accepted from every section, this year's half-way and in every state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from importlib import resources
from itertools import cycle, islice
from typing import Any

import yaml

from app.demo.basis import SECTION, day_in
from app.documents.sheets import xlsx
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM, Actor, ActorKind
from app.org.types import UnitRow
from app.worksheets import attachments, queries, services, templates
from app.worksheets.shipped import definition
from app.worksheets.types import CommentDraft, TemplateDraft

SHEET = "tasks"
TASKS_EACH = 2
# How far this year's sections have come, in turn; "" has not begun.
STATES = ("accepted", "", "submitted", "draft", "returned", "", "approved", "")


def load(*, now: datetime) -> None:
    """A worksheet of last year and one of this year."""
    year = fiscal_year(now)
    before = _template(year - 1, date(year - 1, 7, 31), now, needs_approval=False)
    _fill_in(before, queries.who_must(year - 1), ("accepted",), now=now)
    templates.close(before, by=SYSTEM, now=now)
    soon = min(day_in(now, 14), date(year + 1, 3, 31))
    present = _template(year, soon, now)
    _fill_in(present, queries.who_must(year), STATES, now=now)


def _template(year: int, due_on: date, now: datetime, *, needs_approval: bool = True) -> int:
    draft = TemplateDraft(year, SHEET, "業務の棚卸シート", SECTION, due_on, definition("tasks"), needs_approval, 3)
    made = templates.draft(draft, by=SYSTEM, now=now)
    templates.open_(made, by=SYSTEM, now=now)
    return made


def _with_tasks(units: list[UnitRow]) -> Iterator[tuple[UnitRow, list[dict[str, Any]]]]:
    text = resources.files("app.demo").joinpath("tasks.yaml").read_text(encoding="utf-8")
    tasks = cycle(yaml.safe_load(text))
    for unit in units:
        rows = enumerate(islice(tasks, TASKS_EACH), start=1)
        yield unit, [{"row": f"row-{n}", **task, "publish": n == 1} for n, task in rows]


def _fill_in(template_id: int, units: list[UnitRow], states: tuple[str, ...], *, now: datetime) -> None:
    """Bring each section's worksheet as far as the states say in turn."""
    begun = []
    for (unit, rows), state in zip(_with_tasks(units), cycle(states), strict=False):
        if state:
            answers = {"section": {"round": "first"}, "tasks": rows}
            saved = services.save(template_id, unit.id, answers, version=0, by=_writer(unit), now=now)
            begun.append((unit, state, saved.version))
    # Asked once for all: the board costs as little as one worksheet.
    numbers = {row.unit.id: row.worksheet_id for row in queries.board(template_id, today=local_date(now))}
    approves = queries.template(template_id).needs_approval
    for unit, state, version in begun:
        number = numbers[unit.id]
        if number is not None and state != "draft":
            _hand_in(number, unit, state, version, approves=approves, now=now)


def _hand_in(sheet: int, unit: UnitRow, state: str, version: int, *, approves: bool, now: datetime) -> None:
    if state == "returned":
        breakdown = xlsx("内訳", ["費目", "金額（千円）"], [["委託料", 1200], ["消耗品費", 80]])
        attachments.attach(sheet, "事業費の内訳.xlsx", breakdown, by=_writer(unit), now=now)
    services.submit(sheet, version=version, by=_writer(unit), now=now)
    if approves and state in {"approved", "accepted"}:
        services.approve(sheet, by=Actor(ActorKind.STAFF, unit.code, f"{unit.name}長"), now=now)
    if state == "accepted":
        services.accept(sheet, by=SYSTEM, now=now)
    if state == "returned":
        wish = CommentDraft("課題の背景を、もう少し詳しく書いてください。", "tasks", "row-1")
        services.return_(sheet, [wish], by=SYSTEM, now=now)


def _writer(unit: UnitRow) -> Actor:
    return Actor(ActorKind.STAFF, None, f"{unit.name}の担当者")
