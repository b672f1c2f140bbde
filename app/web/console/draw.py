"""The draw of an event: what would be drawn, the press that draws, and what came of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import admission, draws
from app.events.draws import DrawRow
from app.events.types import Admission, EventRow, EventStatus
from app.infra import clock
from app.kernel.errors import NotFound
from app.registrations import drawing
from app.registrations.results import prospects, results
from app.registrations.types import Lot
from app.web.console import bp
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm


@bp.get("/console/events/<int:event_id>/draw/")
@allow(Permission.SEE_REGISTRATIONS)
def event_draw(event_id: int) -> ResponseReturnValue:
    """How many applications, seats and tickets there are; afterwards the result. Looking draws nothing."""
    return _page(*_drawn(event_id), BaseForm(formdata=None))


@bp.post("/console/events/<int:event_id>/draw/")
@allow(Permission.EDIT_REGISTRATIONS)
def event_draw_post(event_id: int) -> ResponseReturnValue:
    """Draw, once and for all, and tell everybody."""
    event, row = _drawn(event_id)
    form = BaseForm()
    with form.refusals():
        came = drawing.draw(event.id, by=current_actor(), now=clock.now())
        others = f"キャンセル待ち{came.waiting}件" if event.draw_waits else f"落選{came.lost}件"
        flash(f"抽選しました。当選{came.won}件、{others}。結果を全員にお知らせします。", "success")
        return redirect(url_for("console.event_draw", event_id=event.id), 303)
    return _page(event, row, form), 422


def _drawn(event_id: int) -> tuple[EventRow, DrawRow | None]:
    event = own_event(event_id)
    if event.admission is not Admission.LOTTERY:
        raise NotFound
    return event, draws.of_event(event.id)


def _page(event: EventRow, row: DrawRow | None, form: BaseForm) -> str:
    now = clock.now()
    ready = row is not None and row.frozen_at is not None and row.drawn_at is None
    begun = any(sitting.starts_at <= now for sitting in event.sittings)
    return render_template(
        "console/events/draw.html",
        event=event,
        draw=row,
        sentences=admission.sentences(event),
        prospects=prospects(event),
        results=results(event) if row and row.drawn_at else [],
        lots=list(Lot),
        form=form,
        closed=event.closes_at is not None and event.closes_at <= now,
        may_draw=ready
        and not begun
        and event.status is EventStatus.PUBLISHED
        and current_staff().can(Permission.EDIT_REGISTRATIONS),
    )
