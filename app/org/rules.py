"""Pure decisions about sections, staff and duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import date

from app.kernel.fiscal_year import fiscal_year
from app.org.errors import WrongDay, WrongParent, WrongUnit
from app.org.types import DutyKind, DutyRow, UnitKind, UnitRow

FIRST_MONTH = 4
HEADS = frozenset({"課長", "室長", "所長", "館長", "園長"})


def first_day(year: int) -> date:
    """1 April."""
    return date(year, FIRST_MONTH, 1)


def last_day(year: int) -> date:
    """31 March of the following calendar year."""
    return date(year + 1, 3, 31)


def check_day(day: date, year: int) -> None:
    """Raises WrongDay for a day outside the fiscal year."""
    if fiscal_year(day) != year:
        raise WrongDay(f"{year}年度（{year}年4月1日から{year + 1}年3月31日まで）の日付にしてください。")


def check_holder(kind: DutyKind, unit: UnitKind) -> None:
    """Raises WrongUnit where such a unit names nobody for this duty."""
    if unit not in kind.held_at:
        wanted = "・".join(sorted((u.word for u in kind.held_at), reverse=True))
        raise WrongUnit(f"{kind.word}を置くのは{wanted}です。")


def check_parent(unit_id: int, parent_id: int | None, parents: Mapping[int, int | None]) -> None:
    """Raises WrongParent where the unit would stand below itself. `parents` are those of the year, by unit."""
    above = parent_id
    while above is not None:
        if above == unit_id or above not in parents:
            raise WrongParent("この組織の下には置けません。上の組織を選び直してください。")
        above = parents[above]


def in_order(units: Iterable[UnitRow]) -> list[UnitRow]:
    """The tree from the top down, siblings by position and code (建制順), each with its path."""
    children: dict[int | None, list[UnitRow]] = defaultdict(list)
    for unit in sorted(units, key=lambda u: (u.position, u.code), reverse=True):
        children[unit.parent_id].append(unit)
    found: list[UnitRow] = []
    waiting = [replace(unit, path=(unit.name,)) for unit in children[None]]
    while waiting:
        unit = waiting.pop()
        found.append(unit)
        waiting += [replace(below, path=(*unit.path, below.name)) for below in children.get(unit.id, ())]
    return found


def below(unit_id: int, units: Iterable[UnitRow]) -> frozenset[int]:
    """The unit and everything under it."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for unit in units:
        children[unit.parent_id].append(unit.id)
    found, waiting = {unit_id}, [unit_id]
    while waiting:
        for child in children[waiting.pop()]:
            found.add(child)
            waiting.append(child)
    return frozenset(found)


def heirs(unit_id: int, present: Container[int], successions: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Which of the `present` units do the work of one: itself while it is there, else who took over, as (old, new)."""
    following: dict[int, list[int]] = defaultdict(list)
    for old, new in successions:
        following[old].append(new)
    seen, waiting = {unit_id}, [unit_id]
    while waiting:
        one = waiting.pop()
        news = [] if one in present else following[one]
        waiting += [new for new in news if new not in seen]
        seen.update(news)
    return frozenset(one for one in seen if one in present)


def unheld(kind: DutyKind, units: Iterable[UnitRow], duties: Iterable[DutyRow]) -> list[UnitRow]:
    """The units that name somebody for this duty and are not among those of `duties`."""
    held = {duty.unit.id for duty in duties if duty.kind is kind}
    return [unit for unit in units if unit.kind in kind.held_at and unit.id not in held]


def departments(units: Iterable[UnitRow]) -> dict[int, int]:
    """The department of each unit, by unit; what stands in none stands for itself. `units`: from the top down."""
    found: dict[int, int] = {}
    known: set[int] = set()
    for unit in units:
        above = found.get(unit.parent_id) if unit.parent_id is not None else None
        if unit.kind is UnitKind.DEPARTMENT:
            known.add(unit.id)
        found[unit.id] = above if above in known and unit.id not in known else unit.id
    return found


def is_head(position: str) -> bool:
    """Whether this is the position (職名) of who leads a section."""
    return position in HEADS


def years_of_service(joined_year: int | None, year: int) -> int | None:
    """Completed fiscal years of service at the beginning of `year`."""
    return None if joined_year is None else year - joined_year
