"""The demonstration's proposals: FY2016's figures as the report gives them, this year's projects, next year's call."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.demo import proposed, screened
from app.demo.basis import SECTION, facts
from app.demo.sections import PROMOTER
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM, Actor, ActorKind
from app.org import queries as org
from app.org.types import UnitRow
from app.proposals import queries, services, themes
from app.proposals.types import CourseFigure, CourseKind, ProgrammeDates, ProgrammeDetails, ThemeDraft

CONTACT = "市民活動推進課　電話 086-000-0000"
SOURCE = "平成28年度協働推進レポート"
KINDS = {"行政提案コース": CourseKind.CITY_THEME, "市民提案コース": CourseKind.CITIZEN_THEME}
# Days from the opening of applications to each day of a programme.
AFTER_OPENING = (-30, 0, 38, 52, 80, 110, 130, 330, 520)
THEMES = (
    ThemeDraft(
        "空き家になる前の相談の場づくり",
        "住む人がいなくなってから相談を受けることが多く、打てる手が限られます。",
        "町内会や福祉の団体と一緒に、早めに話せる場を開いていただきたいです。",
        "専門家の紹介、会場の提供、広報をします。",
    ),
    ThemeDraft(
        "外国につながる子どもの学習の手伝い",
        "学校からのお知らせが読めず、提出物や行事で困る家庭が増えています。",
        "放課後に立ち寄れる学習の場と、保護者への説明の手伝いを期待します。",
        "学校との連絡、教材の提供をします。",
    ),
    ThemeDraft(
        "はじめて活動する方の入口づくり",
        "活動してみたいという声はありますが、どこに聞けばよいか分からず、始められない方がいます。",
        "若い世代が気軽に立ち寄り、団体と出会える場を提案してください。",
        "市民活動センターの場所の提供、広報をします。",
    ),
)
# Whose themes they are; the last is that of the promoter of the sign-ins.
THEIRS = ("住宅課", "国際課")


def load(*, now: datetime) -> None:
    """Add the figures, next year's programme, and the themes of the sections."""
    for course in facts()["proposal_programme"]["courses"]:
        year = facts()["proposal_programme"]["for_fiscal_year"]
        name = course["name"]
        figure = CourseFigure(year, name, KINDS[name], course["applications"], None, SOURCE)
        services.remember_figure(figure, by=SYSTEM, now=now)
    screened.load(begun(fiscal_year(now), local_date(now) - timedelta(days=screened.OPENED_AGO), now=now), now=now)
    _open_now(fiscal_year(now) + 1, now=now)


def _open_now(year: int, *, now: datetime) -> None:
    opened = local_date(now) - timedelta(days=14)
    programme_id = begun(year, opened, now=now)
    called = now - timedelta(days=60)
    for unit, draft in zip(_sections(now), THEMES, strict=False):
        writer = Actor(ActorKind.STAFF, None, f"{unit.name}の担当者")
        theme_id = themes.hand_in(programme_id, unit.id, draft, by=writer, now=called)
        if draft is THEMES[-1]:
            themes.return_(theme_id, "これまでに試したことも書いてください。", by=SYSTEM, now=called)
        else:
            themes.accept(theme_id, by=SYSTEM, now=called)
    themes.publish(programme_id, by=SYSTEM, now=called)
    programme = queries.programme(programme_id)
    for number, plan in enumerate(proposed.PLANS, start=1):
        proposed.add(programme, plan, number, now=now - timedelta(days=3))


def begun(year: int, opened: date, *, now: datetime) -> int:
    """A published programme of that year whose applications opened on that day; its id."""
    programme_id = services.begin(year, SECTION, by=SYSTEM, now=now)
    row = queries.programme(programme_id)
    days = (opened + timedelta(days=days) for days in AFTER_OPENING)
    details = ProgrammeDetails(
        title=row.title,
        lead=row.lead,
        eligible=row.eligible,
        contact=CONTACT,
        dates=ProgrammeDates(**dict(zip(queries.DAYS, days, strict=True))),
    )
    services.edit(programme_id, details, by=SYSTEM, now=now)
    services.publish(programme_id, by=SYSTEM, now=now)
    return programme_id


def _sections(now: datetime) -> list[UnitRow]:
    """The sections of the themes, and behind them the one in which the promoter of the sign-ins works."""
    promoter = org.member_by_email(PROMOTER, on=local_date(now))
    own = [promoter.unit] if promoter and promoter.unit else []
    chart = {unit.name: unit for unit in org.units(fiscal_year(now))}
    return [*(chart[name] for name in THEIRS), *own]
