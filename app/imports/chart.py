"""Which units a file speaks of: those of the chart, and those that the chart lacks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.imports.types import Line, NewUnit, Problem
from app.org.types import UnitKind, UnitRow

Path = tuple[str, str, str]


def paths(units: Iterable[UnitRow]) -> dict[int, Path]:
    """The names of bureau, department and section of each unit, its own last; empty where there is none."""
    known = {unit.id: unit for unit in units}
    found = {}
    for unit in known.values():
        names = {0: "", 1: "", 2: ""}
        above: UnitRow | None = unit
        while above is not None:
            place = _place(above.kind)
            names[place] = names[place] or above.name
            above = known.get(above.parent_id or 0)
        found[unit.id] = (names[0], names[1], names[2])
    return found


def compare(lines: Sequence[Line], units: Sequence[UnitRow]) -> tuple[list[NewUnit], list[Problem]]:
    """The units to add, from the top down, and the rows whose names contradict the chart or one another."""
    path_of = paths(units)
    stored = {unit.code: path_of[unit.id] for unit in units}
    codes = {path: code for code, path in stored.items()}
    said: dict[str, Path] = {}
    problems = []
    for line in lines:
        reason = _contradiction(line, stored, codes, said)
        if reason:
            problems.append(Problem(line.line, reason))
        elif line.code not in stored:
            said[line.code] = line.path
            codes[line.path] = line.code
    return _missing(said, codes, set(stored)), problems


def kind_of(path: Path) -> UnitKind:
    """What a unit of that path is."""
    if path[2]:
        return UnitKind.OFFICE if path[2].endswith("室") else UnitKind.SECTION
    return UnitKind.DEPARTMENT if path[1] else UnitKind.BUREAU


def _place(kind: UnitKind) -> int:
    return {UnitKind.BUREAU: 0, UnitKind.DEPARTMENT: 1}.get(kind, 2)


def _contradiction(line: Line, stored: dict[str, Path], codes: dict[Path, str], said: dict[str, Path]) -> str | None:
    code, path = line.code, line.path
    if code in stored:
        if any(given and given != name for given, name in zip(path, stored[code], strict=True)):
            return f"所属コード「{code}」は「{_words(stored[code])}」です（ファイルでは「{_words(path)}」）。"
        return None
    if not line.where:
        return (
            f"所属コード「{code}」は、この年度の組織にありません。"
            "新しい組織なら、局・部・課・室の名称も入力してください。"
        )
    if said.get(code, path) != path:
        return f"所属コード「{code}」が、「{_words(said[code])}」と「{_words(path)}」の両方に使われています。"
    if codes.get(path, code) != code:
        return f"「{_words(path)}」の所属コードは「{codes[path]}」です（ファイルでは「{code}」）。"
    return None


def _missing(said: dict[str, Path], codes: dict[Path, str], taken: set[str]) -> list[NewUnit]:
    """What to add. A bureau or department that no row gives a code gets a free one of its own."""
    taken |= set(said)
    new: dict[Path, NewUnit] = {}

    def add(path: Path, code: str | None) -> str:
        if path in new:
            return new[path].code
        above = _above(path)
        parent = None if above is None else (codes.get(above) if above not in said.values() else None)
        if above is not None and parent is None:
            parent = add(above, codes.get(above))
        code = code or _free_code(taken)
        taken.add(code)
        name = next(name for name in reversed(path) if name)
        new[path] = NewUnit(code, kind_of(path), name, parent, len(new) + 1)
        return code

    for code, path in said.items():
        add(path, code)
    return list(new.values())


def _above(path: Path) -> Path | None:
    bureau, department, section = path
    if section and department:
        return (bureau, department, "")
    if (section or department) and bureau:
        return (bureau, "", "")
    return None


def _free_code(taken: set[str]) -> str:
    return next(code for n in range(1, len(taken) + 2) if (code := f"B{n:03}") not in taken)


def _words(path: Path) -> str:
    return "　".join(name for name in path if name)
