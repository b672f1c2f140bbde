"""Answering a feedback form: by the address that everybody has, or by a link that was mailed and works once.

The cookie holds no number: it only says that this browser has answered, so that nobody answers twice by mistake.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.events import queries as events
from app.feedback import queries, services
from app.feedback.types import SECTION, FormRow, State
from app.infra import clock, tokens
from app.kernel.errors import NotFound, Refusal
from app.kernel.japanese_dates import TOKYO
from app.kernel.types import JSON
from app.questions.types import Answers
from app.questions.validate import check
from app.web.parts import question_fields as fields
from app.web.parts.access import ANYONE, allow
from app.web.parts.asked_form import QuestionSheet
from app.web.parts.limits import FEEDBACK, counted_misses, hit
from app.web.public import bp

Answer = str | tuple[str, int] | Response


@bp.get("/f/<code>/")
@bp.get("/f/<code>/<token>/")
@allow(ANYONE)
def feedback(code: str, token: str = "") -> Answer:
    """The form, or a page that says why one cannot answer."""
    form = _form(code, token)
    if form.state is not State.OPEN:
        return _page("closed", form)
    if token and queries.is_spent(form.event_id, token):
        return _page("thanks", form)
    if not token and _cookie(code) in request.cookies and "again" not in request.args:
        return _page("answered", form)
    return _asked(form, token, {}, [])


@bp.post("/f/<code>/")
@bp.post("/f/<code>/<token>/")
@allow(ANYONE)
def feedback_send(code: str, token: str = "") -> Answer:
    """Take the answer in."""
    form = _form(code, token)
    hit(FEEDBACK)
    typed = fields.typed_answers(form.definition, request.form)
    checked = check(form.definition, typed, complete=True)
    if checked.problems:
        return _asked(form, token, typed, fields.linked(form.definition, typed, checked.problems)), 422
    try:
        _take_in(code, token, checked.answers)
    except Refusal as refusal:
        return _asked(form, token, typed, [("", refusal.message)]), 422
    response = redirect(url_for("public.feedback_thanks", code=code), 303)
    if not token:
        _remember(response, form)
    return response


@bp.get("/f/<code>/thanks/")
@allow(ANYONE)
def feedback_thanks(code: str) -> Answer:
    """The answer has arrived."""
    return _page("thanks", _form(code, ""))


def _form(code: str, token: str) -> FormRow:
    """The form behind an address. Raises NotFound, also for a link that was never mailed or is forgotten."""
    with counted_misses():
        form = queries.by_code(code, now=clock.now())
        # Links are forgotten when the form is closed; the page then says that it is.
        if token and form.state is State.OPEN and not queries.is_ticket(form.event_id, token):
            raise NotFound
    return form


def _take_in(code: str, token: str, answers: Answers) -> None:
    given = answers.get(SECTION)
    found: dict[str, JSON] = given if isinstance(given, dict) else {}
    if token:
        services.answer_once(code, token, found, now=clock.now())
    else:
        # Whoever sends no key of ours counts as somebody new.
        key = request.form.get("submission_id", "")[:64] or tokens.random_id()
        services.answer(code, key, found, now=clock.now())


def _asked(form: FormRow, token: str, typed: Answers, problems: list[tuple[str, str]]) -> str:
    wrong: dict[str, list[str]] = {}
    for anchor, message in problems:
        wrong.setdefault(anchor, []).append(message)
    return render_template(
        "public/feedback/form.html",
        feedback=form,
        event=events.by_id(form.event_id),
        section=form.definition.section(SECTION),
        action=request.path,
        once=bool(token),
        submission_id=request.form.get("submission_id", "")[:64] or tokens.random_id(),
        values=fields.controls(form.definition, typed),
        problems=problems,
        wrong=wrong,
        name=fields.name_of,
        hint=lambda section, question: QuestionSheet.hint_of(section.questions, question),
        choices=fields.choices_of,
    )


def _page(name: str, form: FormRow) -> str:
    return render_template(f"public/feedback/{name}.html", feedback=form, event=events.by_id(form.event_id))


def _cookie(code: str) -> str:
    return f"answered-{code}"


def _remember(response: Response, form: FormRow) -> None:
    until = datetime.combine(form.last_day + timedelta(days=1), time(), TOKYO)
    response.set_cookie(
        _cookie(form.code),
        "1",
        expires=until,
        path=url_for("public.feedback", code=form.code),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
