"""Days as people type them: 2026-06-02, 2026/6/2, 令和8年6月2日（火） and R8.6.2 are one and the same."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.kernel.japanese_dates import ERAS, WEEKDAYS, era_year

_ERAS = {"令和": 2019, "R": 2019, "平成": 1989, "H": 1989, "昭和": 1926, "S": 1926}
_DATE = re.compile(
    rf"(?P<era>{'|'.join(_ERAS)})?\s*(?P<year>\d{{1,4}}|元)\s*[年./-]\s*(?P<month>\d{{1,2}})\s*[月./-]"
    rf"\s*(?P<day>\d{{1,2}})\s*日?\s*(?:\((?P<weekday>[{WEEKDAYS}])(?:曜日?)?\))?"
)


def parse_date(typed: str) -> date:
    """The day that `typed` means. Raises ValueError with the sentence that says what to do."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", typed).strip().upper())
    if not found or (found["era"] is None and len(found["year"]) != 4):
        raise ValueError("は年から入力してください。例：令和8年6月2日、2026/6/2")
    number = 1 if found["year"] == "元" else int(found["year"])
    year = number if found["era"] is None else _ERAS[found["era"]] + number - 1
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        era_year(day)
    except ValueError:
        raise ValueError("は暦にある日付で入力してください。例：令和8年6月2日") from None
    _check_era(found["era"], day)
    weekday = WEEKDAYS[day.weekday()]
    if found["weekday"] not in {None, weekday}:
        raise ValueError(
            f"の曜日が合いません。{year}年{day.month}月{day.day}日は{weekday}曜日です。日付か曜日を直してください。"
        )
    return day


def _check_era(era: str | None, day: date) -> None:
    starts = {name: start for start, name in ERAS}
    # An era that went on on paper after its end (平成31年6月) is understood; one that had not begun is a slip.
    full = {"R": "令和", "H": "平成", "S": "昭和"}.get(era or "", era)
    if full is not None and day < starts[full]:
        raise ValueError(
            f"の{full}は{starts[full].year}年{starts[full].month}月{starts[full].day}日からです。年を確かめてください。"
        )
