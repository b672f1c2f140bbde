"""What an event asks beside name and contact: the list, one question, the library, and how applicants see it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import asking
from app.events.types import AskedRow, EventRow
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.questions.types import Question
from app.registrations import answering
from app.web.console import bp
from app.web.console.forms.questions import EventQuestionForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor
from app.web.parts.asked_form import QuestionSheet
from app.web.parts.pages import id_of

NEW = 0
LIST = "/console/events/<int:event_id>/questions/"


@bp.get(LIST)
@allow(Permission.EDIT_EVENTS)
def event_questions(event_id: int) -> ResponseReturnValue:
    """The questions in order, what was answered of each, and the library."""
    return _list(own_event(event_id))


@bp.post(LIST)
@allow(Permission.EDIT_EVENTS)
def event_questions_post(event_id: int) -> ResponseReturnValue:
    """`do=up:<id>`, `down:`, `remove:` and `save:` a question, `take:` one of the library, `forget:` a saved one."""
    event = own_event(event_id)
    doing, _, which = request.form.get("do", "").partition(":")
    try:
        said = _carried_out(event, doing, which)
    except Refusal as refusal:
        return _list(event, problem=refusal.message), 422
    flash(said, "success")
    return redirect(url_for("console.event_questions", event_id=event_id), 303)


@bp.get("/console/events/<int:event_id>/questions/<int:question_id>/")
@allow(Permission.EDIT_EVENTS)
def event_question(event_id: int, question_id: int) -> ResponseReturnValue:
    """One question; 0: a new one."""
    event = own_event(event_id)
    row = _row(event, question_id)
    form = EventQuestionForm.of(row.question if row else None, _before(event, row), "")
    return _page(event, row, form)


@bp.post("/console/events/<int:event_id>/questions/<int:question_id>/")
@allow(Permission.EDIT_EVENTS)
def event_question_post(event_id: int, question_id: int) -> ResponseReturnValue:
    """Save it; a button beside an option only rearranges what was typed."""
    event = own_event(event_id)
    row = _row(event, question_id)
    before = _before(event, row)
    form = EventQuestionForm.of(None, before, "")
    if "row" in request.form:
        return _page(event, row, EventQuestionForm.reordered(form, before, request.form["row"]))
    if form.validate():
        with form.refusals():
            _saved(event, row, form.to_question(row.question if row else None))
            flash("質問を保存しました。", "success")
            return redirect(url_for("console.event_questions", event_id=event_id), 303)
    return _page(event, row, form), 422


@bp.get("/console/events/<int:event_id>/questions/preview/")
@allow(Permission.EDIT_EVENTS)
def event_questions_preview(event_id: int) -> ResponseReturnValue:
    """The questions as applicants will see them."""
    event = own_event(event_id)
    asked = [row for row in event.public_asked if not row.retired]
    return render_template("console/events/questions_preview.html", event=event, sheet=QuestionSheet(asked, None, ()))


def _carried_out(event: EventRow, doing: str, which: str) -> str:
    """Do it and return what to say. Raises Refusal, NotFound."""
    by, now = current_actor(), clock.now()
    if doing == "take":
        asking.take(event.id, which, by=by, now=now)
        return "質問を追加しました。"
    if doing == "forget":
        asking.forget(event.id, id_of(which), by=by, now=now)
        return "保存した質問を、一覧から外しました。"
    if doing == "save":
        asking.save(event.id, id_of(which), by=by, now=now)
        return "よく使う質問に加えました。ほかの研修会・講座でも使えます。"
    if doing == "remove":
        kept = asking.remove(event.id, id_of(which), by=by, now=now)
        return "質問を取りやめました。これまでの回答は残っています。" if kept else "質問を削除しました。"
    if doing not in {"up", "down"}:
        raise NotFound
    asking.move(event.id, id_of(which), -1 if doing == "up" else 1, by=by, now=now)
    return "順番を変えました。"


def _saved(event: EventRow, row: AskedRow | None, question: Question) -> None:
    if row is None:
        asking.add(event.id, question, by=current_actor(), now=clock.now())
    else:
        asking.change(event.id, row.id, question, by=current_actor(), now=clock.now())


def _row(event: EventRow, question_id: int) -> AskedRow | None:
    """The question, None for a new one. Raises NotFound."""
    if question_id == NEW:
        return None
    found = next((row for row in event.asked if row.id == question_id and not row.retired), None)
    if found is None:
        raise NotFound
    return found


def _before(event: EventRow, row: AskedRow | None) -> tuple[Question, ...]:
    """Those whose answers may decide whether the question is asked."""
    questions = event.questions
    return questions if row is None else questions[: questions.index(row.question)]


def _list(event: EventRow, problem: str = "") -> str:
    labels = {question.label for question in event.questions}
    return render_template(
        "console/events/questions.html",
        event=event,
        problem=problem,
        current=[row for row in event.asked if not row.retired],
        retired=[row for row in event.asked if row.retired],
        answers=answering.counts(event.id),
        library=[(name, one) for name, one in asking.library(event.section) if one.label not in labels],
        hint_of=QuestionSheet.hint_of,
    )


def _page(event: EventRow, row: AskedRow | None, form: EventQuestionForm) -> str:
    answers = answering.counts(event.id).get(row.id, 0) if row else 0
    return render_template("console/events/question.html", event=event, row=row, form=form, answers=answers)
