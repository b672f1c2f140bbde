"""通知の文面: an event's own words in each kind of message, tried with a real person before they are saved."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import mailing
from app.events.types import EventRow
from app.events.wordings import PLACEHOLDERS, STANDARD, Wording
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.registrations import previews
from app.registrations.previews import Preview
from app.registrations.renderings import worded_kinds
from app.registrations.worded import REPLACEABLE
from app.web.console import bp
from app.web.console.forms.mails import SenderForm, WordingForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor


@bp.get("/console/events/<int:event_id>/mails/")
@allow(Permission.EDIT_EVENTS)
def event_mails(event_id: int) -> ResponseReturnValue:
    """The kinds of message, which of them read otherwise here, and who sends them."""
    return _list(own_event(event_id), SenderForm(obj=mailing.sender_of(event_id)))


@bp.post("/console/events/<int:event_id>/mails/")
@allow(Permission.EDIT_EVENTS)
def event_mails_post(event_id: int) -> ResponseReturnValue:
    """Keep the sender's name and where answers go."""
    row, form = own_event(event_id), SenderForm()
    if form.validate():
        with form.refusals():
            mailing.set_sender(event_id, form.to_sender(), by=current_actor(), now=clock.now())
            flash("差出人と返信先を保存しました。", "success")
            return redirect(url_for("console.event_mails", event_id=event_id), 303)
    return _list(row, form), 422


@bp.get("/console/events/<int:event_id>/mails/<kind>/")
@allow(Permission.EDIT_EVENTS)
def event_mail(event_id: int, kind: str) -> ResponseReturnValue:
    """The words of one kind, and how they read."""
    row, wording = own_event(event_id), mailing.own_words(event_id).get(_known(kind), STANDARD)
    return _page(row, kind, _form(row, kind, wording), wording)


@bp.post("/console/events/<int:event_id>/mails/<kind>/")
@allow(Permission.EDIT_EVENTS)
def event_mail_post(event_id: int, kind: str) -> ResponseReturnValue:
    """Save the words, or only show how they would read."""
    row = own_event(event_id)
    form = _form(row, _known(kind), STANDARD)
    wording = form.to_wording()
    if form.validate():
        with form.refusals():
            mailing.check(wording)
            if request.form.get("do") == "preview":
                return _page(row, kind, form, wording)
            mailing.word(event_id, kind, wording, by=current_actor(), now=clock.now())
            flash("文面を保存しました。これから送るお知らせに使います。", "success")
            return redirect(url_for("console.event_mail", event_id=event_id, kind=kind), 303)
    return _page(row, kind, form, None), 422


@bp.post("/console/events/<int:event_id>/mails/<kind>/standard/")
@allow(Permission.EDIT_EVENTS)
def event_mail_standard(event_id: int, kind: str) -> ResponseReturnValue:
    """Back to the standard text."""
    own_event(event_id)
    mailing.word(event_id, _known(kind), STANDARD, by=current_actor(), now=clock.now())
    flash("標準の文面に戻しました。", "success")
    return redirect(url_for("console.event_mail", event_id=event_id, kind=kind), 303)


@bp.post("/console/events/<int:event_id>/mails/<kind>/html/")
@allow(Permission.EDIT_EVENTS)
def event_mail_html(event_id: int, kind: str) -> ResponseReturnValue:
    """The HTML of what stands in the form, as mail programs show it; opened beside the form."""
    row = own_event(event_id)
    form = _form(row, _known(kind), STANDARD)
    wording = form.to_wording()
    if form.validate():
        with form.refusals():
            mailing.check(wording)
            return mail_page(_preview(row, kind, form, wording).html)
    return _page(row, kind, form, None), 422


def mail_page(html: str) -> Response:
    """A mail's HTML as a page: mails carry their styles inline, so it stands in a sandbox where nothing runs."""
    response = Response(html, content_type="text/html; charset=utf-8")
    policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    response.headers["Content-Security-Policy"] = policy
    return response


def _known(kind: str) -> str:
    if kind not in worded_kinds():
        raise NotFound
    return kind


def _form(row: EventRow, kind: str, wording: Wording) -> WordingForm:
    return WordingForm.of(wording, previews.people(row.id), replaceable=kind in REPLACEABLE)


def _preview(row: EventRow, kind: str, form: WordingForm, wording: Wording) -> Preview:
    person = previews.somebody(row, form.person.data or 0, now=clock.now())
    return previews.preview(row, kind, wording, person)


def _list(row: EventRow, form: SenderForm) -> str:
    words = mailing.own_words(row.id)
    return render_template("console/mails/list.html", event=row, form=form, kinds=worded_kinds(), words=words)


def _page(row: EventRow, kind: str, form: WordingForm, shown: Wording | None) -> str:
    """`shown`: the words to show; None where what was typed cannot be."""
    preview, lacking = None, ""
    try:
        preview = _preview(row, kind, form, shown) if shown is not None else None
    except Refusal as refusal:
        lacking = refusal.message
    return render_template(
        "console/mails/wording.html",
        event=row,
        kind=kind,
        title=worded_kinds()[kind],
        form=form,
        saved=mailing.own_words(row.id).get(kind, STANDARD),
        preview=preview,
        lacking=lacking,
        placeholders=PLACEHOLDERS,
    )
