"""Last year's mandated training, complete: everybody came, every worksheet was accepted, all have their certificate."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.attendance import services as attendance
from app.attendance.types import Mark, Presence
from app.compliance import certifying
from app.compliance import services as requirements
from app.compliance.types import RequirementDraft, SubstituteRule
from app.demo.basis import SECTION, TRAINING, Basis, facts, moment
from app.demo.worksheets import SHEET
from app.events import queries, services, sittings
from app.events.drafts import Basics, SittingPlan
from app.events.types import Audience
from app.kernel.fiscal_year import fiscal_year
from app.kernel.types import SYSTEM
from app.org import queries as org
from app.org.types import DutyKind
from app.registrations import queries as registrations
from app.registrations import staffing
from app.worksheets import queries as worksheets

ISSUER = "倉敷市長"


def load(basis: Basis, *, now: datetime) -> None:
    """Add the training, the requirement and what came of both."""
    year = fiscal_year(now) - 1
    planned, after = (moment(date(year, month, day), "09:00") for month, day in ((4, 20), (8, 3)))
    event_id = _training(basis, year, planned)
    code, title = f"{TRAINING}-promoters", "協働推進員研修の受講と棚卸シートの提出"
    sheet = next(one for one in worksheets.templates(year) if one.code == SHEET)
    draft = RequirementDraft(
        fiscal_year=year,
        code=code,
        title=title,
        event_id=event_id,
        due_on=date(year, 7, 31),
        substitutes=SubstituteRule.SECTION_ONLY,
        template_id=sheet.id,
    )
    requirement_id = requirements.make(draft, by=SYSTEM, now=planned)
    _everybody_came(event_id, year, planned)
    services.finish(event_id, by=SYSTEM, now=after)
    seen = certifying.plan(requirement_id, today=after.date()).digest
    certifying.issue(requirement_id, seen=seen, issuer=ISSUER, by=SYSTEM, now=after)
    requirements.end(requirement_id, by=SYSTEM, now=after)


def _training(basis: Basis, year: int, planned: datetime) -> int:
    training = facts()["staff_training"][0]
    basics = Basics(
        series_id=basis.series[TRAINING],
        fiscal_year=year,
        title=training["title"],
        summary=f"{training['format']}で、{training['worksheet']}を作成します。",
        audience=Audience.STAFF,
        audience_note=f"各課・各室の協働推進員、{training['also_open_to']}",
        organizer="倉敷市",
        contact_phone="086-000-0000",
        contact_email="kyodo@example.jp",
        purpose="研修の受付、連絡、当日の運営のためにだけ使います。",
        opens_at=planned,
        closes_at=planned + timedelta(days=30),
    )
    event_id = services.create_draft(basics, section=SECTION, by=SYSTEM, now=planned)
    for one in training["sittings"]:
        day = one["date"].replace(year=year)
        plan = SittingPlan(
            starts_at=moment(day, one["start"]),
            ends_at=moment(day, one["end"]),
            label=one["label"],
            venue_id=basis.hall,
            capacity=75,
        )
        sittings.add_sitting(event_id, plan, by=SYSTEM, now=planned)
    services.publish(event_id, by=SYSTEM, now=planned)
    return event_id


def _everybody_came(event_id: int, year: int, planned: datetime) -> None:
    held = queries.by_id(event_id).sittings
    promoters = org.duties(year, kind=DutyKind.PROMOTER)
    chosen = [(duty.member.id, held[number % len(held)].id) for number, duty in enumerate(promoters)]
    staffing.assign(event_id, chosen, by=SYSTEM, now=planned + timedelta(days=1))
    for sitting in held:
        marks = [Mark(row.id, Presence.PRESENT) for row in registrations.everyone(sitting.id)]
        attendance.mark_many(sitting.id, marks, by=SYSTEM, now=sitting.ends_at)
        attendance.close(sitting.id, by=SYSTEM, now=sitting.ends_at)
