"""一斉のお知らせ: what was written to many of an event's people, and writing another one."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.delivery.types import State
from app.documents.sniffing import ACCEPT
from app.events.types import EventRow
from app.events.wordings import PLACEHOLDERS
from app.infra import audit, clock
from app.registrations import bulk as reading
from app.registrations import previews, recipients, writing
from app.registrations.bulk import BulkRow
from app.registrations.previews import Preview
from app.registrations.recipients import Reach
from app.web.console import bp
from app.web.console.forms.bulk import BulkForm, FileForm, HandoutChoiceForm
from app.web.console.forms.mails import PersonForm
from app.web.console.reach import own_bulk, own_event
from app.web.console.registrations import SMALL_LIST
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.pages import id_of, page_number, page_url

# In the order in which they need somebody.
SHOWN = (
    State.FAILED, State.CALL, State.LETTER, State.RETRY, State.PENDING, State.SENDING, State.SENT, State.POSTED,
    State.CALLED, State.WITHDRAWN,
)  # fmt: skip


@bp.get("/console/events/<int:event_id>/bulk/")
@allow(Permission.SEND_MESSAGES)
def event_bulk(event_id: int) -> ResponseReturnValue:
    """Who wrote what to how many, and how that went."""
    event = own_event(event_id)
    page = reading.listing(event_id, number=page_number(), url=page_url)
    return render_template("console/bulk/list.html", event=event, page=page, states=SHOWN, may_write=_may_write())


@bp.get("/console/events/<int:event_id>/bulk/new/")
@allow(Permission.WRITE_TO_MANY)
def event_bulk_new(event_id: int) -> ResponseReturnValue:
    """An empty form."""
    event = own_event(event_id)
    return _form_page(event, None, BulkForm.of(event, None))


@bp.post("/console/events/<int:event_id>/bulk/new/")
@allow(Permission.WRITE_TO_MANY)
def event_bulk_new_post(event_id: int) -> ResponseReturnValue:
    """Keep the draft, or only count."""
    event = own_event(event_id)
    form = BulkForm.of(event, None)
    if request.form.get("do") == "count":
        return _form_page(event, None, form, counted=form.group_is_chosen())
    if form.validate():
        with form.refusals():
            bulk_id = writing.begin(event_id, form.to_draft(), by=current_actor(), now=clock.now())
            return redirect(url_for("console.bulk", bulk_id=bulk_id), 303)
    return _form_page(event, None, form, counted=form.group_is_chosen()), 422


@bp.get("/console/bulk/<int:bulk_id>/edit/")
@allow(Permission.WRITE_TO_MANY)
def bulk_edit(bulk_id: int) -> ResponseReturnValue:
    """The draft's form."""
    row, event = own_bulk(bulk_id)
    return _form_page(event, row, BulkForm.of(event, row))


@bp.post("/console/bulk/<int:bulk_id>/edit/")
@allow(Permission.WRITE_TO_MANY)
def bulk_edit_post(bulk_id: int) -> ResponseReturnValue:
    """Keep what was changed, or only count."""
    row, event = own_bulk(bulk_id)
    form = BulkForm.of(event, row)
    if request.form.get("do") == "count":
        return _form_page(event, row, form, counted=form.group_is_chosen())
    if form.validate():
        with form.refusals():
            draft, version = form.to_draft(), form.seen_version
            writing.rewrite(bulk_id, draft, version=version, by=current_actor(), now=clock.now())
            return redirect(url_for("console.bulk", bulk_id=bulk_id), 303)
    return _form_page(event, row, form, counted=form.group_is_chosen()), 422


@bp.get("/console/bulk/<int:bulk_id>/")
@allow(Permission.SEND_MESSAGES)
def bulk(bulk_id: int) -> ResponseReturnValue:
    """A draft with what is still to do, or what became of one that was sent."""
    row, event = own_bulk(bulk_id)
    if row.sent_at is None:
        return draft_page(row, event, FileForm(), HandoutChoiceForm.of(event))
    people = reading.recipients(bulk_id, number=page_number(), url=page_url)
    if len(people.rows) > SMALL_LIST:
        fields = [f"rows={len(people.rows)}"]
        audit.note("bulk.listed", "event", event.id, by=current_actor(), at=clock.now(), fields=fields)
    return render_template("console/bulk/sent.html", event=event, row=row, people=people, states=SHOWN)


def draft_page(row: BulkRow, event: EventRow, file: FileForm, handout: HandoutChoiceForm) -> str:
    """A draft with its preview, its files, and the next step."""
    return render_template(
        "console/bulk/draft.html",
        event=event,
        row=row,
        reach=recipients.reach(event, row.group, now=clock.now()),
        preview=shown(row, event),
        person=PersonForm.among(previews.people(event.id), _person()),
        file=file,
        handout=handout,
        accept=ACCEPT,
        may_write=_may_write(),
    )


def shown(row: BulkRow, event: EventRow) -> Preview:
    """How it reads for somebody of the event: `?person=` says who, else an invented person."""
    person = previews.somebody(event, _person(), now=clock.now())
    preview = previews.preview(event, "bulk", row.wording, person)
    return replace(preview, paper=(*preview.paper, row.note)) if row.note else preview


def _form_page(event: EventRow, row: BulkRow | None, form: BulkForm, *, counted: bool = True) -> str:
    reach = recipients.reach(event, form.to_group(), now=clock.now()) if counted else Reach()
    return render_template(
        "console/bulk/edit.html", event=event, row=row, form=form, reach=reach, placeholders=PLACEHOLDERS
    )


def _person() -> int:
    return id_of(request.args.get("person", ""))


def _may_write() -> bool:
    return current_staff().can(Permission.WRITE_TO_MANY)
