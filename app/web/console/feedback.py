"""Feedback on an event: the form's state and address, thanks to those who came, what came of it."""

from __future__ import annotations

from base64 import b64encode

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.documents import qr
from app.documents.csv_text import csv_bytes
from app.documents.types import Cell, Encoding
from app.events.types import EventRow
from app.feedback import queries, services, tallies
from app.feedback.rules import LEAST, LONGEST, too_late
from app.feedback.types import FormRow, Results
from app.infra import audit, clock
from app.infra.links import links
from app.kernel.errors import NotFound, Refusal
from app.web.console import bp
from app.web.console.forms.feedback import ArrangeForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment

WITHHELD = "秘匿"


@bp.get("/console/events/<int:event_id>/feedback/")
@allow(Permission.SEE_REGISTRATIONS)
def event_feedback(event_id: int) -> ResponseReturnValue:
    """Where the form stands; without one, what it would be."""
    event = own_event(event_id)
    feedback = queries.of_event(event_id, now=clock.now())
    return _page(event, feedback, ArrangeForm.of(feedback) if feedback else None)


@bp.post("/console/events/<int:event_id>/feedback/new/")
@allow(Permission.EDIT_EVENTS)
def event_feedback_new(event_id: int) -> ResponseReturnValue:
    """Give the event the standard form."""
    event = own_event(event_id)
    try:
        services.make(event_id, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _page(event, None, None, refusal.message), 422
    flash("アンケートを作りました。質問と期限を確かめてください。", "success")
    return redirect(url_for("console.event_feedback", event_id=event_id), 303)


@bp.post("/console/events/<int:event_id>/feedback/")
@allow(Permission.EDIT_EVENTS)
def event_feedback_post(event_id: int) -> ResponseReturnValue:
    """Another last day, another question to break the answers down by."""
    event, feedback = own_event(event_id), _form(event_id)
    form = ArrangeForm.of(feedback)
    if form.validate():
        with form.refusals():
            last_day = form.last_day.data or feedback.last_day
            services.arrange(event_id, last_day, form.breakdown.data, by=current_actor(), now=clock.now())
            flash("期限と内訳を保存しました。", "success")
            return redirect(url_for("console.event_feedback", event_id=event_id), 303)
    return _page(event, feedback, form), 422


@bp.post("/console/events/<int:event_id>/feedback/thanks/")
@allow(Permission.SEND_MESSAGES)
def event_feedback_thank(event_id: int) -> ResponseReturnValue:
    """Write to those who came; whoever was written to before is left out."""
    event, feedback = own_event(event_id), _form(event_id)
    try:
        people = services.thank(event_id, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        return _page(event, feedback, ArrangeForm.of(feedback), refusal.message), 422
    flash(f"お礼のメールを{people}人に用意しました。" if people else "新しくお送りする方はいません。", "success")
    return redirect(url_for("console.event_feedback", event_id=event_id), 303)


@bp.get("/console/events/<int:event_id>/feedback/sign/")
@allow(Permission.SEE_REGISTRATIONS)
def event_feedback_sign(event_id: int) -> ResponseReturnValue:
    """The address and its QR code, to be shown on a screen or printed."""
    event, feedback = own_event(event_id), _form(event_id)
    content, media_type = qr.qr_file(_address(feedback), "png")
    picture = f"data:{media_type};base64,{b64encode(content).decode()}"
    return render_template(
        "console/feedback/sign.html", event=event, feedback=feedback, picture=picture, address=_address(feedback)
    )


@bp.get("/console/events/<int:event_id>/feedback/results/")
@allow(Permission.SEE_CONTACTS)
def event_feedback_results(event_id: int) -> ResponseReturnValue:
    """What came of it; looking leaves an entry, since what was written may be personal."""
    event, feedback, results = _closed(event_id)
    return render_template(
        "console/feedback/results.html",
        event=event,
        feedback=feedback,
        results=results,
        least=LEAST,
        word=WITHHELD,
        staff=current_staff(),
    )


@bp.get("/console/events/<int:event_id>/feedback/results.csv")
@allow(Permission.EXPORT)
def event_feedback_csv(event_id: int) -> Response:
    """The figures of the page and the texts, with the same left out."""
    event, _feedback, results = _closed(event_id)
    groups = next((tally.breakdown.groups for tally in results.tallies if tally.breakdown), ())
    file = csv_bytes(["質問", "答え", "件数", *groups], _rows(results, len(groups)), encoding=Encoding.UTF8)
    return attachment(file.content, f"アンケート_{event.slug}.csv", "text/csv; charset=utf-8", personal=True)


def _rows(results: Results, groups: int) -> list[list[Cell]]:
    """A line an option and a line a text; a question that fewer than five answered has one line that says so."""
    found: list[list[Cell]] = []
    for tally in results.tallies:
        label, broken = tally.question.label, dict(tally.breakdown.rows) if tally.breakdown else {}
        if tally.answers is None:
            found.append([label, "", WITHHELD, *[""] * groups])
        counted = dict(tally.choices)
        for words in dict.fromkeys([*counted, *broken]):
            numbers = [WITHHELD if n is None else n for n in broken.get(words, [None if broken else ""] * groups)]
            found.append([label, words, counted.get(words, (results.answers or 0) - (tally.answers or 0)), *numbers])
        found += [[label, text, "", *[""] * groups] for text in tally.texts]
    return found


def _closed(event_id: int) -> tuple[EventRow, FormRow, Results]:
    """The results of a closed form; who looked is kept. Raises NotFound."""
    event, feedback = own_event(event_id), _form(event_id)
    results = tallies.results(feedback)
    if results is None:
        raise NotFound
    audit.note("feedback.shown", "event", event_id, by=current_actor(), at=clock.now())
    return event, feedback, results


def _form(event_id: int) -> FormRow:
    feedback = queries.of_event(event_id, now=clock.now())
    if feedback is None:
        raise NotFound
    return feedback


def _address(feedback: FormRow) -> str:
    return links.absolute(f"/f/{feedback.code}/")


def _page(event: EventRow, feedback: FormRow | None, form: ArrangeForm | None, problem: str = "") -> str:
    if feedback is None:
        over = LONGEST.days if too_late(event.ends_at, clock.now()) else 0
        return render_template(
            "console/feedback/none.html", event=event, problem=problem, over=over, staff=current_staff()
        )
    return render_template(
        "console/feedback/form.html",
        event=event,
        feedback=feedback,
        form=form,
        problem=problem,
        least=LEAST,
        to_thank=len(queries.to_thank(event.id)),
        mails=[(state.word, f"{number}件") for state, number in queries.mails(event.id).items() if number],
        staff=current_staff(),
        address=_address(feedback),
    )
