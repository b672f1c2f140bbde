"""One section's answer to the survey as the organizer reads it: accepted, or given back with what to put right."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.questions.carrying import rows_of, single_of, text_of
from app.surveys import answers, services
from app.surveys.types import AnswerView
from app.web.console import bp
from app.web.console.forms.surveys import RemarkForm
from app.web.console.reach import own_survey_answer
from app.web.parts.access import allow, current_actor, current_staff


@bp.get("/console/surveys/answers/<int:answer_id>/")
@allow(Permission.SEE_SURVEYS)
def survey_review(answer_id: int) -> ResponseReturnValue:
    """What the section has answered."""
    return _page(own_survey_answer(answer_id), RemarkForm(formdata=None))


@bp.post("/console/surveys/answers/<int:answer_id>/<any(approve,accept,return):step>/")
@allow(Permission.MANAGE_SURVEYS)
def survey_review_step(answer_id: int, step: str) -> ResponseReturnValue:
    """Note the head's confirmation, accept it, or give it back with a remark."""
    view, form, by, now = own_survey_answer(answer_id), RemarkForm(), current_actor(), clock.now()
    if form.validate():
        with form.refusals():
            if step == "approve":
                services.approve(answer_id, by=by, now=now)
            elif step == "accept":
                services.accept(answer_id, by=by, now=now)
            else:
                services.return_(answer_id, form.remark.data or "", by=by, now=now)
            flash(DONE[step], "success")
            if step == "approve":
                return redirect(url_for("console.survey_review", answer_id=answer_id), 303)
            return redirect(url_for("console.survey_board", survey_id=view.survey.id), 303)
    return _page(own_survey_answer(answer_id), form), 422


@bp.get("/console/surveys/answers/<int:answer_id>/history/")
@allow(Permission.SEE_SURVEYS)
def survey_story(answer_id: int) -> ResponseReturnValue:
    """Each step with what changed since the one before."""
    view = own_survey_answer(answer_id)
    return render_template(
        "console/surveys/history.html", view=view, unit=answers.unit_of(view), story=answers.story(view)
    )


DONE = {
    "approve": "所属長の確認を記録しました。",
    "accept": "受理しました。担当者へお知らせを送ります。",
    "return": "差し戻しました。担当者へお知らせを送ります。",
}


def _page(view: AnswerView, form: RemarkForm) -> str:
    return render_template(
        "console/surveys/review.html",
        view=view,
        form=form,
        unit=answers.unit_of(view),
        rows_of=rows_of,
        single_of=single_of,
        text_of=text_of,
        editable=current_staff().can(Permission.MANAGE_SURVEYS),
    )
