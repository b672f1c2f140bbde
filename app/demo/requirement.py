"""The demonstration's mandated training: all promoters take a sitting and hand in the worksheet; some have chosen."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.compliance import services
from app.compliance.types import RequirementDraft, SubstituteRule
from app.demo.basis import TRAINING
from app.demo.sections import PROMOTER
from app.demo.worksheets import SHEET
from app.events import queries as events
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM
from app.kernel.working_days import working_day
from app.org import queries as org
from app.org import rules
from app.org.types import DutyKind
from app.registrations import staffing
from app.worksheets import queries as worksheets

EACH_SITTING = 10
ELSEWHERE = ("県主催の協働研修（修了証の写しを確認）", "市町村アカデミーの研修（修了証の写しを確認）")
EXEMPT = ("育児休業のため", "長期派遣のため")


def load(*, now: datetime) -> None:
    """Require the present year's training, and let some promoters take a place at each sitting, or have no need to."""
    year = fiscal_year(now)
    event = events.one(f"{year}-{TRAINING}")
    last = working_day(max(local_date(sitting.ends_at) for sitting in event.sittings), 5)
    sheet = next(one for one in worksheets.templates(year) if one.code == SHEET)
    draft = RequirementDraft(
        fiscal_year=year,
        code=f"{TRAINING}-promoters",
        title="協働推進員研修の受講と棚卸シートの提出",
        event_id=event.id,
        due_on=min(last, rules.last_day(year)),
        substitutes=SubstituteRule.SECTION_ONLY,
        template_id=sheet.id,
    )
    made = services.make(draft, by=SYSTEM, now=now)
    promoters = org.duties(year, kind=DutyKind.PROMOTER, on=local_date(now))
    willing = iter([duty.member for duty in promoters if duty.member.email != PROMOTER])
    for sitting in event.sittings:
        for _ in range(EACH_SITTING):
            staffing.register_member(sitting.id, next(willing).id, by=SYSTEM, now=now)
    earlier = local_date(now) - timedelta(days=10)
    for place in ELSEWHERE:
        services.record_elsewhere(made, next(willing).id, earlier, place, by=SYSTEM, now=now)
    for reason in EXEMPT:
        services.exempt(made, next(willing).id, reason, by=SYSTEM, now=now)
