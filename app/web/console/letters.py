"""郵送する通知: letters to people without e-mail, printed in batches, posted, taken back, or turned into calls."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.accounts.rules import scope_of
from app.delivery import services
from app.delivery.types import BatchRow
from app.documents import pdf
from app.events.types import EventRow
from app.infra import audit, clock
from app.kernel.errors import NotFound, Refusal
from app.registrations import letters as reading
from app.registrations import posting
from app.registrations.letters import Letter
from app.web.console import bp
from app.web.console.reach import own_event, own_message
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment

DONE = {
    "posted": (posting.post_batch, "投函済みにしました。"),
    "back": (posting.take_back, "投函を取り消しました。もう一度印刷して、投函できます。"),
    "break-up": (posting.break_up, "束をほどきました。通知は、印刷を待つ一覧に戻りました。"),
}


@bp.get("/console/letters/")
@allow(Permission.SEND_MESSAGES)
def letters() -> ResponseReturnValue:
    """The events of which something waits for the printer, the post or the telephone."""
    work = reading.paper_work(scope_of(current_staff()))
    return render_template("console/messages/paper_work.html", work=work)


@bp.get("/console/events/<int:event_id>/letters/")
@allow(Permission.SEND_MESSAGES)
def event_letters(event_id: int) -> ResponseReturnValue:
    """What waits of one event, by kind, and its batches."""
    event, now = own_event(event_id), clock.now()
    waiting = reading.waiting(event_id, now=now)
    kinds: dict[str, list[Letter]] = {}
    for one in waiting:
        if one.wanted:
            kinds.setdefault(one.message.kind, []).append(one)
    audit.note("letters.listed", "event", event_id, by=current_actor(), at=now, fields=[f"rows={len(waiting)}"])
    return render_template(
        "console/messages/letters.html",
        event=event,
        kinds=kinds,
        dropped=[one for one in waiting if not one.wanted],
        batches=reading.batches(event_id),
    )


@bp.post("/console/events/<int:event_id>/letters/")
@allow(Permission.SEND_MESSAGES)
def event_letters_post(event_id: int) -> ResponseReturnValue:
    """Make a batch of the kinds that were ticked."""
    own_event(event_id)
    try:
        batch_id = posting.make_batch(event_id, request.form.getlist("kind"), by=current_actor(), now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("console.event_letters", event_id=event_id), 303)
    return redirect(url_for("console.letter_batch", batch_id=batch_id), 303)


@bp.get("/console/letters/<int:batch_id>/")
@allow(Permission.SEND_MESSAGES)
def letter_batch(batch_id: int) -> ResponseReturnValue:
    """One batch: who is in it, whose letter has to be pulled out, print, post."""
    event, batch = _own_batch(batch_id)
    now = clock.now()
    held = reading.of_batch(batch_id, now=now)
    fields = [f"batch={batch_id}", f"rows={len(held)}"]
    audit.note("letters.listed", "event", event.id, by=current_actor(), at=now, fields=fields)
    return render_template("console/messages/batch.html", event=event, batch=batch, held=held)


@bp.get("/console/letters/<int:batch_id>/letters.pdf")
@allow(Permission.SEND_MESSAGES)
def letter_batch_pdf(batch_id: int) -> ResponseReturnValue:
    """The letters that still make sense, one a page; as often as it is needed. Raises NotFound where none is left."""
    event, _batch = _own_batch(batch_id)
    now = clock.now()
    sheets = reading.sheets(batch_id, now=now)
    if not sheets:
        raise NotFound
    fields = [f"batch={batch_id}", f"rows={len(sheets)}"]
    audit.note("letters.printed", "event", event.id, by=current_actor(), at=now, fields=fields)
    content = pdf.letters_pdf(sheets)
    return attachment(content, f"郵送する通知_{batch_id}.pdf", "application/pdf", personal=True)


@bp.get("/console/letters/<int:batch_id>/postcards.pdf")
@allow(Permission.SEND_MESSAGES)
def letter_batch_postcards(batch_id: int) -> ResponseReturnValue:
    """The same letters as postcards, two pages each. Raises NotFound where none is left."""
    event, _batch = _own_batch(batch_id)
    now = clock.now()
    cards = reading.postcards(batch_id, now=now)
    if not cards:
        raise NotFound
    fields = [f"batch={batch_id}", f"rows={len(cards)}", "postcard"]
    audit.note("letters.printed", "event", event.id, by=current_actor(), at=now, fields=fields)
    return attachment(pdf.postcards_pdf(cards), f"はがき_{batch_id}.pdf", "application/pdf", personal=True)


@bp.post("/console/letters/<int:batch_id>/<any(posted,back,'break-up'):step>/")
@allow(Permission.SEND_MESSAGES)
def letter_batch_step(batch_id: int, step: str) -> ResponseReturnValue:
    """Posted; not posted after all; let go."""
    event, _batch = _own_batch(batch_id)
    verb, sentence = DONE[step]
    try:
        verb(batch_id, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(sentence, "success")
    if step == "break-up":
        return redirect(url_for("console.event_letters", event_id=event.id), 303)
    return redirect(url_for("console.letter_batch", batch_id=batch_id), 303)


@bp.post("/console/messages/<int:message_id>/<any(call,letter):way>/")
@allow(Permission.SEND_MESSAGES)
def message_way(message_id: int, way: str) -> ResponseReturnValue:
    """A letter becomes a call, a call a letter."""
    registration = own_message(message_id)
    by, now = current_actor(), clock.now()
    try:
        if way == "call":
            services.call_instead(message_id, by=by, now=now)
        else:
            services.post_instead(message_id, to=registration.details.address, by=by, now=now)
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash("電話で連絡する一覧に移しました。" if way == "call" else "郵送する通知に移しました。", "success")
    if request.form.get("from") == "registration":
        return redirect(url_for("console.registration", registration_id=registration.id, _anchor="messages"), 303)
    back = "console.event_letters" if way == "call" else "console.event_calls"
    return redirect(url_for(back, event_id=registration.event_id), 303)


def _own_batch(batch_id: int) -> tuple[EventRow, BatchRow]:
    batch = reading.batch(batch_id)
    return own_event(reading.event_of(batch)), batch
