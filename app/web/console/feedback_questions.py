"""What the feedback form of an event asks, changed piece by piece until somebody has answered."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.events.types import EventRow
from app.feedback import queries, services
from app.feedback.types import SECTION, FormRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.questions import codec, editing
from app.questions.types import Definition
from app.web.console import bp
from app.web.console.forms.feedback import FeedbackQuestionForm
from app.web.console.forms.questions import HintForm
from app.web.console.reach import own_event
from app.web.parts import question_fields as fields
from app.web.parts.access import allow, current_actor
from app.web.parts.asked_form import QuestionSheet
from app.web.parts.pages import id_of

LIST = "/console/events/<int:event_id>/feedback/questions/"
ONE = "/console/events/<int:event_id>/feedback/questions/<int:number>/"
MOVES: dict[str, Callable[[Definition, int], Definition]] = {
    "up": lambda definition, place: editing.moved(definition, 0, place, by=-1),
    "down": lambda definition, place: editing.moved(definition, 0, place, by=1),
    "remove": lambda definition, place: editing.without(definition, 0, place),
}


@bp.get(LIST)
@allow(Permission.EDIT_EVENTS)
def event_feedback_questions(event_id: int) -> ResponseReturnValue:
    """The words above, and the questions in order."""
    event, feedback = _own(event_id)
    seen = codec.digest(feedback.definition)
    return _list(event, feedback, HintForm(formdata=None, data={"hint": feedback.definition.hint, "seen": seen}))


@bp.post(LIST)
@allow(Permission.EDIT_EVENTS)
def event_feedback_questions_post(event_id: int) -> ResponseReturnValue:
    """Save the words above all; `do=up:<number>` also moves or removes a question."""
    (event, feedback), form = _own(event_id), HintForm()
    if form.validate():
        wanted = editing.with_hint(feedback.definition, form.hint.data or "")
        doing, _, number = request.form.get("do", "").partition(":")
        if doing in MOVES:
            wanted = MOVES[doing](wanted, _place(feedback, id_of(number)))
        if saved := _kept(feedback, wanted, form):
            return saved
    return _list(event, feedback, form), 422


@bp.get(ONE)
@allow(Permission.EDIT_EVENTS)
def event_feedback_question(event_id: int, number: int) -> ResponseReturnValue:
    """A question by its place from 1; 0: a new one."""
    event, feedback = _own(event_id)
    at = _place(feedback, number) if number else None
    found = None if at is None else feedback.questions[at]
    form = FeedbackQuestionForm.of(found, feedback.questions[:at], codec.digest(feedback.definition))
    return _question(event, number, form)


@bp.post(ONE)
@allow(Permission.EDIT_EVENTS)
def event_feedback_question_post(event_id: int, number: int) -> ResponseReturnValue:
    """Save it; a button beside an option only rearranges what was typed."""
    event, feedback = _own(event_id)
    at = _place(feedback, number) if number else None
    before = feedback.questions[:at]
    form = FeedbackQuestionForm.of(None, before, "")
    if "row" in request.form:
        return _question(event, number, FeedbackQuestionForm.reordered(form, before, request.form["row"]))
    if form.validate():
        with form.refusals():
            made = form.to_question(None if at is None else feedback.questions[at])
            if saved := _kept(feedback, editing.with_question(feedback.definition, 0, at, made), form):
                return saved
    return _question(event, number, form), 422


@bp.get("/console/events/<int:event_id>/feedback/preview/")
@allow(Permission.SEE_REGISTRATIONS)
def event_feedback_preview(event_id: int) -> ResponseReturnValue:
    """The form as participants see it."""
    event, feedback = _own(event_id)
    return render_template(
        "console/feedback/preview.html",
        event=event,
        feedback=feedback,
        section=feedback.definition.section(SECTION),
        name=fields.name_of,
        hint=lambda section, question: QuestionSheet.hint_of(section.questions, question),
        choices=fields.choices_of,
    )


def _kept(feedback: FormRow, wanted: Definition, form: HintForm | FeedbackQuestionForm) -> Response | None:
    """Ask this from now on and go back to the list; None where it was refused, which stands on the form then."""
    with form.refusals():
        services.ask(feedback.event_id, wanted, seen=form.seen.data or "", by=current_actor(), now=clock.now())
        flash("質問を保存しました。", "success")
        return redirect(url_for("console.event_feedback_questions", event_id=feedback.event_id), 303)
    return None


def _own(event_id: int) -> tuple[EventRow, FormRow]:
    """The event and its form. Raises NotFound."""
    event, feedback = own_event(event_id), queries.of_event(event_id, now=clock.now())
    if feedback is None:
        raise NotFound
    return event, feedback


def _place(feedback: FormRow, number: int) -> int:
    if not 1 <= number <= len(feedback.questions):
        raise NotFound
    return number - 1


def _list(event: EventRow, feedback: FormRow, form: HintForm) -> str:
    return render_template(
        "console/feedback/questions.html",
        event=event,
        feedback=feedback,
        form=form,
        hint_of=QuestionSheet.hint_of,
    )


def _question(event: EventRow, number: int, form: FeedbackQuestionForm) -> str:
    return render_template("console/feedback/question.html", event=event, number=number, form=form)
