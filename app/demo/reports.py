"""Yearly reports: fiscal year 2016 as it was published, and the present year's as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.demo.basis import SECTION, facts
from app.design.jinja import STATIC
from app.documents.pdf import svg_png
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import era_year, fiscal_year_text
from app.kernel.types import SYSTEM
from app.reports import chapters, freezing, photos, queries, services, typed
from app.reports.types import PhotoDraft, TypedRow


def load(*, now: datetime) -> None:
    """Add both; whatever no record says of fiscal year 2016 stands as a figure with the published report as source."""
    fact = facts()
    publisher = f"{fact['city']['name']} {SECTION}"
    typed.save(_figures(fact), section=SECTION, by=SYSTEM, now=now)
    past = services.begin(fact["fiscal_year"], section=SECTION, publisher=publisher, by=SYSTEM, now=now)
    _write(past, _past_texts(fact), now)
    services.review(past, by=SYSTEM, now=now)
    freezing.freeze(past, by=SYSTEM, now=now)
    draft = services.begin(fiscal_year(now), section=SECTION, publisher=publisher, by=SYSTEM, now=now)
    _write(draft, PRESENT, now)
    drawing = svg_png((STATIC / "img" / "gathering.svg").read_text("utf-8"))
    shown = PhotoDraft("机を囲んで話し合う人たちのイラスト", "話し合いの様子（イラスト）", drawing)
    photos.add(draft, "model", shown, by=SYSTEM, now=now)


PRESENT = {
    "intro": "今年度に、市民の皆さん、団体、市がともに進めた取組を、数字と記録でまとめました。\n\n"
    "身近な課題をいっしょに考えるための資料として、お読みください。",
    "workshops": "地域で活動する方が、事例を聞き、話し合いながら学ぶ研修会です。今年度は次のことを大切にしました。\n\n"
    "・話し合いの時間を長くとること\n・初めての方も参加しやすくすること",
}


def _write(report_id: int, texts: Mapping[str, str], now: datetime) -> None:
    known = queries.texts(report_id)
    for chapter, text in texts.items():
        version = known[chapter].version if chapter in known else 0
        services.write(report_id, chapter, text, version=version, by=SYSTEM, now=now)


def _figures(fact: Mapping[str, Any]) -> list[TypedRow]:
    year = fact["fiscal_year"]
    own = {
        "coordinators": fact["organisation"]["coordinators"],
        "promoters": fact["organisation"]["promoters"],
        "elearning_units": sum(len(course["units"]) for course in fact["e_learning"]),
    }
    source = f"{chapters.title_of(year)}（{fact['city']['name']}）"
    return [TypedRow(year, key, value, source) for key, value in own.items()]


def _past_texts(fact: Mapping[str, Any]) -> dict[str, str]:
    """Our own words, which say nothing that the facts do not."""
    city, year = fact["city"]["name"], fiscal_year_text(fact["fiscal_year"])
    training, courses = fact["staff_training"][0], fact["proposal_programme"]
    units = "\n".join(f"・{unit}" for course in fact["e_learning"] for unit in course["units"])
    return {
        "intro": f"{year}に、{city}と市民の皆さんがともに進めた協働の取組を、記録と数字でまとめました。\n\n"
        "地域の課題を、市民、団体、市がいっしょに考えるための資料としてお読みください。",
        "survey": f"{_month(fact['collaboration_survey']['asked_in'])}に、市のすべての課・室に、"
        "市民と協働している事業を尋ねました。",
        "training": f"協働推進員と協働調整員は、{fiscal_year_text(fact['organisation']['since_fiscal_year'])}から"
        "置いています。協働調整員は部ごとに一人、部長級の職員が務めます。協働推進員は課・室ごとに一人、"
        "勤めておよそ十年になる職員が務めます。\n\n"
        f"{training['title']}は{training['format']}の形で行い、{training['worksheet']}を作成しました。",
        "elearning": f"すべての職員が、Eラーニングで次の単元を学びます。\n\n{units}",
        "inventory": f"{training['title']}で作成した{training['worksheet']}を、研修のあとに提出します。",
        "issues": f"{_month(fact['shared_issues']['since'])}から、おかやまシェアウェブに地域の課題を公開し、"
        "話し合いに役立てています。",
        "workshops": f"{fact['community_workshops']['series']}は、市民向けの連続した研修会です。",
        "proposals": f"{fiscal_year_text(courses['for_fiscal_year'])}に行う事業の提案を募りました。"
        f"{courses['courses'][0]['name']}は、市の課が決めたテーマに、市と一緒に取り組むコースです。"
        f"{courses['courses'][1]['name']}は、市民の団体が自分たちで決めたテーマに取り組むコースです。",
        "model": "市民と市の職員が、一つのテーブルで課題を話し合う事業です。",
    }


def _month(year_and_month: str) -> str:
    """平成29年2月 for 2017-02."""
    year, month = map(int, year_and_month.split("-"))
    return f"{era_year(date(year, month, 1))}{month}月"
