"""The check at the end of an e-learning course: its questions, what is right, what is enough."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.elearning import contents, queries
from app.elearning.types import CourseRow, VersionRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.questions.types import Question
from app.web.console import bp
from app.web.console.forms.elearning import CheckQuestionForm, CheckRulesForm
from app.web.console.reach import own_course
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.pages import id_of

NEW = 0
MOVES = {"up": -1, "down": 1}


@bp.get("/console/elearning/<int:course_id>/check/")
@allow(Permission.SEE_ELEARNING)
def elearning_check(course_id: int) -> ResponseReturnValue:
    """The questions of the draft, or of what is published, with the rules."""
    course, version = own_course(course_id), _shown(course_id)
    return _page(course, version, CheckRulesForm.of(version.check))


@bp.post("/console/elearning/<int:course_id>/check/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_check_post(course_id: int) -> ResponseReturnValue:
    """Save the rules; `do=up:<question>`, `down` or `remove` rearranges the questions instead."""
    course, form = own_course(course_id), CheckRulesForm()
    if form.validate():
        with form.refusals():
            doing, _, number = request.form.get("do", "").partition(":")
            if doing:
                _rearrange(course_id, doing, id_of(number) - 1, request.form.get("seen", ""))
            else:
                percent, tries = form.pass_percent.data or 100, form.most_tries.data
                contents.set_rules(course_id, percent, tries, by=current_actor(), now=clock.now())
                flash("保存しました。", "success")
            return _to_check(course_id)
    return _page(course, _shown(course_id), form), 422


@bp.get("/console/elearning/<int:course_id>/check/<int:place>/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_question(course_id: int, place: int) -> ResponseReturnValue:
    """A question by its place from 1; 0: a new one."""
    course, version = own_course(course_id), _draft(course_id)
    asked = _asked(version, place)
    solution = version.check.solutions[asked.key] if asked else None
    return _question_page(course, place, CheckQuestionForm.of(asked, solution, contents.seen_of(version.check)))


@bp.post("/console/elearning/<int:course_id>/check/<int:place>/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_question_post(course_id: int, place: int) -> ResponseReturnValue:
    """Save it; a button beside an answer only rearranges what was typed."""
    course, form = own_course(course_id), CheckQuestionForm()
    was = _asked(_draft(course_id), place)
    if "row" in request.form:
        return _question_page(course, place, CheckQuestionForm.reordered(form, request.form["row"]))
    if form.validate():
        with form.refusals():
            at, (asked, solution) = (place - 1 if was else None), form.to_question(was)
            seen = form.seen.data or ""
            contents.put_question(course_id, at, asked, solution, seen=seen, by=current_actor(), now=clock.now())
            flash("問題を保存しました。", "success")
            return _to_check(course_id)
    return _question_page(course, place, form), 422


def _rearrange(course_id: int, doing: str, place: int, seen: str) -> None:
    if place < 0:
        raise NotFound
    if doing in MOVES:
        contents.move_question(course_id, place, MOVES[doing], seen=seen, by=current_actor(), now=clock.now())
    elif doing == "remove":
        contents.remove_question(course_id, place, seen=seen, by=current_actor(), now=clock.now())


def _shown(course_id: int) -> VersionRow:
    return queries.versions(course_id)[0]


def _draft(course_id: int) -> VersionRow:
    draft = queries.draft(course_id)
    if draft is None:
        raise NotFound
    return draft


def _asked(version: VersionRow, place: int) -> Question | None:
    """The question in that place, None for a new one. Raises NotFound."""
    if place == NEW:
        return None
    if place > len(version.check.questions):
        raise NotFound
    return version.check.questions[place - 1]


def _to_check(course_id: int) -> Response:
    return redirect(url_for("console.elearning_check", course_id=course_id), 303)


def _page(course: CourseRow, version: VersionRow, form: CheckRulesForm) -> str:
    return render_template(
        "console/elearning/check.html",
        course=course,
        version=version,
        form=form,
        seen=contents.seen_of(version.check),
        editable=current_staff().can(Permission.MANAGE_ELEARNING) and version.published_at is None,
    )


def _question_page(course: CourseRow, place: int, form: CheckQuestionForm) -> str:
    return render_template("console/elearning/question.html", course=course, place=place, form=form)
