"""Proposals for tests, made by the verbs; their budgets hold unless a test says otherwise."""

from __future__ import annotations

import itertools
from datetime import datetime

from app.proposals import applying, checking, found
from app.proposals.types import Applicant, ProgrammeRow, ProposalRow, ProposalState
from tests.factories import NOW, ORGANIZER

_numbers = itertools.count(1)
CITIZENS = "市民提案コース"


def an_applicant(programme: ProgrammeRow, course: str = CITIZENS, **changes) -> Applicant:
    """A group that chooses a course by its name."""
    n = next(_numbers)
    values = {
        "course_id": next(one.id for one in programme.courses if one.name == course),
        "theme_id": None,
        "support_year": 1,
        "group_name": f"団体{n}",
        "contact_name": "倉敷　花子",
        "email": f"group{n}@example.jp",
        "phone": "",
    }
    return Applicant(**{**values, **changes})


def the_answers(*, grant: int = 90_000, own: int = 10_000, **changes) -> dict:
    """A whole form: one cost over everything, bought by the grant and the group's own money."""
    whole = str(grant + own)
    cost = {"row": "c", "item": "消耗品費", "unit_price": whole, "quantity": "1", "amount": whole, "eligible": True}
    return {
        "plan": {"name": "地域食堂", "problem": "あ", "goal": "い", "content": "う", "city": "え"},
        "group": {"activity": "お", "members": "12"},
        "income": [
            {"row": "a", "source": "grant", "amount": str(grant)},
            {"row": "b", "source": "own", "amount": str(own)},
        ],
        "expenses": [cost],
        **changes,
    }


def begun(programme: ProgrammeRow, *, now: datetime = NOW, **changes) -> str:
    """A proposal that a group has begun; the token of its link."""
    n = next(_numbers)
    return applying.start(programme.id, an_applicant(programme, **changes), f"submission-{n}", now=now)


def a_proposal(
    programme: ProgrammeRow, state: ProposalState = ProposalState.CHECKED, *, now: datetime = NOW, **changes
) -> tuple[ProposalRow, str]:
    """A proposal that has come as far as `state`, with the token of its link."""
    token = begun(programme, now=now, **changes)
    applying.save(token, the_answers(), version=1, now=now)
    if state is not ProposalState.DRAFT:
        applying.submit(token, version=2, now=now)
    proposal_id = found.by_token(token).id
    if state is ProposalState.CHECKED:
        checking.accept(proposal_id, by=ORGANIZER, now=now)
    if state is ProposalState.RETURNED:
        checking.return_(proposal_id, "規約を添付してください。", by=ORGANIZER, now=now)
    return found.by_token(token), token
