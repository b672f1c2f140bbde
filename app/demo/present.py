"""The same series in the present fiscal year: open, nearly full, full, not yet open, closed, and a draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from app.demo import answers, approvals, courses, guests, lotteries, offers
from app.demo.basis import MODEL, SECTION, TRAINING, WORKSHOP, Basis, day_in, facts, moment
from app.demo.past import agenda_of, speakers_of, topics_of
from app.demo.people import people
from app.demo.special import prepare
from app.events import queries, services, sittings
from app.events.audiences import Category
from app.events.drafts import AllotmentPlan, Basics, SittingPlan
from app.events.types import AgendaRow, Audience, SpeakerRow
from app.infra.tokens import random_id
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import RESIDENT, SYSTEM
from app.questions.party import NOTHING_ASKED
from app.registrations import services as registrations
from app.registrations.types import Application, Channel, Details

PURPOSE = (
    "いただいた個人情報は、この研修会の受付、連絡、当日の運営と保険の手続きのためにだけ使います。"
    "手話通訳などの申出は、準備のためにだけ使い、研修会が終わったあと消去します。"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One event: when it is held and when sign-up opens and closes, in days from today; who applied."""

    basics: Basics
    held_in: int
    opens_in: int
    closes_in: int
    sittings: tuple[SittingPlan, ...]
    agenda: tuple[AgendaRow, ...] = ()
    speakers: tuple[SpeakerRow, ...] = ()
    applicants: tuple[Iterable[Details], ...] = ()
    publish: bool = True
    asks: bool = False


def load(basis: Basis, *, now: datetime) -> list[int]:
    """Add the present year's events; returns the ids of those that a reception helper serves."""
    workshops = facts()["community_workshops"]["events"]
    plans = [
        _workshop(basis, workshops[0], now, held_in=16, opens_in=-20, capacity=40, people_of=_people(33)),
        replace(
            _workshop(basis, workshops[1], now, held_in=30, opens_in=-14, capacity=24, people_of=_people(29, start=40)),
            asks=True,
        ),
        _workshop(basis, workshops[2], now, held_in=75, opens_in=15, capacity=60, people_of=()),
        _training(basis, now),
        _model_project(basis, now, held_in=4, closes_in=-1, publish=True),
        _model_project(basis, now, held_in=110, closes_in=100, publish=False),
    ]
    ids = [_add(plan, now) for plan in plans]
    guests.load(ids[3], now=now)
    lotteries.load(basis, PURPOSE, now=now)
    offers.load(basis, PURPOSE, now=now)
    courses.load(basis, PURPOSE, now=now)
    approvals.load(basis, PURPOSE, now=now)
    return [ids[0], ids[4]]


def _workshop(  # noqa: PLR0913 what tells one workshop from another
    basis: Basis,
    fact: dict[str, Any],
    now: datetime,
    *,
    held_in: int,
    opens_in: int,
    capacity: int,
    people_of: Iterable[Details],
) -> Plan:
    basics = Basics(
        series_id=basis.series[WORKSHOP],
        fiscal_year=fiscal_year(now),
        number=fact["number"],
        title=fact["title"],
        title_kana=fact["kana"],
        summary="地域で活動している方、これから始めたい方が、事例を聞き、話し合いながら学びます。お一人でも、団体でも参加できます。",
        audience_note="市内で活動している方、関心のある方。高梁川流域の方も参加できます。",
        fee="無料",
        bring="筆記用具",
        asks_district=True,
        asks_affiliation=True,
        max_companions=3,
    )
    sitting = fact["sitting"]
    plan = _sitting_plan(now, held_in, sitting["start"], sitting["end"], basis.hall, capacity)
    agenda = agenda_of(fact["agenda"])
    return Plan(basics, held_in, opens_in, held_in - 3, (plan,), agenda, (), (people_of,))


def _training(basis: Basis, now: datetime) -> Plan:
    training = facts()["staff_training"][0]
    basics = Basics(
        series_id=basis.series[TRAINING],
        fiscal_year=fiscal_year(now),
        title=training["title"],
        title_kana=training["kana"],
        summary=f"{training['format']}で、{training['worksheet']}を作成します。午前と午後は同じ内容です。どちらか一方を選んでください。",
        audience=Audience.STAFF,
        audience_note=f"各課・各室の協働推進員、{training['also_open_to']}",
        asks_affiliation=True,
    )
    held = tuple(
        replace(_sitting_plan(now, 22, s["start"], s["end"], basis.hall, 75), label=s["label"], guest_places=5)
        for s in training["sittings"]
    )
    officers = tuple(islice(people(Category.STAFF, start=100 * n), 58 - 7 * n) for n in range(2))
    return Plan(basics, 22, -30, 12, held, (), speakers_of(training), officers)


def _model_project(basis: Basis, now: datetime, *, held_in: int, closes_in: int, publish: bool) -> Plan:
    project = facts()["model_projects"][0]
    basics = Basics(
        series_id=basis.series[MODEL],
        fiscal_year=fiscal_year(now),
        number=1 if publish else 2,
        title="課題解決モデル事業",
        title_kana="カダイカイケツモデルジギョウ",
        summary="市民、団体、市の職員が同じテーブルで、課題と解決の方法を話し合います。",
        audience=Audience.BOTH,
        audience_note="テーマに関心のある市民、団体、市の職員",
        fee="無料",
        asks_affiliation=True,
        max_companions=1,
    )
    plan = _sitting_plan(now, held_in, project["start"], project["end"], basis.room, 48)
    staff_until = moment(day_in(now, held_in - 2), "00:00")
    plan = replace(plan, held_back=2, allotments=(AllotmentPlan(Category.STAFF, 12, staff_until),))
    residents, staff = islice(people(start=300), 20), islice(people(Category.STAFF, start=330), 8)
    applicants = ([*residents, *staff],) if publish else ()
    opens_in = -30 if publish else 60
    return Plan(basics, held_in, opens_in, closes_in, (plan,), topics_of(project), (), applicants, publish)


def _people(number: int, *, start: int = 0) -> Iterable[Details]:
    return islice(people(start=start), number)


def _sitting_plan(now: datetime, held_in: int, start: str, end: str, venue_id: int, capacity: int) -> SittingPlan:
    day = day_in(now, held_in)
    return SittingPlan(starts_at=moment(day, start), ends_at=moment(day, end), venue_id=venue_id, capacity=capacity)


def _add(plan: Plan, now: datetime) -> int:
    today = local_date(now)
    basics = replace(
        plan.basics,
        organizer="倉敷市",
        contact_phone="086-000-0000",
        contact_fax="086-000-0001",
        contact_email="kyodo@example.jp",
        purpose=PURPOSE,
        opens_at=moment(today + timedelta(days=plan.opens_in), "09:00"),
        closes_at=moment(today + timedelta(days=plan.closes_in), "17:00"),
    )
    planned = now - timedelta(days=40)
    event_id = services.create_draft(basics, section=SECTION, by=SYSTEM, now=planned)
    ids = [sittings.add_sitting(event_id, s, by=SYSTEM, now=planned) for s in plan.sittings]
    revision = queries.by_id(event_id).revision
    services.set_agenda(event_id, plan.agenda, plan.speakers, revision=revision, by=SYSTEM, now=planned)
    if plan.asks:
        answers.ask(event_id, now=planned)
    if plan.publish:
        services.publish(event_id, by=SYSTEM, now=planned)
    prepare(event_id, now, late=basics.audience is Audience.STAFF)
    for sitting_id, applicants in zip(ids, plan.applicants, strict=False):
        first_at = moment(today + timedelta(days=plan.opens_in), "09:00")
        _apply(sitting_id, applicants, first_at=first_at, asks=plan.asks)
    return event_id


def _apply(sitting_id: int, applicants: Iterable[Details], *, first_at: datetime, asks: bool) -> None:
    for n, details in enumerate(applicants):
        channel = Channel.WEB if details.email else Channel.PHONE
        by = RESIDENT if channel is Channel.WEB else SYSTEM
        answered = answers.answers_of(n, people=details.seats) if asks else NOTHING_ASKED
        said = replace(details, answered=answered)
        application = Application(sitting_id, said, random_id(), channel)
        registrations.apply(application, by=by, now=first_at + timedelta(minutes=37 * n + 1))
