"""`flask demo load`: fiscal year 2016 as the public report tells it, and the present year on dates relative to today.

Everything goes through the verbs that people use. What the report does not say (capacities, some venues) stays unknown.
"""

from __future__ import annotations

from datetime import datetime

from app.accounts import services as accounts
from app.accounts.permissions import Role
from app.accounts.types import NewPerson
from app.demo import past, present
from app.demo.basis import PASSWORD, SECTION, SIGN_INS, lay_basis
from app.events import queries
from app.kernel.types import SYSTEM

__all__ = ["PASSWORD", "SIGN_INS", "load_if_empty"]


def load_if_empty(*, now: datetime) -> bool:
    """Load the demonstration into an empty database; False, and nothing done, when there are events already."""
    if queries.any_exist():
        return False
    basis = lay_basis(now=now)
    past.load(basis)
    helped = present.load(basis, now=now)
    for role, name, email in SIGN_INS:
        section = SECTION if role in {Role.ORGANIZER, Role.MANAGER, Role.HELPER} else ""
        user_id, _one_time = accounts.create_user(NewPerson(email, name, role, section), PASSWORD, by=SYSTEM, now=now)
        if role is Role.HELPER:
            for event_id in helped:
                accounts.bind_helper(user_id, event_id, by=SYSTEM, now=now)
    return True
