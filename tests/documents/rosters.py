"""Rosters to print in tests: invented people, some of whose names are hard to set."""

from __future__ import annotations

from dataclasses import replace

from app.documents.types import Roster, RosterRow

HARD_NAMES = (
    "𠮷田　太郎",
    "髙橋　花子",
    "山﨑　一郎",
    "德永　次郎",
    "渡邊󠄀　三郎",
    "濵田　四郎",
    "栁　五郎",
    "𣘺本　六郎",
    "㋿堂　七郎",
    "㈱竹　八郎",
    "①条　九郎",
    "葛󠄀城　十郎",
    "𪚥　龍",
    "김철수",
    "刘伟",
    "=SUM(A1)",
    "#let x = 1",
    "$x$ *b* @r",
)


def a_row(number: int, **changes) -> RosterRow:
    """A row with an invented person, the first ones with hard names."""
    name = HARD_NAMES[number - 1] if number <= len(HARD_NAMES) else f"倉敷　太郎{number}"
    row = RosterRow(number=number, name=name, kana="クラシキ　タロウ", affiliation="水島の会", district="水島")
    return replace(row, **changes)


def a_roster(people: int = 3, **changes) -> Roster:
    """A roster of so many people."""
    roster = Roster(
        title="地域づくり研修会",
        subtitle="第2回",
        fiscal_year_text="令和8年度",
        when="令和8年6月2日（火）13時30分～16時30分",
        venue="市役所本庁舎10階 大会議室",
        sitting_label="午後の部",
        sort_label="フリガナ順",
        printed_at_text="令和8年6月1日（月）17時15分",
        printed_by="三宅 陽子",
        contact="市民活動推進課",
        rows=tuple(a_row(number) for number in range(1, people + 1)),
        totals=(("申込", people), ("出席", None)),
    )
    return replace(roster, **changes)
