"""Programme and speakers of an event."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import services
from app.events.types import EventRow
from app.infra import clock
from app.web.console import bp
from app.web.console.forms.programme import ProgrammeForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor


@bp.get("/console/events/<int:event_id>/agenda/")
@allow(Permission.EDIT_EVENTS)
def event_agenda(event_id: int) -> ResponseReturnValue:
    """The rows of the programme."""
    row = own_event(event_id)
    return _page(row, ProgrammeForm.of(row))


@bp.post("/console/events/<int:event_id>/agenda/")
@allow(Permission.EDIT_EVENTS)
def event_agenda_post(event_id: int) -> ResponseReturnValue:
    """Save the programme; a row's own button only rearranges what was typed and saves nothing."""
    row, form = own_event(event_id), ProgrammeForm()
    if "row" in request.form:
        return _page(row, ProgrammeForm.reordered(form, request.form["row"]))
    if form.validate():
        with form.refusals():
            agenda, speakers = form.to_programme()
            services.set_agenda(
                event_id, agenda, speakers, revision=form.seen_revision, by=current_actor(), now=clock.now()
            )
            flash("次第と講師を保存しました。", "success")
            return redirect(url_for("console.event", event_id=event_id), 303)
    return _page(row, form), 422


def _page(row: EventRow, form: ProgrammeForm) -> str:
    return render_template("console/events/agenda.html", event=row, form=form)
