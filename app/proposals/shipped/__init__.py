"""What a first programme begins with: its words, its courses, the form that groups fill in."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources

import yaml

from app.proposals.types import CourseDetails, CourseKind, ProgrammeDates, ProgrammeDetails
from app.questions import codec
from app.questions.types import Definition

TITLE = "市民企画提案事業"
LEAD = (
    "市民活動団体の柔らかい発想を生かし、団体と市が一緒に地域の課題に取り組む事業です。"
    "提案をいただき、審査のうえ、費用の一部または全部を市が負担します。"
)
ELIGIBLE = (
    "事業に直接かかる費用（講師への謝礼、交通費、消耗品費、印刷費、通信費、会場の使用料、保険料など）が対象です。\n"
    "団体の運営にかかる費用、飲食費、備品だけを買う費用は対象になりません。"
)
COURSES = (
    CourseDetails(kind=CourseKind.OTHER, name="新規チャレンジコース", ceiling=150_000, rate=75, years=1),
    CourseDetails(kind=CourseKind.OTHER, name="協働準備コース", ceiling=300_000, rate=80, years=2),
    CourseDetails(kind=CourseKind.CITIZEN_THEME, name="市民提案コース", ceiling=500_000, rate=90, years=3),
    CourseDetails(kind=CourseKind.CITY_THEME, name="行政提案コース", ceiling=500_000, rate=100, years=3),
)


def details(fiscal_year: int, contact: str) -> ProgrammeDetails:
    """A first programme of that year, its days where they usually lie."""
    before = fiscal_year - 1
    dates = ProgrammeDates(
        themes_due_on=date(before, 8, 31),
        opens_on=date(before, 11, 1),
        closes_on=date(before, 12, 8),
        correct_by=date(before, 12, 22),
        papers_on=date(fiscal_year, 1, 20),
        presentation_on=date(fiscal_year, 2, 20),
        decide_on=date(fiscal_year, 3, 31),
        interim_due_on=date(fiscal_year, 10, 31),
        final_due_on=date(fiscal_year + 1, 4, 30),
    )
    return ProgrammeDetails(title=TITLE, lead=LEAD, eligible=ELIGIBLE, contact=contact, dates=dates)


@cache
def definition(name: str) -> Definition:
    """The shipped form `name`."""
    text = resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return codec.from_json(yaml.safe_load(text))
