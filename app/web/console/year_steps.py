"""What moving into a new year is made of, read from the rooms: the steps, and the three lists that one ticks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import url_for

from app.compliance import carrying as requirements
from app.compliance import services as compliance
from app.elearning import carrying as courses
from app.elearning import services as elearning
from app.events import carrying as trainings
from app.events import overview
from app.events import services as events
from app.events.overview import Filters
from app.events.types import EventStatus
from app.kernel.japanese_dates import date_text, fiscal_year_text
from app.kernel.types import Actor
from app.org import carrying as duties
from app.org import queries as org
from app.org.rules import first_day
from app.org.types import DutyKind
from app.web.console.reach import own_scope
from app.worksheets import carrying as worksheets
from app.worksheets import templates


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the year: where it stands in words, and the page where it is done."""

    title: str
    state: str
    done: bool
    href: str
    link: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Something that goes on: what it is, what it becomes, what to look at once more."""

    id: int
    title: str
    becomes: str
    caution: str = ""


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What would go on, and what would not and why. `later`: something cannot go on yet."""

    rows: tuple[MoveRow, ...]
    left_out: tuple[tuple[str, str], ...]
    later: bool = False

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.later and not self.rows:
            return "組織を作り、研修会・講座と棚卸シートを引き継いだあとで行います。"
        if not self.rows and not self.left_out:
            return "前の年度にはありません。"
        return f"引き継げるものが{len(self.rows)}件、引き継がないものが{len(self.left_out)}件あります。"


class Carry(Protocol):
    """A verb that moves what is chosen and returns how many it were."""

    def __call__(self, year: int, section: str, chosen: Collection[int], *, by: Actor, now: datetime) -> int:
        """Move them."""


@dataclass(frozen=True, slots=True)
class MovePart:
    """One of the lists: how it is called, what comes of it, its dry run and its verb."""

    title: str
    lead: str
    plan: Callable[[int, str], MovePlan]
    carry: Carry


def steps_of(year: int, section: str) -> list[Step]:
    """All steps in the order in which one takes them."""
    begun = year in org.years()
    return [
        _chart(year, begun=begun),
        _duties(year, begun=begun),
        _missing(year, begun=begun),
        *(_part(name, year, section) for name in PARTS),
        _drafts(year),
    ]


def _chart(year: int, *, begun: bool) -> Step:
    units = org.units(year)
    state = (
        f"{len(units)}の組織が登録されています。" if begun else f"{fiscal_year_text(year)}の組織は、まだありません。"
    )
    return Step("組織を作る", state, begun, url_for("console.org_april", year=year), "組織を作る画面へ")


def _duties(year: int, *, begun: bool) -> Step:
    title, href = "担当を引き継ぐ", url_for("console.org_april", year=year)
    if not begun:
        return Step(title, "組織を作ったあとで行います。", False, href, "")
    plan = duties.plan(year)
    state = f"引き継げる担当が{len(plan.carried)}件、引き継がない担当が{len(plan.left_out)}件あります。"
    return Step(title, state, not plan.carried, href, "件数と理由を見る")


def _missing(year: int, *, begun: bool) -> Step:
    title, href = "担当者のいない組織をなくす", url_for("console.org_year", year=year, missing=1)
    if not begun:
        return Step(title, "組織を作ったあとで行います。", False, url_for("console.org"), "")
    missing = {kind: len(org.units_without(kind, year, on=first_day(year))) for kind in DutyKind}
    words = "、".join(f"{kind.word}が{count}人" for kind, count in missing.items() if count)
    state = f"4月1日現在、{words}決まっていません。" if words else "すべての組織に担当者がいます。"
    return Step(title, state, not words, href, "担当者のいない組織を見る")


def _part(name: str, year: int, section: str) -> Step:
    part = PARTS[name]
    plan = part.plan(year, section)
    href = url_for("console.year_part", year=year, part=name)
    return Step(part.title, plan.state, not plan.rows and not plan.later, href, "内容を確かめる")


def _drafts(year: int) -> Step:
    every = overview.listing(Filters(fiscal_year=year), own_scope()).total
    drafts = overview.listing(Filters(fiscal_year=year, status=EventStatus.DRAFT), own_scope()).total
    state = "下書きはありません。" if every else "研修会・講座を引き継いだあとで行います。"
    if drafts:
        state = f"下書きが{drafts}件あります。日時、会場、講師、文面を確かめて、公開します。"
    href = url_for("console.events", year=year, status=EventStatus.DRAFT.value)
    return Step("文面を確かめて公開する", state, bool(every) and not drafts, href, "下書きの一覧へ" if drafts else "")


def _trainings(year: int, section: str) -> MovePlan:
    plan = trainings.plan(year, section)
    rows = (
        MoveRow(
            move.event.id,
            move.event.full_title,
            f"{date_text(move.first_on)}の下書き" if move.first_on else "日付のない下書き",
            move.caution,
        )
        for move in plan.moved
    )
    return MovePlan(tuple(rows), tuple((one.event.full_title, one.reason) for one in plan.left_out))


def _requirements(year: int, section: str) -> MovePlan:
    plan = requirements.plan(year, section)
    rows = (
        MoveRow(
            move.requirement.id,
            move.requirement.title,
            f"期限は{date_text(move.draft.due_on)}。対象：{move.taught}",
            f"引き継がない対象：{'、'.join(move.without)}" if move.without else "",
        )
        for move in plan.moved
    )
    later = any(one.later for one in plan.left_out)
    return MovePlan(tuple(rows), tuple((one.requirement.title, one.reason) for one in plan.left_out), later)


def _worksheets(year: int, section: str) -> MovePlan:
    plan = worksheets.plan(year, section)
    rows = (MoveRow(template.id, template.title, f"{year}年度の様式（公開前）") for template in plan.moved)
    return MovePlan(tuple(rows), tuple((one.template.title, one.reason) for one in plan.left_out))


def _courses(year: int, section: str) -> MovePlan:
    plan = courses.plan(year, section)
    rows = (MoveRow(course.id, course.title, f"{year}年度の講座（公開前）") for course in plan.moved)
    return MovePlan(tuple(rows), tuple((one.course.title, one.reason) for one in plan.left_out))


PARTS: Mapping[str, MovePart] = {
    "events": MovePart(
        "研修会・講座を引き継ぐ",
        "同じ曜日の最も近い日に動かして、下書きを作ります。次第、講師、会場と定員、準備の一覧も引き継ぎます。申込者と資料は引き継ぎません。",
        _trainings,
        events.carry,
    ),
    "worksheets": MovePart(
        "棚卸シートの様式を引き継ぐ",
        "設問をそのまま引き継ぎ、公開前の様式を作ります。各課の回答は、各課が「前年度から写す」で引き継ぎます。",
        _worksheets,
        templates.carry,
    ),
    "elearning": MovePart(
        "Eラーニングの講座を引き継ぐ",
        "公開した最後の版の単元と確認テストを引き継ぎ、公開前の講座を作ります。お知らせの日も引き継ぎます。受講の記録は引き継ぎません。",
        _courses,
        elearning.carry,
    ),
    "requirements": MovePart(
        "必修研修を引き継ぐ",
        "対象の研修の新しい日付に合わせて、期限を動かします。代理出席の決まり、求める棚卸シート、案内を送る日も引き継ぎます。選んだ部・課は仕事を引き継いだ組織に、名簿は4月1日に在籍する職員にします。",
        _requirements,
        compliance.carry,
    ),
}
