"""The demonstration's mandated training: all promoters take one of its sittings; some have chosen already."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.compliance import services
from app.compliance.types import RequirementDraft, SubstituteRule
from app.demo.basis import TRAINING
from app.demo.sections import PROMOTER
from app.events import queries as events
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM
from app.org import queries as org
from app.org import rules
from app.org.types import DutyKind
from app.registrations import staffing

EACH_SITTING = 10


def load(*, now: datetime) -> None:
    """Require the present year's training, and let some promoters take a place at each sitting."""
    year = fiscal_year(now)
    event = events.one(f"{year}-{TRAINING}")
    last = max(local_date(sitting.ends_at) for sitting in event.sittings) + timedelta(days=7)
    draft = RequirementDraft(
        fiscal_year=year,
        code=f"{TRAINING}-promoters",
        title="協働推進員研修の受講",
        event_id=event.id,
        due_on=min(last, rules.last_day(year)),
        substitutes=SubstituteRule.SECTION_ONLY,
    )
    services.make(draft, by=SYSTEM, now=now)
    promoters = org.duties(year, kind=DutyKind.PROMOTER, on=local_date(now))
    willing = iter([duty.member for duty in promoters if duty.member.email != PROMOTER])
    for sitting in event.sittings:
        for _ in range(EACH_SITTING):
            staffing.register_member(sitting.id, next(willing).id, by=SYSTEM, now=now)
