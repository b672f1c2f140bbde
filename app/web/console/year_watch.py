"""What the data say of the year's plan: for each kind of thing that can be watched one function, in one table.

A room that can tell how far something has come gets a line in WATCHES; entries name it by its key, also those that were
written before the line was there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from flask import url_for

from app.accounts.permissions import Permission
from app.compliance import queries as compliance
from app.elearning import queries as elearning
from app.events import planned
from app.events.planned import PlannedRow
from app.events.types import Audience, EventStatus
from app.kernel.japanese_dates import short_date
from app.org import queries as org
from app.org.rules import first_day
from app.org.types import DutyKind
from app.proposals import queries as proposals
from app.proposals.rules import phase
from app.questions.states import State as SheetState
from app.reports import queries as reports
from app.reports.types import Status
from app.shared_issues import queries as shared_issues
from app.surveys import board as survey_board
from app.surveys import queries as surveys
from app.web.console.year_steps import PARTS
from app.worksheets import queries as worksheets
from app.year_plan import rules
from app.year_plan.types import EntryRow, Standing, State

# As many events as an entry names.
MOST_NAMED = 3


@dataclass
class Year:
    """A fiscal year of a section, looked at now. What several entries ask for is read once."""

    fiscal_year: int
    section: str
    today: date
    now: datetime
    known: dict[str, Standing] = field(default_factory=dict)

    @cached_property
    def events(self) -> list[PlannedRow]:
        """The section's events with a date."""
        return planned.of_year(self.fiscal_year, self.section)

    def standing(self, entry: EntryRow) -> Standing | None:
        """What is known of an entry; None where nothing tells."""
        if entry.watch in PERIODS:
            return _held(self, entry, PERIODS[entry.watch].audiences)
        if entry.watch not in WATCHES:
            return None
        if entry.watch not in self.known:
            self.known[entry.watch] = WATCHES[entry.watch].look(self)
        return self.known[entry.watch]


@dataclass(frozen=True, slots=True)
class Watch:
    """Something whose state a room can tell. `page`: the view where it is done, for whom `needed` lets in."""

    title: str
    look: Callable[[Year], Standing]
    page: str
    needed: Permission


@dataclass(frozen=True, slots=True)
class Period:
    """An event for one of these audiences that begins on one of the entry's days."""

    title: str
    audiences: frozenset[Audience]


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with its state, what the data say of it in words, and the page where it is done; "": there is none."""

    entry: EntryRow
    state: State
    words: str
    href: str


def items(year: Year, entries: list[EntryRow], may: Callable[[Permission], bool]) -> list[Item]:
    """Entries as a page shows them to somebody who `may` do certain things."""
    return [_item(year, entry, may) for entry in entries]


def watchable() -> dict[str, str]:
    """What an entry can be told by: key → words."""
    told = {key: watch.title for key, watch in WATCHES.items()}
    return {"": "自分で「済み」にする", **{key: period.title for key, period in PERIODS.items()}, **told}


def _item(year: Year, entry: EntryRow, may: Callable[[Permission], bool]) -> Item:
    standing = year.standing(entry) if entry.done_at is None else None
    words = standing.words if standing else ""
    return Item(entry, rules.state(entry, standing, year.today), words, entry.page or _page(year, entry, may))


def _page(year: Year, entry: EntryRow, may: Callable[[Permission], bool]) -> str:
    if entry.watch in PERIODS:
        return url_for("console.events", year=year.fiscal_year)
    watch = WATCHES.get(entry.watch)
    return url_for(watch.page) if watch and may(watch.needed) else ""


def _held(year: Year, entry: EntryRow, audiences: frozenset[Audience]) -> Standing:
    found = [e for e in year.events if e.audience in audiences and e.within(entry.starts_on, entry.ends_on)]
    if not found:
        return Standing(begun=False, done=False, words="この期間に始まる研修会・講座は、まだありません。")
    over = all(one.ends_at <= year.now and one.status is not EventStatus.DRAFT for one in found)
    words = "、".join(f"{one.title}（{one.status.word}）" for one in found[:MOST_NAMED])
    more = f" ほか{len(found) - MOST_NAMED}件" if len(found) > MOST_NAMED else ""
    return Standing(begun=True, done=over, words=words + more)


def _chart(year: Year) -> Standing:
    units = org.units(year.fiscal_year)
    return Standing(bool(units), bool(units), f"{len(units)}の組織を登録済み" if units else "まだ作っていません。")


def _duties(year: Year) -> Standing:
    day = min(max(year.today, first_day(year.fiscal_year)), date(year.fiscal_year + 1, 3, 31))
    missing = {kind: len(org.units_without(kind, year.fiscal_year, on=day)) for kind in DutyKind}
    words = "、".join(f"{kind.word}が{count}人未定" for kind, count in missing.items() if count)
    there = bool(org.units(year.fiscal_year))
    return Standing(there, there and not words, words or ("全員決まっています。" if there else ""))


def _carried(year: Year) -> Standing:
    """Drafts are not looked at: new ones come all year."""
    plans = [part.plan(year.fiscal_year, year.section) for part in PARTS.values()]
    left, ready = sum(len(plan.rows) for plan in plans), not any(plan.later for plan in plans)
    words = f"引き継げるものが{left}件残っています。" if left else "引き継ぐものは残っていません。" if ready else ""
    through = any(not plan.rows and not plan.later for plan in plans)
    return Standing(through, ready and not left, words)


def _required(year: Year) -> Standing:
    found = compliance.of_year(year.fiscal_year, section=year.section)
    ended = sum(one.ended_at is not None for one in found)
    words = f"{len(found)}件のうち{ended}件を終了" if found else "まだ登録していません。"
    return Standing(bool(found), bool(found) and ended == len(found), words)


def _sheets(year: Year) -> Standing:
    found = worksheets.templates(year.fiscal_year, section=year.section)
    states = list(worksheets.states(one.id for one in found).values())
    must = len(found) * len(worksheets.who_must(year.fiscal_year))
    accepted = states.count(SheetState.ACCEPTED)
    handed_in = accepted + states.count(SheetState.SUBMITTED)
    closed = bool(found) and all(one.closed_at is not None for one in found)
    words = f"提出{handed_in}／{must}、うち受理{accepted}" if found else "様式は、まだ作っていません。"
    begun = any(one.opened_at is not None for one in found)
    return Standing(begun, closed or (bool(must) and accepted == must), words)


def _themes(year: Year) -> Standing:
    found = [one for one in proposals.programmes(year.section) if one.fiscal_year == year.fiscal_year + 1]
    told = [one for one in found if one.themes_published_at is not None]
    words = "テーマを公開しました。" if told else "募集中です。" if found else "次の年度の事業は、まだ作っていません。"
    return Standing(bool(found), bool(told), words)


def _issues(year: Year) -> Standing:
    figure = shared_issues.published_in(year.fiscal_year)
    _proposed, unread = shared_issues.waiting()
    over = year.today > date(year.fiscal_year + 1, 3, 31)
    words = f"公開{figure.number}件" + (f"、未対応の回答{unread}件" if unread and not over else "")
    return Standing(figure.number > 0, over and figure.number > 0, words)


def _applications(year: Year) -> Standing:
    """Done once the groups were told the result."""
    found = [one for one in proposals.programmes(year.section) if one.fiscal_year == year.fiscal_year + 1]
    told = [one for one in found if one.published_at is not None]
    if not told:
        return Standing(begun=False, done=False, words="応募のページは、まだ公開していません。")
    figures = proposals.figures(year.fiscal_year + 1)
    adopted = [one.adopted for one in figures if one.adopted is not None]
    words = "、".join(f"{phase(one.dates, year.today).word}（締切は{short_date(one.dates.closes_on)}）" for one in told)
    words += f"、応募{sum(one.applications for one in figures)}件"
    return Standing(True, bool(adopted), words + (f"、採択{sum(adopted)}件" if adopted else ""))


def _elearning(year: Year) -> Standing:
    found = elearning.of_year(year.fiscal_year, section=year.section)
    told = [one for one in found if one.published is not None]
    over = bool(told) and all(one.due_on < year.today for one in told)
    words = f"{len(found)}コースのうち{len(told)}コースを公開" if found else "コースは、まだ作っていません。"
    return Standing(bool(told), over, words)


def _survey(year: Year) -> Standing:
    found = [one for one in surveys.surveys(year.section) if one.fiscal_year == year.fiscal_year]
    states = survey_board.states([one.id for one in found])
    accepted = sum(one[SheetState.ACCEPTED] for one in states.values())
    handed_in = accepted + sum(one[SheetState.SUBMITTED] for one in states.values())
    must = len(surveys.who_must(year.fiscal_year))
    words = f"回答{handed_in}／{must}、うち受理{accepted}" if found else "調査は、まだ作っていません。"
    begun = any(one.opened_at is not None for one in found)
    return Standing(begun, bool(found) and all(one.closed_at is not None for one in found), words)


def _report(year: Year) -> Standing:
    found = [one for one in reports.listing(year.section) if one.fiscal_year == year.fiscal_year]
    frozen = [one for one in found if one.status is Status.FROZEN]
    return Standing(bool(found), bool(frozen), found[0].status.word if found else "まだ作っていません。")


def _next_year(year: Year) -> Standing:
    begun = year.fiscal_year + 1 in org.years()
    return Standing(begun, begun, "次の年度の組織があります。" if begun else "")


RESIDENTS, STAFF = frozenset({Audience.RESIDENTS, Audience.BOTH}), frozenset({Audience.STAFF, Audience.BOTH})

PERIODS: Mapping[str, Period] = {
    "resident_event": Period("期間内に始まる、市民向けの研修会・講座", RESIDENTS),
    "staff_event": Period("期間内に始まる、職員向けの研修", STAFF),
}
WATCHES: Mapping[str, Watch] = {
    "chart": Watch("組織の登録", _chart, "console.org", Permission.SEE_ORG),
    "duties": Watch("推進員・調整員の登録", _duties, "console.org", Permission.SEE_ORG),
    "carry": Watch("年度の準備", _carried, "console.year", Permission.EDIT_EVENTS),
    "requirement": Watch("必修研修", _required, "console.compliance", Permission.SEE_COMPLIANCE),
    "worksheets": Watch("棚卸シート", _sheets, "console.worksheets", Permission.SEE_WORKSHEETS),
    "themes": Watch("提案事業のテーマ", _themes, "console.proposals", Permission.SEE_PROPOSALS),
    "proposals": Watch("提案事業の募集と審査", _applications, "console.proposals", Permission.SEE_PROPOSALS),
    "elearning": Watch("Eラーニング", _elearning, "console.elearning", Permission.SEE_ELEARNING),
    "survey": Watch("協働環境調査", _survey, "console.surveys", Permission.SEE_SURVEYS),
    "report": Watch("年次レポート", _report, "console.reports", Permission.SEE_REPORTS),
    "issues": Watch("地域課題", _issues, "console.issues", Permission.SEE_ISSUES),
    "next_year": Watch("次の年度の組織", _next_year, "console.year", Permission.EDIT_EVENTS),
}
