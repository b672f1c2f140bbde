"""The worksheets of a year: made, opened to the sections, and how far each section has come."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.questions.states import State
from app.web.console import bp
from app.web.console.forms.worksheets import NewTemplateForm, TemplateForm
from app.web.console.reach import own_template
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of
from app.worksheets import queries, templates
from app.worksheets.types import BoardRow, TemplateRow

# Where a section can be, in the order of the way: the word in the address, the word on the page.
PLACES = {"none": "未着手", **{state.value: state.word for state in State}}


@bp.get("/console/worksheets/")
@allow(Permission.SEE_WORKSHEETS)
def worksheets() -> ResponseReturnValue:
    """The worksheets of a fiscal year, each with how far the sections have come."""
    section, this_year = current_staff().section, fiscal_year(clock.now())
    year = id_of(request.args.get("year", "")) or this_year
    found = queries.templates(year, section=section)
    states = queries.states(one.id for one in found)
    counts = {one.id: Counter(state for (owner, _), state in states.items() if owner == one.id) for one in found}
    return render_template(
        "console/worksheets/list.html",
        year=year,
        years=sorted({*queries.years(section), this_year}, reverse=True),
        templates=found,
        counts=counts,
        states=list(State),
        must=len(queries.who_must(year)),
        editable=current_staff().can(Permission.MANAGE_WORKSHEETS),
    )


@bp.get("/console/worksheets/new/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_template_new() -> ResponseReturnValue:
    """The form of a new worksheet."""
    return _new_page(NewTemplateForm.offering(_earlier()))


@bp.post("/console/worksheets/new/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_template_new_post() -> ResponseReturnValue:
    """Make it; the sections do not see it yet."""
    earlier = _earlier()
    form = NewTemplateForm.offering(earlier)
    if form.validate():
        with form.refusals():
            draft = form.to_draft(fiscal_year(clock.now()), current_staff().section, earlier)
            made = templates.draft(draft, by=current_actor(), now=clock.now())
            flash("様式を作りました。設問を確かめてから、各課に公開してください。", "success")
            return redirect(url_for("console.worksheet_questions", template_id=made), 303)
    return _new_page(form), 422


@bp.get("/console/worksheets/<int:template_id>/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_board(template_id: int) -> ResponseReturnValue:
    """Every section with how far it has come; `?state=` and `?department=` narrow it down."""
    return _board(own_template(template_id), BaseForm(formdata=None))


@bp.get("/console/worksheets/<int:template_id>/edit/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_template_edit(template_id: int) -> ResponseReturnValue:
    """Title, due date, approval."""
    template = own_template(template_id)
    return render_template("console/worksheets/edit.html", template=template, form=TemplateForm.of(template))


@bp.post("/console/worksheets/<int:template_id>/edit/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_template_edit_post(template_id: int) -> ResponseReturnValue:
    """Save them."""
    template, form = own_template(template_id), TemplateForm()
    if form.validate():
        with form.refusals():
            templates.edit(template_id, form.to_details(), by=current_actor(), now=clock.now())
            flash("保存しました。", "success")
            return redirect(url_for("console.worksheet_board", template_id=template_id), 303)
    return render_template("console/worksheets/edit.html", template=template, form=form), 422


@bp.post("/console/worksheets/<int:template_id>/<any(open,close):step>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_template_step(template_id: int, step: str) -> ResponseReturnValue:
    """Let the sections write, or no longer."""
    template, form = own_template(template_id), BaseForm()
    verb = templates.open_ if step == "open" else templates.close
    with form.refusals():
        verb(template_id, by=current_actor(), now=clock.now())
        flash("各課に公開しました。" if step == "open" else "受付を終了しました。", "success")
        return redirect(url_for("console.worksheet_board", template_id=template_id), 303)
    return _board(template, form), 422


def _board(template: TemplateRow, form: BaseForm) -> str:
    rows = queries.board(template.id, today=local_date(clock.now()))
    departments = dict.fromkeys(row.department for row in rows)
    place, department = request.args.get("state", ""), request.args.get("department", "")
    shown = [
        row
        for row in rows
        if (place not in PLACES or _place(row) == place) and (not department or row.department == department)
    ]
    return render_template(
        "console/worksheets/board.html",
        template=template,
        form=form,
        rows=shown,
        total=len(rows),
        counts=Counter(_place(row) for row in rows),
        places=PLACES,
        place=place,
        departments=departments,
        department=department,
        editable=current_staff().can(Permission.MANAGE_WORKSHEETS),
    )


def _place(row: BoardRow) -> str:
    return row.state.value if row.state is not None else "none"


def _earlier() -> list[TemplateRow]:
    return queries.templates(fiscal_year(clock.now()) - 1, section=current_staff().section)


def _new_page(form: NewTemplateForm) -> str:
    return render_template("console/worksheets/new.html", form=form, year=fiscal_year(clock.now()))
