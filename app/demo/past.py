"""Fiscal year 2016 as finished events: dates, programmes, speakers and the figures that the report gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.attendance import services as attendance
from app.demo.basis import MODEL, SECTION, TRAINING, WORKSHOP, Basis, facts, moment
from app.events import queries, services, sittings
from app.events.audiences import Category
from app.events.drafts import Basics, SittingPlan
from app.events.types import AgendaRow, Audience, SpeakerRow
from app.kernel.japanese_dates import TOKYO
from app.kernel.types import SYSTEM

# The year was entered once it was over.
ENTERED = datetime(2017, 3, 31, 9, 0, tzinfo=TOKYO)


def load(basis: Basis) -> None:
    """Add the events of fiscal year 2016."""
    for event in facts()["community_workshops"]["events"]:
        _workshop(basis, event)
    for training in facts()["staff_training"]:
        _training(basis, training)
    for project in facts()["model_projects"]:
        _model_project(basis, project)


def agenda_of(items: list[dict[str, Any]]) -> tuple[AgendaRow, ...]:
    """The programme of a workshop; an entry may name its speaker itself or hold further entries."""
    return tuple(AgendaRow(i.get("kind", ""), i["title"], _speakers(i), agenda_of(i.get("items", []))) for i in items)


def topics_of(project: dict[str, Any]) -> tuple[AgendaRow, ...]:
    """The topics of a model project, each with the group that reports and the sections concerned."""
    return tuple(
        AgendaRow(
            "テーマ",
            topic["title"],
            (),
            (
                AgendaRow("活動報告", topic["report_by"], (), ()),
                AgendaRow("関係課", "、".join(topic["sections"]), (), ()),
            ),
        )
        for topic in project["topics"]
    )


def speakers_of(training: dict[str, Any]) -> tuple[SpeakerRow, ...]:
    """Who speaks at the staff training."""
    return tuple(SpeakerRow(s["name"], s["affiliation"], s["title"]) for s in training["speakers"])


def _speakers(item: dict[str, Any]) -> tuple[SpeakerRow, ...]:
    named = [*item.get("speakers", [])]
    if "speaker" in item:
        named.append({"name": item["speaker"], "affiliation": item["affiliation"]})
    return tuple(SpeakerRow(s["name"], s.get("affiliation", ""), s.get("title", "")) for s in named)


def _workshop(basis: Basis, event: dict[str, Any]) -> None:
    basics = Basics(
        series_id=basis.series[WORKSHOP],
        fiscal_year=facts()["fiscal_year"],
        number=event["number"],
        title=event["title"],
        title_kana=event["kana"],
    )
    plans = [_plan(event["sitting"], venue_id=None)]
    _add(basics, plans, agenda_of(event["agenda"]), ())


def _training(basis: Basis, training: dict[str, Any]) -> None:
    basics = Basics(
        series_id=basis.series[TRAINING],
        fiscal_year=facts()["fiscal_year"],
        title=training["title"],
        title_kana=training["kana"],
        summary=f"{training['format']}。{training['worksheet']}を作成します。",
        audience=Audience.STAFF,
        audience_note=f"協働推進員 {facts()['organisation']['promoters']}名、{training['also_open_to']}",
    )
    plans = [_plan(s, venue_id=basis.hall) for s in training["sittings"]]
    _add(basics, plans, (), speakers_of(training))


def _model_project(basis: Basis, project: dict[str, Any]) -> None:
    basics = Basics(
        series_id=basis.series[MODEL],
        fiscal_year=facts()["fiscal_year"],
        title="課題解決モデル事業",
        title_kana="カダイカイケツモデルジギョウ",
        audience=Audience.BOTH,
    )
    event_id = _add(basics, [_plan(project, venue_id=basis.room)], topics_of(project), ())
    sitting = queries.by_id(event_id).sittings[0]
    attended = project["attended"]
    for category, people in ((Category.RESIDENT, attended["residents"]), (Category.STAFF, attended["staff"])):
        attendance.set_headcount(sitting.id, category, people, by=SYSTEM, now=ENTERED)


def _plan(fact: dict[str, Any], *, venue_id: int | None) -> SittingPlan:
    return SittingPlan(
        starts_at=moment(fact["date"], fact["start"]),
        ends_at=moment(fact["date"], fact["end"]),
        label=fact.get("label", ""),
        venue_id=venue_id,
        capacity=fact.get("capacity"),
    )


def _add(
    basics: Basics, plans: list[SittingPlan], agenda: tuple[AgendaRow, ...], speakers: tuple[SpeakerRow, ...]
) -> int:
    event_id = services.create_draft(basics, section=SECTION, by=SYSTEM, now=ENTERED)
    for plan in plans:
        sittings.add_sitting(event_id, plan, by=SYSTEM, now=ENTERED)
    revision = queries.by_id(event_id).revision
    services.set_agenda(event_id, agenda, speakers, revision=revision, by=SYSTEM, now=ENTERED)
    services.publish(event_id, by=SYSTEM, now=ENTERED)
    services.finish(event_id, by=SYSTEM, now=ENTERED)
    return event_id
