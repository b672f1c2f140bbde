"""Themes of model projects: those of fiscal year 2016 as the report tells them, last year's with what was written at
its tables, and the present year's, whose tables were made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from app.attendance import services as attendance
from app.attendance.types import Mark, Presence
from app.demo.basis import MODEL, SECTION, Basis, facts, moment
from app.demo.people import people
from app.events import queries as events
from app.events import services, sittings
from app.events.audiences import Category
from app.events.drafts import Basics, SittingPlan
from app.events.types import Audience, EventRow
from app.infra.tokens import random_id
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import RESIDENT, SYSTEM
from app.model_projects import queries
from app.model_projects import services as tables
from app.model_projects.types import Quadrant, ThemeDraft
from app.registrations import queries as registrations
from app.registrations import services as applying
from app.registrations.types import Application, Channel

_PURPOSE = "受付、連絡、当日の運営のためにだけ使います。"
_TODAY = (
    ThemeDraft(None, "若者の地域参加", "市内の若者の活動団体", "市民活動推進課", 2),
    ThemeDraft(None, "災害に備える近所づきあい", "地区の自主防災組織", "防災危機管理室、市民活動推進課", 3),
)
_CARDS = (
    (Quadrant.NOW, "連絡先の一覧を、班ごとに作り直す"),
    (Quadrant.NOW, "若い世代に、役割を一つだけ頼んでみる"),
    (Quadrant.PLAN, "活動の場所を、学校と一緒に探す"),
    (Quadrant.EASY, "回覧に二次元コードを付ける"),
    (Quadrant.LATER, "地区どうしの発表会を開く"),
)
_STEPS = (
    "近所の方に、声をかけることから始めます。",
    "次の会合で、今日の話を紹介します。",
    "担当課と、空き教室の使い方を相談します。",
)


def load(basis: Basis, *, now: datetime) -> None:
    """Add the themes; last year's event besides."""
    year = fiscal_year(now)
    _of_facts(events.one(f"{facts()['fiscal_year']}-{MODEL}"))
    _of_last_year(basis, year - 1)
    present = events.one(f"{year}-{MODEL}-1")
    _themed(present, _TODAY, at=now)
    _chosen(present, at=now - timedelta(days=2))


def _of_facts(event: EventRow) -> None:
    """Titles, who reported and the sections concerned; of tables the report says nothing."""
    project = facts()["model_projects"][0]
    themes = [
        ThemeDraft(None, one["title"], one["report_by"], "、".join(one["sections"]), 0) for one in project["topics"]
    ]
    _themed(event, themes, at=event.created_at)


def _of_last_year(basis: Basis, year: int) -> None:
    held = date(year, 8, 5)
    planned = moment(date(year, 6, 20), "09:00")
    basics = Basics(
        series_id=basis.series[MODEL],
        fiscal_year=year,
        title="課題解決モデル事業",
        title_kana="カダイカイケツモデルジギョウ",
        audience=Audience.BOTH,
        organizer="倉敷市",
        contact_phone="086-000-0000",
        contact_email="kyodo@example.jp",
        purpose=_PURPOSE,
        opens_at=planned,
        closes_at=planned + timedelta(days=30),
        asks_affiliation=True,
    )
    event_id = services.create_draft(basics, section=SECTION, by=SYSTEM, now=planned)
    plan = SittingPlan(starts_at=moment(held, "13:30"), ends_at=moment(held, "16:30"), venue_id=basis.room, capacity=40)
    sitting_id = sittings.add_sitting(event_id, plan, by=SYSTEM, now=planned)
    services.publish(event_id, by=SYSTEM, now=planned)
    came = [*islice(people(start=500), 14), *islice(people(Category.STAFF, start=520), 5)]
    for number, one in enumerate(came):
        details = replace(one, companions=0)
        channel = Channel.WEB if details.email else Channel.PHONE
        application = Application(sitting_id, details, random_id(), channel)
        applying.apply(application, by=RESIDENT if details.email else SYSTEM, now=planned + timedelta(hours=1 + number))
    event = events.by_id(event_id)
    _themed(event, _TODAY, at=planned)
    _chosen(event, at=planned + timedelta(days=31))
    _talked(event, moment(held, "16:40"))


def _themed(event: EventRow, themes: tuple[ThemeDraft, ...] | list[ThemeDraft], *, at: datetime) -> None:
    tables.set_up(event.id, by=SYSTEM, now=at)
    tables.save_themes(event.id, themes, tables.TABLE_SIZE, by=SYSTEM, now=at)


def _chosen(event: EventRow, *, at: datetime) -> None:
    """Most want the one theme, some the other, a few do not mind; then the tables are made up."""
    project = queries.of_event(event.id)
    if project is None:
        raise LookupError("the themes were not made")
    one, other = (theme.id for theme in project.themes)
    wishes = ((other, one), (one, other), (other, None), (None, None), (other, one))
    rows = [person.key[0] for person in queries.people(event.id) if person.key[1] == 0]
    choices = [(row, *wishes[place % len(wishes)]) for place, row in enumerate(rows)]
    tables.note_choices(event.id, choices, by=SYSTEM, now=at)
    tables.form_tables(event.id, by=SYSTEM, now=at)


def _talked(event: EventRow, after: datetime) -> None:
    sitting, project = event.sittings[0], queries.of_event(event.id)
    rows = registrations.everyone(sitting.id)
    marks = [Mark(row.id, Presence.PRESENT) for row in rows]
    attendance.mark_many(sitting.id, marks, by=SYSTEM, now=sitting.ends_at)
    attendance.close(sitting.id, by=SYSTEM, now=after)
    for theme in project.themes if project else ():
        for quadrant, text in _CARDS:
            tables.add_card(event.id, theme.id, 1, text, quadrant, by=SYSTEM, now=after)
    for row, text in zip(rows[::4], _STEPS, strict=False):
        tables.name_step(row.id, text, by=RESIDENT, now=after)
    services.finish(event.id, by=SYSTEM, now=after)
