"""The first page of the console: what needs attention, what is coming up."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.delivery.types import State
from app.events import checklist, draws, overview, worklist
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.registrations import correspondence
from app.shared_issues import queries as shared_issues
from app.web.console import bp, year_plan
from app.web.console.reach import at_desk, own_scope
from app.web.parts.access import SIGNED_IN, allow, current_staff

MOST_STEPS = 8
TROUBLES = (State.FAILED, State.CALL)


@bp.get("/console/")
@allow(SIGNED_IN)
def home() -> ResponseReturnValue:
    """For each role what it can do something about."""
    staff, now = current_staff(), clock.now()
    scope = own_scope()
    work = overview.open_work(scope)
    may_edit = staff.can(Permission.EDIT_EVENTS)
    pressing = checklist.pressing(overview.open_steps(scope, now=now), local_date(now)) if may_edit else []
    sees_messages = staff.can(Permission.SEND_MESSAGES)
    may_see_issues = staff.can(Permission.SEE_ISSUES) and at_desk(staff)
    messages = correspondence.counts(scope) if sees_messages else {}
    return render_template(
        "console/home.html",
        staff=staff,
        tasks=worklist.tasks(work, now, undrawn=draws.undrawn()),
        coming=worklist.coming(work, now),
        troubles={state: messages[state] for state in TROUBLES if messages.get(state)},
        sees_events=staff.can(Permission.SEE_REGISTRATIONS),
        may_edit=may_edit,
        steps=pressing[:MOST_STEPS],
        more_steps=len(pressing) - MOST_STEPS,
        issues=shared_issues.waiting() if may_see_issues else (0, 0),
        planned=year_plan.this_month()[:MOST_STEPS],
        today=local_date(now),
    )
