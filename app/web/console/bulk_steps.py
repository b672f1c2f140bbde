"""The steps of a message to many: files beside it, a test mail, the confirmation, sending; or throwing it away."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.documents.sniffing import LARGEST
from app.events import queries as events
from app.events.drafts import Upload
from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import Refusal
from app.registrations import bulk as reading
from app.registrations import recipients, writing
from app.registrations.bulk import BulkRow
from app.web.console import bp
from app.web.console.bulk import draft_page, shown
from app.web.console.forms.bulk import FileForm, HandoutChoiceForm, SendForm
from app.web.console.mails import mail_page
from app.web.console.reach import own_bulk
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.guards import takes_body

# The file and the few words beside it.
BODY = LARGEST + 64 * 1024


@bp.get("/console/bulk/<int:bulk_id>/html/")
@allow(Permission.SEND_MESSAGES)
def bulk_html(bulk_id: int) -> Response:
    """Its HTML, as mail programs show it."""
    row, event = own_bulk(bulk_id)
    return mail_page(shown(row, event).html)


@bp.post("/console/bulk/<int:bulk_id>/files/")
@allow(Permission.WRITE_TO_MANY)
@takes_body(BODY)
def bulk_attach(bulk_id: int) -> ResponseReturnValue:
    """Put a file from one's own computer beside it."""
    row, event = own_bulk(bulk_id)
    form = FileForm()
    if form.validate():
        with form.refusals():
            writing.attach(bulk_id, form.to_upload(), by=current_actor(), now=clock.now())
            return _back(bulk_id, "ファイルを添付しました。")
    return draft_page(row, event, form, HandoutChoiceForm.of(event)), 422


@bp.post("/console/bulk/<int:bulk_id>/handouts/")
@allow(Permission.WRITE_TO_MANY)
def bulk_attach_handout(bulk_id: int) -> ResponseReturnValue:
    """Put one of the event's handouts beside it: a copy, so that it goes along whatever becomes of the handout."""
    row, event = own_bulk(bulk_id)
    form = HandoutChoiceForm.of(event)
    if form.validate():
        chosen = next(one for one in event.handouts if one.id == form.handout.data)
        upload = Upload(chosen.title, chosen.file_name, events.handout_content(chosen.id))
        try:
            writing.attach(bulk_id, upload, by=current_actor(), now=clock.now())
            return _back(bulk_id, "資料を添付しました。")
        except Refusal as refusal:
            form.refuse(Refusal(refusal.message, "handout"))
    return draft_page(row, event, FileForm(), form), 422


@bp.get("/console/bulk/<int:bulk_id>/files/<int:file_id>/")
@allow(Permission.SEND_MESSAGES)
def bulk_file(bulk_id: int, file_id: int) -> Response:
    """One of its files."""
    own_bulk(bulk_id)
    file, content = reading.file_content(bulk_id, file_id)
    return attachment(content, file.file_name, file.media_type, personal=True)


@bp.post("/console/bulk/<int:bulk_id>/files/<int:file_id>/remove/")
@allow(Permission.WRITE_TO_MANY)
def bulk_detach(bulk_id: int, file_id: int) -> ResponseReturnValue:
    """Take a file away."""
    own_bulk(bulk_id)
    try:
        writing.detach(bulk_id, file_id, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _back(bulk_id, refusal.message, "error")
    return _back(bulk_id, "添付を取りやめました。")


@bp.post("/console/bulk/<int:bulk_id>/test/")
@allow(Permission.WRITE_TO_MANY)
def bulk_test(bulk_id: int) -> ResponseReturnValue:
    """Mail it to oneself."""
    own_bulk(bulk_id)
    staff = current_staff()
    try:
        writing.try_out(bulk_id, to_name=staff.name, to_email=staff.email, by=staff.actor, now=clock.now())
    except Refusal as refusal:
        return _back(bulk_id, refusal.message, "error")
    return _back(bulk_id, f"{staff.email} に試し送りをしました。届いたメールを確かめてください。")


@bp.get("/console/bulk/<int:bulk_id>/send/")
@allow(Permission.WRITE_TO_MANY)
def bulk_send(bulk_id: int) -> ResponseReturnValue:
    """How many people get it, before anybody does."""
    row, event = own_bulk(bulk_id)
    if row.sent_at is not None or row.tested_at is None:
        return redirect(url_for("console.bulk", bulk_id=bulk_id), 303)
    return _send_page(row, event, SendForm(formdata=None))


@bp.post("/console/bulk/<int:bulk_id>/send/")
@allow(Permission.WRITE_TO_MANY)
def bulk_send_post(bulk_id: int) -> ResponseReturnValue:
    """Tell everybody, once."""
    row, event = own_bulk(bulk_id)
    form = SendForm()
    version, expected = form.confirmed
    with form.refusals():
        writing.send(bulk_id, version=version, expected=expected, by=current_actor(), now=clock.now())
        return _back(bulk_id, "送信を始めました。結果はこの画面で確かめられます。")
    return _send_page(row, event, form), 422


@bp.post("/console/bulk/<int:bulk_id>/discard/")
@allow(Permission.WRITE_TO_MANY)
def bulk_discard(bulk_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    row, _event = own_bulk(bulk_id)
    try:
        writing.discard(bulk_id, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _back(bulk_id, refusal.message, "error")
    flash("下書きを削除しました。", "success")
    return redirect(url_for("console.event_bulk", event_id=row.event_id), 303)


def _send_page(row: BulkRow, event: EventRow, form: SendForm) -> str:
    reach = recipients.reach(event, row.group, now=clock.now())
    form.version.data, form.expected.data = str(row.version), str(reach.people)
    return render_template("console/bulk/send.html", event=event, row=row, form=form, reach=reach)


def _back(bulk_id: int, sentence: str, kind: str = "success") -> ResponseReturnValue:
    flash(sentence, kind)
    return redirect(url_for("console.bulk", bulk_id=bulk_id), 303)
