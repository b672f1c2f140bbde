"""Files that belong to an event."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.documents.sniffing import ACCEPT, LARGEST
from app.events import handouts, queries
from app.events.types import EventRow, HandoutRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.web.console import bp
from app.web.console.forms.catalogue import HandoutForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor
from app.web.parts.downloads import attachment
from app.web.parts.guards import takes_body

# The file and the few words beside it.
BODY = LARGEST + 64 * 1024


@bp.get("/console/events/<int:event_id>/handouts/")
@allow(Permission.EDIT_EVENTS)
def event_handouts(event_id: int) -> ResponseReturnValue:
    """The files, and the form for one more."""
    return _page(own_event(event_id), HandoutForm())


@bp.post("/console/events/<int:event_id>/handouts/")
@allow(Permission.EDIT_EVENTS)
@takes_body(BODY)
def event_handouts_post(event_id: int) -> ResponseReturnValue:
    """Keep a file."""
    row, form = own_event(event_id), HandoutForm()
    if form.validate():
        with form.refusals():
            handouts.add_handout(event_id, form.to_upload(), by=current_actor(), now=clock.now())
            flash("資料を追加しました。", "success")
            return redirect(url_for("console.event_handouts", event_id=event_id), 303)
    return _page(row, form), 422


@bp.get("/console/events/<int:event_id>/handouts/<int:handout_id>/")
@allow(Permission.SEE_REGISTRATIONS)
def handout(event_id: int, handout_id: int) -> ResponseReturnValue:
    """The file itself, of a draft too."""
    found = _one(own_event(event_id), handout_id)
    return attachment(queries.handout_content(found.id), found.file_name, found.media_type, personal=True)


@bp.post("/console/events/<int:event_id>/handouts/<int:handout_id>/remove/")
@allow(Permission.EDIT_EVENTS)
def handout_remove(event_id: int, handout_id: int) -> ResponseReturnValue:
    """Take a file away."""
    found = _one(own_event(event_id), handout_id)
    handouts.remove_handout(found.id, by=current_actor(), now=clock.now())
    flash(f"資料「{found.title}」を削除しました。", "success")
    return redirect(url_for("console.event_handouts", event_id=event_id), 303)


def _one(row: EventRow, handout_id: int) -> HandoutRow:
    found = next((h for h in row.handouts if h.id == handout_id), None)
    if found is None:
        raise NotFound
    return found


def _page(row: EventRow, form: HandoutForm) -> str:
    return render_template("console/events/handouts.html", event=row, form=form, accept=ACCEPT)
