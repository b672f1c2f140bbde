"""`flask demo load`: fiscal year 2016 as the public report tells it, and the present year on dates relative to today.

Everything goes through the verbs that people use. What the report does not say (capacities, some venues) stays unknown.
"""

from __future__ import annotations

from datetime import datetime

from app.accounts import services as accounts
from app.accounts.permissions import Role
from app.accounts.types import NewPerson
from app.demo import (
    elearning,
    feedback,
    last_year,
    model_projects,
    past,
    present,
    proposals,
    reports,
    requirement,
    sections,
    shared_issues,
    surveys,
    worksheets,
    year_plan,
)
from app.demo.basis import SECTION, lay_basis
from app.demo.sign_ins import PASSWORD, SIGN_INS
from app.events import queries
from app.infra.db import in_one_go
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM
from app.org import queries as staff


def load_if_empty(*, now: datetime) -> bool:
    """Load the demonstration into an empty database; False, and nothing done, when there are events already."""
    if queries.any_exist():
        return False
    with in_one_go():
        _load(now)
    return True


def _load(now: datetime) -> None:
    basis = lay_basis(now=now)
    past.load(basis)
    helped = present.load(basis, now=now)
    sections.load(now=now)
    worksheets.load(now=now)
    last_year.load(basis, now=now)
    proposals.load(now=now)
    requirement.load(now=now)
    elearning.load(now=now)
    shared_issues.load(now=now)
    feedback.load(now=now)
    year_plan.load(now=now)
    surveys.load(now=now)
    model_projects.load(basis, now=now)
    reports.load(now=now)
    for word, _title, name, email in SIGN_INS:
        role = Role(word)
        section = SECTION if role in {Role.ORGANIZER, Role.MANAGER, Role.HELPER} else ""
        member = staff.member_by_email(email, on=local_date(now))
        person = NewPerson(email, member.name if member else name, role, section, member.id if member else None)
        user_id, _one_time = accounts.create_user(person, PASSWORD, by=SYSTEM, now=now)
        if role is Role.HELPER:
            for event_id in helped:
                accounts.bind_helper(user_id, event_id, by=SYSTEM, now=now)
