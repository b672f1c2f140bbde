"""The duties of a file against those that are stored: which begin, end or contradict one another. Pure."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.imports.types import Ending, Entry, Line, NewDuty, Problem, State
from app.kernel.japanese_dates import short_date
from app.org import rules
from app.org.types import DutyKind, DutyRow

A_DAY = timedelta(days=1)
Post = tuple[str, DutyKind]


@dataclass(slots=True)
class Wanted:
    """What happens to duties. `words`: by line, what the preview says; `ended`: duties that the file lacks."""

    new: list[NewDuty] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    words: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    ended: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Term:
    """The days of one duty. `line` None: stored, and not in the file."""

    line: int | None
    who: str
    first: date
    last: date


def compare(lines: Sequence[Line], state: State, day: date) -> Wanted:
    """What the file says of duties; open ones that it no longer names end on `day`, or the day before the next."""
    found = Wanted()
    stored: dict[Post, list[DutyRow]] = defaultdict(list)
    for duty in state.duties:
        stored[duty.unit.code, duty.kind].append(duty)
    said: dict[Post, list[Line]] = defaultdict(list)
    for line in lines:
        if line.kind is not None:
            said[line.code, line.kind].append(line)
    for post in {**stored, **said}:
        _compare_post(post, said[post], stored[post], state.fiscal_year, day, found)
    found.new.sort(key=lambda duty: duty.starts_on)
    return found


def _compare_post(
    post: Post, lines: list[Line], stored: list[DutyRow], year: int, day: date, found: Wanted
) -> None:  # fmt: skip
    left, terms, new = list(stored), [], []
    for line in lines:
        duty = _same(line, left)
        if duty is None:
            new.append(line)
            continue
        left.remove(duty)
        terms.append(_term(line, duty.starts_on, year))
        _change_end(line, duty, found)
    for line in new:
        first = line.starts_on or rules.first_day(year)
        terms.append(_term(line, first, year))
        found.new.append(NewDuty(post[0], line.draft.number, post[1], first, line.ends_on))
        until = f"、{short_date(line.ends_on)}まで" if line.ends_on else ""
        found.words[line.line].append(f"{post[1].word}（{short_date(first)}から{until}）")
    terms += _end_missing(
        left, min((t.first for t in terms if t.line in {n.line for n in new}), default=None), day, found
    )
    found.problems += _overlaps(terms)


def _same(line: Line, stored: Iterable[DutyRow]) -> DutyRow | None:
    """The stored duty that a row means: the same person's, from the same day where the row names one."""
    own = [duty for duty in stored if duty.member.number == line.draft.number]
    return next((duty for duty in own if line.starts_on in {None, duty.starts_on}), None)


def _change_end(line: Line, duty: DutyRow, found: Wanted) -> None:
    if line.ends_on == duty.ends_on:
        return
    if line.ends_on is None:
        ended = short_date(duty.ends_on or duty.starts_on)
        reason = f"この{duty.kind.word}は、{ended}で終わっています。「終了日」を入力してください。"
        found.problems.append(Problem(line.line, reason))
        return
    found.endings.append(Ending(duty, line.ends_on))
    found.words[line.line].append(f"{duty.kind.word}の終わりを{short_date(line.ends_on)}に変更")


def _end_missing(left: list[DutyRow], follows: date | None, day: date, found: Wanted) -> list[_Term]:
    """Let open duties end that the file no longer names; those that ended before stay on record as they are."""
    terms = []
    for duty in left:
        last = duty.ends_on
        if last is None:
            last = max(duty.starts_on, follows - A_DAY if follows else day)
            found.endings.append(Ending(duty, last))
            what = f"{duty.unit.full_name}の{duty.kind.word}を{short_date(last)}で終わる"
            found.ended.append(Entry(None, f"{duty.member.name}（{duty.member.number}）", what))
        terms.append(_Term(None, duty.member.name, duty.starts_on, last))
    return terms


def _term(line: Line, first: date, year: int) -> _Term:
    return _Term(line.line, line.draft.name, first, line.ends_on or rules.last_day(year))


def _overlaps(terms: list[_Term]) -> list[Problem]:
    """One person at a time: the later of two rows is the wrong one, or the one that is in the file."""
    problems = []
    ordered = sorted(terms, key=lambda term: (term.first, term.line or 0))
    for before, after in itertools.pairwise(ordered):
        line = after.line or before.line
        if after.first <= before.last and line is not None:
            other = before if line == after.line else after
            place = f"{other.line}行目" if other.line else "登録済み"
            problems.append(
                Problem(
                    line,
                    f"同じ所属の{other.who}さん（{place}）と期間が重なっています。開始日と終了日を確かめてください。",
                )
            )
    return problems
