"""要電話連絡 of one event in its last hours: whom to call, what to say, how each call ended; on screen and on paper."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.delivery import services
from app.delivery.types import CALL_OUTCOMES, Outcome
from app.infra import audit, clock
from app.kernel.errors import Refusal
from app.registrations import letters, posting
from app.web.console import bp
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor


@bp.get("/console/events/<int:event_id>/calls/")
@allow(Permission.SEND_MESSAGES)
def event_calls(event_id: int) -> ResponseReturnValue:
    """One line a person, by sitting."""
    event, now = own_event(event_id), clock.now()
    calls, overtaken = letters.calls(event, now=now)
    audit.note("calls.listed", "event", event_id, by=current_actor(), at=now, fields=[f"rows={len(calls)}"])
    return render_template(
        "console/messages/calls.html",
        event=event,
        calls=calls,
        overtaken=len(overtaken),
        outcomes=CALL_OUTCOMES,
        now=now,
    )


@bp.post("/console/events/<int:event_id>/calls/")
@allow(Permission.SEND_MESSAGES)
def event_calls_post(event_id: int) -> ResponseReturnValue:
    """How the call to one person ended; it settles everything that they had to be told."""
    event, now = own_event(event_id), clock.now()
    calls, _overtaken = letters.calls(event, now=now)
    person = request.form.get("person", "")
    outcome = next((one for one in CALL_OUTCOMES if one.value == request.form.get("outcome")), Outcome.ABSENT)
    call = next((one for one in calls if str(one.person.id) == person), None)
    # Who is no longer on the list was reached by a colleague meanwhile.
    if call is None:
        flash("この方への連絡は、すでに済んでいます。", "success")
    else:
        try:
            services.record_call(call.message_ids, outcome, by=current_actor(), now=now)
            flash(f"{call.person.details.name}さん：{outcome.word}と記録しました。", "success")
        except Refusal as refusal:
            flash(refusal.message, "error")
    return redirect(url_for("console.event_calls", event_id=event_id), 303)


@bp.post("/console/events/<int:event_id>/calls/drop/")
@allow(Permission.SEND_MESSAGES)
def event_calls_drop(event_id: int) -> ResponseReturnValue:
    """Take calls off the list that were overtaken, for instance by a cancellation."""
    event, now = own_event(event_id), clock.now()
    _calls, overtaken = letters.calls(event, now=now)
    posting.drop_overtaken_calls(event_id, overtaken, by=current_actor(), now=now)
    flash(f"要らなくなった連絡{len(overtaken)}件を取りやめました。", "success")
    return redirect(url_for("console.event_calls", event_id=event_id), 303)
