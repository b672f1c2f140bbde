"""What a file of people and duties would change. Pure: rows and the present state in, a plan out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.imports import chart, rows
from app.imports.duties import Wanted, compare
from app.imports.types import Cells, Entry, ImportPlan, Line, NewUnit, Posted, Problem, Saved, State
from app.org import rules
from app.org.errors import WrongUnit
from app.org.types import MemberRow, UnitKind

WORDS = {"name": "氏名", "kana": "フリガナ", "email": "メールアドレス", "position": "職名", "joined_year": "採用年度"}


def plan(table: Sequence[Cells], state: State, *, on: date) -> ImportPlan:
    """What taking the rows would do to the fiscal year of `state`.

    `on`: the day on which duties that are no longer in the file end, and from which people work elsewhere; a day
    outside the year counts as its first or last. Raises WrongColumns.
    """
    year = state.fiscal_year
    day = min(max(on, rules.first_day(year)), rules.last_day(year))
    lines, problems = rows.read(table, year)
    new_units, contradictions = chart.compare(lines, state.units)
    problems += contradictions + _twice(lines) + _misplaced(lines, state, new_units)
    duties = compare(lines, state, day)
    problems += duties.problems
    if problems:
        return ImportPlan(year, problems=tuple(sorted(problems, key=lambda p: (p.line, p.reason))))
    return _assembled(lines, state, new_units, duties, day)


@dataclass(slots=True)
class _Preview:
    """What the page shows, row by row. A person with several rows is compared once, at the first of them."""

    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    seen: set[str] = field(default_factory=set)

    def note(self, line: Line, words: list[str], *, new: bool) -> None:
        """Add what happens to the person of a row."""
        self.seen.add(line.draft.number)
        entry = Entry(line.line, f"{line.draft.name}（{line.draft.number}）", "、".join(words))
        if new:
            self.added.append(entry)
        elif words:
            self.changed.append(entry)
        else:
            self.unchanged += 1


def _assembled(lines: list[Line], state: State, units: list[NewUnit], duties: Wanted, day: date) -> ImportPlan:
    known = {member.number: member for member in state.members}
    posted = {one.number: one for one in _postings(lines, known, state.fiscal_year, day)}
    preview, saved = _Preview(), []
    for line in lines:
        number, words = line.draft.number, list(duties.words.get(line.line, []))
        member = known.get(number)
        if number in preview.seen:
            preview.note(line, words, new=False)
            continue
        differences = _differences(line, member) if member else ["職員を追加"]
        if differences:
            saved.append(Saved(member.id if member else None, line.draft))
        moved = [f"所属を「{posted[number].code}」に変更"] if member and number in posted else []
        preview.note(line, differences + moved + words, new=member is None)
    added = [Entry(None, unit.name, f"{unit.kind.word}を追加（所属コード {unit.code}）") for unit in units]
    return ImportPlan(
        fiscal_year=state.fiscal_year,
        added=(*added, *preview.added),
        changed=tuple(preview.changed),
        ended=tuple(duties.ended),
        unchanged=preview.unchanged,
        new_units=tuple(units),
        saved=tuple(saved),
        posted=tuple(posted.values()),
        endings=tuple(duties.endings),
        new_duties=tuple(duties.new),
    )


def _differences(line: Line, member: MemberRow) -> list[str]:
    return [
        f"{word}を「{new}」に変更"
        for name, word in WORDS.items()
        if (new := getattr(line.draft, name)) != getattr(member, name)
    ]


def _postings(lines: list[Line], known: dict[str, MemberRow], year: int, day: date) -> list[Posted]:
    """Who works elsewhere from now on: a row without a duty says where; else the last duty that goes on does."""
    works: dict[str, Line] = {}
    for line in sorted(lines, key=lambda one: (one.kind is None, one.starts_on or date.min)):
        if line.ends_on is None:
            works[line.draft.number] = line
    found = []
    for number, line in works.items():
        member = known.get(number)
        at = member.unit.code if member and member.unit else None
        if at != line.code:
            first = rules.first_day(year) if member is None else line.starts_on or day
            found.append(Posted(number, line.code, first))
    return found


def _twice(lines: list[Line]) -> list[Problem]:
    """One number with two people, one address with two numbers, one row twice."""
    people: dict[str, Line] = {}
    addresses: dict[str, Line] = {}
    rows_seen: dict[object, int] = {}
    problems = []
    for line in lines:
        draft = line.draft
        first = people.setdefault(draft.number, line)
        holder = addresses.setdefault(draft.email, line) if draft.email else line
        row = (line.code, draft, line.kind, line.starts_on, line.ends_on)
        if rows_seen.setdefault(row, line.line) != line.line:
            problems.append(Problem(line.line, f"{rows_seen[row]}行目と同じ内容です。"))
        elif first.draft != draft:
            problems.append(
                Problem(line.line, f"職員番号「{draft.number}」は{first.line}行目にもありますが、氏名などが違います。")
            )
        elif holder.draft.number != draft.number:
            problems.append(
                Problem(line.line, f"メールアドレス「{draft.email}」は{holder.line}行目の別の職員と同じです。")
            )
    return problems


def _misplaced(lines: list[Line], state: State, units: list[NewUnit]) -> list[Problem]:
    """A promoter of a department, a coordinator of a section."""
    kinds: dict[str, UnitKind] = {unit.code: unit.kind for unit in state.units}
    kinds.update({unit.code: unit.kind for unit in units})
    problems = []
    for line in lines:
        kind = kinds.get(line.code)
        if line.kind is None or kind is None:
            continue
        try:
            rules.check_holder(line.kind, kind)
        except WrongUnit as refusal:
            problems.append(Problem(line.line, refusal.message))
    return problems
