"""Telephoning those who wait for a seat of one sitting: who is next, how many seats, how each call ended."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events.types import EventRow, SittingRow
from app.infra import audit, clock
from app.kernel.errors import Refusal
from app.registrations import calling, waiting_line
from app.registrations.types import CallOutcome
from app.web.console import bp
from app.web.console.reach import own_registration, own_sitting
from app.web.parts.access import allow, current_actor

VERBS = {
    CallOutcome.ACCEPTED: calling.says_yes,
    CallOutcome.DECLINED: calling.says_no,
    CallOutcome.NO_ANSWER: calling.is_not_reached,
}


@bp.get("/console/events/<int:event_id>/waiting/<int:sitting_id>/")
@allow(Permission.EDIT_REGISTRATIONS)
def waiting_calls(event_id: int, sitting_id: int) -> ResponseReturnValue:
    """The line of a sitting with telephone numbers."""
    event, sitting = own_sitting(event_id, sitting_id)
    return _page(event, sitting)


@bp.post("/console/registrations/<int:registration_id>/call/")
@allow(Permission.EDIT_REGISTRATIONS)
def waiting_call(registration_id: int) -> ResponseReturnValue:
    """How the call to one person ended."""
    row, event = own_registration(registration_id)
    outcome = next((one for one in CallOutcome if one.value == request.form.get("outcome")), CallOutcome.NO_ANSWER)
    try:
        VERBS[outcome](row.id, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _page(*own_sitting(event.id, row.sitting_id), refusal.message), 422
    flash(f"{row.details.name}さん：{outcome.word}と記録しました。", "success")
    return redirect(url_for("console.waiting_calls", event_id=event.id, sitting_id=row.sitting_id), 303)


def _page(event: EventRow, sitting: SittingRow, problem: str = "") -> str:
    now = clock.now()
    found = waiting_line.phone_list(sitting.id, now=now)
    rows = len(found.waiting) + len(found.offered) + len(found.settled)
    audit.note("waiting.listed", "sitting", sitting.id, by=current_actor(), at=now, fields=[f"rows={rows}"])
    return render_template(
        "console/registrations/waiting.html",
        event=event,
        sitting=sitting,
        found=found,
        outcomes=CallOutcome,
        problem=problem,
        begun=sitting.starts_at <= now,
    )
