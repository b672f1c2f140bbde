"""The demonstration's plan of this year: the shipped list with an entry of one's own, what is over ticked."""

from __future__ import annotations

from datetime import date, datetime

from app.demo.basis import SECTION
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import Actor, ActorKind
from app.year_plan import queries, services
from app.year_plan.types import EntryDraft

WRITER = Actor(ActorKind.STAFF, None, "見本　企画（担当者）")
# What the data tell by themselves is not ticked.
TOLD = frozenset({"chart", "duties", "requirement"})


def load(*, now: datetime) -> None:
    """Begin the plan of the section that runs the trainings."""
    year, today = fiscal_year(now), local_date(now)
    services.begin(year, SECTION, by=WRITER, now=now)
    council = EntryDraft(
        title="市民協働の審議会に、半年の取組を報告する",
        starts_on=date(year, 11, 20),
        ends_on=date(year, 11, 20),
        note="受講の状況、研修会の参加者数、地域課題の件数を報告します。",
    )
    services.add(year, SECTION, council, by=WRITER, now=now)
    for entry in queries.entries(year, SECTION):
        if entry.ends_on < today and entry.key not in TOLD:
            services.tick(entry.id, done=True, by=WRITER, now=now)
