"""What the survey says: which projects count, which are the same, totals, and how the years compare."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.documents.sheets import xlsx
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.questions.states import State
from app.surveys import board, listing, organizing, queries, rules
from app.web.console import bp
from app.web.console.forms.surveys import FiguresForm
from app.web.console.reach import own_survey
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import XLSX, attachment
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of


@bp.get("/console/surveys/<int:survey_id>/totals/")
@allow(Permission.SEE_SURVEYS)
def survey_totals(survey_id: int) -> ResponseReturnValue:
    """The figure of the year and the totals: of the answers that were accepted, with `?all=1` of all handed in."""
    found, everything = own_survey(survey_id), request.args.get("all") == "1"
    states = queries.HANDED_IN if everything else (State.ACCEPTED,)
    told = queries.collaborations(found.fiscal_year, states=states)
    return render_template(
        "console/surveys/totals.html",
        survey=found,
        told=told,
        everything=everything,
        totals=rules.totals(rules.countable(found.definition), told.projects),
        undecided=sum(pair.same is None for pair in board.pairs(found)),
        states=board.states([survey_id])[survey_id],
        editable=_editable(),
    )


@bp.get("/console/surveys/<int:survey_id>/rows.xlsx")
@allow(Permission.SEE_SURVEYS)
def survey_rows_xlsx(survey_id: int) -> Response:
    """Every project that was handed in as a workbook: a row a project, several options a column each."""
    found = own_survey(survey_id)
    told = queries.collaborations(found.fiscal_year, states=queries.HANDED_IN)
    content = xlsx(found.title, *listing.every_project(found, told))
    return attachment(content, f"{found.title}_{found.fiscal_year}.xlsx", XLSX, personal=True)


@bp.get("/console/surveys/<int:survey_id>/alike/")
@allow(Permission.SEE_SURVEYS)
def survey_alike(survey_id: int) -> ResponseReturnValue:
    """Projects of different sections that may be one, those first that nobody has decided yet."""
    return _alike_page(survey_id, BaseForm(formdata=None))


@bp.post("/console/surveys/<int:survey_id>/alike/")
@allow(Permission.MANAGE_SURVEYS)
def survey_alike_post(survey_id: int) -> ResponseReturnValue:
    """Decide one pair: `same=<one>:<other>` or `different=<one>:<other>`."""
    own_survey(survey_id)
    same, form = "same" in request.form, BaseForm()
    one, _, other = (request.form.get("same") or request.form.get("different") or "").partition(":")
    with form.refusals():
        pair = (id_of(one), id_of(other))
        organizing.decide(survey_id, pair, same=same, by=current_actor(), now=clock.now())
        flash("同じ事業として、1件に数えます。" if same else "別の事業として、それぞれ数えます。", "success")
        return redirect(url_for("console.survey_alike", survey_id=survey_id), 303)
    return _alike_page(survey_id, form), 422


@bp.get("/console/surveys/years/")
@allow(Permission.SEE_SURVEYS)
def survey_years() -> ResponseReturnValue:
    """How many projects each year had, and who says so."""
    return _years_page(FiguresForm(formdata=None))


@bp.post("/console/surveys/years/")
@allow(Permission.MANAGE_SURVEYS)
def survey_years_post() -> ResponseReturnValue:
    """Add the pasted figures, or put others in their place; `drop=<year>` takes one away."""
    form, by, now = FiguresForm(), current_actor(), clock.now()
    if "drop" in request.form:
        organizing.drop_figure(_typed_year(request.form["drop"]), by=by, now=now)
        flash("件数を削除しました。", "success")
        return redirect(url_for("console.survey_years"), 303)
    if form.validate():
        with form.refusals():
            read = organizing.read_figures(form.pasted.data or "", this_year=fiscal_year(now))
            flash(f"{organizing.set_figures(read, by=by, now=now)}年度の件数を保存しました。", "success")
            return redirect(url_for("console.survey_years"), 303)
    return _years_page(form), 422


def _typed_year(typed: str) -> int:
    """Raises NotFound for no typed figure."""
    year = id_of(typed)
    if year not in {row.fiscal_year for row in queries.figures()}:
        raise NotFound
    return year


def _alike_page(survey_id: int, form: BaseForm) -> str:
    found = own_survey(survey_id)
    return render_template(
        "console/surveys/alike.html", survey=found, form=form, pairs=board.pairs(found), editable=_editable()
    )


def _years_page(form: FiguresForm) -> str:
    return render_template(
        "console/surveys/years.html",
        form=form,
        trend=queries.trend(),
        typed=queries.figures(),
        editable=_editable(),
    )


def _editable() -> bool:
    return current_staff().can(Permission.MANAGE_SURVEYS)
