"""The yearly survey: made, opened to the sections, how far each has come, who is silent."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.questions.states import State
from app.surveys import board, organizing, queries, reminders
from app.surveys.types import SurveyRow
from app.web.console import bp
from app.web.console.forms.surveys import NewSurveyForm, SurveyForm
from app.web.console.reach import own_survey
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm

# Where a section can be, in the order of the way: the word in the address, the word on the page.
PLACES = {"none": "未着手", **{state.value: state.word for state in State}}


@bp.get("/console/surveys/")
@allow(Permission.SEE_SURVEYS)
def surveys() -> ResponseReturnValue:
    """The surveys of all years, each with how far the sections have come, and how the years compare."""
    own, this_year = queries.surveys(current_staff().section), fiscal_year(clock.now())
    return render_template(
        "console/surveys/list.html",
        surveys=own,
        counts=board.states([one.id for one in own]),
        states=list(State),
        must=len(queries.who_must(this_year)),
        this_year=this_year,
        missing=queries.of_year(this_year) is None,
        trend=queries.trend(),
        editable=_editable(),
    )


@bp.get("/console/surveys/new/")
@allow(Permission.MANAGE_SURVEYS)
def survey_new() -> ResponseReturnValue:
    """The form of this year's survey."""
    return _new_page(NewSurveyForm.offering(queries.surveys(current_staff().section)))


@bp.post("/console/surveys/new/")
@allow(Permission.MANAGE_SURVEYS)
def survey_new_post() -> ResponseReturnValue:
    """Make it; the sections do not see it yet."""
    earlier = queries.surveys(current_staff().section)
    form = NewSurveyForm.offering(earlier)
    if form.validate():
        with form.refusals():
            draft = form.to_draft(fiscal_year(clock.now()), current_staff().section, earlier)
            made = organizing.draft(draft, by=current_actor(), now=clock.now())
            flash("調査を作りました。設問を確かめてから、各課に公開してください。", "success")
            return redirect(url_for("console.survey_questions", survey_id=made), 303)
    return _new_page(form), 422


@bp.get("/console/surveys/<int:survey_id>/")
@allow(Permission.SEE_SURVEYS)
def survey_board(survey_id: int) -> ResponseReturnValue:
    """Every section with how far it has come; `?state=` and `?department=` narrow it down."""
    return _board(own_survey(survey_id), BaseForm(formdata=None))


@bp.post("/console/surveys/<int:survey_id>/<any(open,close,publish,hide):step>/")
@allow(Permission.MANAGE_SURVEYS)
def survey_organizing(survey_id: int, step: str) -> ResponseReturnValue:
    """Let the sections write, or no longer; let everybody see the totals, or nobody."""
    found, form, by, now = own_survey(survey_id), BaseForm(), current_actor(), clock.now()
    with form.refusals():
        if step in {"open", "close"}:
            (organizing.open_ if step == "open" else organizing.close)(survey_id, by=by, now=now)
        else:
            organizing.publish(survey_id, shown=step == "publish", by=by, now=now)
        flash(DONE[step], "success")
        view = "console.survey_board" if step in {"open", "close"} else "console.survey_totals"
        return redirect(url_for(view, survey_id=survey_id), 303)
    return _board(found, form), 422


@bp.get("/console/surveys/<int:survey_id>/edit/")
@allow(Permission.MANAGE_SURVEYS)
def survey_edit(survey_id: int) -> ResponseReturnValue:
    """Title, due date, days of reminding."""
    found = own_survey(survey_id)
    return _edit_page(found, SurveyForm.about(found, reminders.days_of(survey_id)))


@bp.post("/console/surveys/<int:survey_id>/edit/")
@allow(Permission.MANAGE_SURVEYS)
def survey_edit_post(survey_id: int) -> ResponseReturnValue:
    """Save them."""
    found, form = own_survey(survey_id), SurveyForm()
    if form.validate():
        with form.refusals():
            organizing.edit(survey_id, form.to_details(), by=current_actor(), now=clock.now())
            flash("保存しました。", "success")
            return redirect(url_for("console.survey_board", survey_id=survey_id), 303)
    return _edit_page(found, form), 422


@bp.get("/console/surveys/<int:survey_id>/silent/")
@allow(Permission.SEE_SURVEYS)
def survey_silent(survey_id: int) -> ResponseReturnValue:
    """Who has not handed in, whom to ask there, and what sending a reminder now would do."""
    found = own_survey(survey_id)
    chase = reminders.chase_list(found, today=local_date(clock.now()))
    return render_template(
        "console/surveys/silent.html", survey=found, chase=chase, editable=_editable(), form=BaseForm(formdata=None)
    )


@bp.post("/console/surveys/<int:survey_id>/silent/")
@allow(Permission.MANAGE_SURVEYS)
def survey_remind(survey_id: int) -> ResponseReturnValue:
    """Send the reminder that is due, without waiting for the schedule."""
    own_survey(survey_id)
    told = reminders.send(survey_id, by=current_actor(), now=clock.now())
    flash(f"{told}課・室へお知らせを送ります。" if told else "いま送る相手はいません。", "success")
    return redirect(url_for("console.survey_silent", survey_id=survey_id), 303)


DONE = {
    "open": "各課に公開しました。",
    "close": "受付を終了しました。",
    "publish": "集計と一覧を公開しました。",
    "hide": "集計と一覧の公開をやめました。",
}


def _board(found: SurveyRow, form: BaseForm) -> str:
    rows = board.board(found, today=local_date(clock.now()))
    departments = list(dict.fromkeys(row.department for row in rows))
    place, department = request.args.get("state", ""), request.args.get("department", "")
    shown = [row for row in rows if place in {"", row.place} and department in {"", row.department}]
    return render_template(
        "console/surveys/board.html",
        survey=found,
        form=form,
        rows=shown,
        total=len(rows),
        nothing=sum(row.nothing and not row.owes for row in rows),
        waiting=sum(row.awaits_approval for row in rows),
        handed=sum(1 for row in rows if row.handed and row.owes),
        counts=Counter(row.place for row in rows),
        places=PLACES,
        place=place,
        departments=departments,
        department=department,
        editable=_editable(),
    )


def _new_page(form: NewSurveyForm) -> str:
    return render_template("console/surveys/new.html", form=form, year=fiscal_year(clock.now()))


def _edit_page(found: SurveyRow, form: SurveyForm) -> str:
    return render_template("console/surveys/edit.html", survey=found, form=form)


def _editable() -> bool:
    return current_staff().can(Permission.MANAGE_SURVEYS)
