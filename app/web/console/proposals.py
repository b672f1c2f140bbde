"""市民企画提案事業: the programme of each year, its courses, and the figures of the years."""

from __future__ import annotations

from itertools import groupby

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.events import queries as events
from app.events.types import EventRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.proposals import queries, rules, services
from app.proposals.types import CourseRow, ProgrammeRow
from app.web.console import bp
from app.web.console.forms.proposals import CourseForm, FigureForm, NewProgrammeForm, ProgrammeForm
from app.web.console.reach import own_programme
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm


@bp.get("/console/proposals/")
@allow(Permission.SEE_PROPOSALS)
def proposals() -> ResponseReturnValue:
    """The programmes of all years, and the figures."""
    return _list(FigureForm(formdata=None))


@bp.post("/console/proposals/figures/")
@allow(Permission.MANAGE_PROPOSALS)
def proposal_figure() -> ResponseReturnValue:
    """Keep a figure of a year before this service."""
    form = FigureForm()
    if form.validate():
        with form.refusals():
            services.remember_figure(form.to_figure(), by=current_actor(), now=clock.now())
            flash("件数を登録しました。", "success")
            return redirect(url_for("console.proposals"), 303)
    return _list(form), 422


@bp.get("/console/proposals/new/")
@allow(Permission.MANAGE_PROPOSALS)
def programme_new() -> ResponseReturnValue:
    """The form of a new programme."""
    return _new(NewProgrammeForm.offering(fiscal_year(clock.now())))


@bp.post("/console/proposals/new/")
@allow(Permission.MANAGE_PROPOSALS)
def programme_new_post() -> ResponseReturnValue:
    """Make it; residents do not see it yet."""
    form = NewProgrammeForm.offering(fiscal_year(clock.now()))
    if form.validate():
        with form.refusals():
            made = services.begin(form.year.data, current_staff().section, by=current_actor(), now=clock.now())
            flash("事業を作りました。日程と案内を確かめてから、公開してください。", "success")
            return redirect(url_for("console.programme_edit", programme_id=made), 303)
    return _new(form), 422


@bp.get("/console/proposals/<int:programme_id>/")
@allow(Permission.SEE_PROPOSALS)
def programme(programme_id: int) -> ResponseReturnValue:
    """Where the programme stands: its days, its words, what residents see."""
    return _overview(own_programme(programme_id), BaseForm(formdata=None))


@bp.get("/console/proposals/<int:programme_id>/edit/")
@allow(Permission.MANAGE_PROPOSALS)
def programme_edit(programme_id: int) -> ResponseReturnValue:
    """Words and days."""
    found = own_programme(programme_id)
    return _edit(found, ProgrammeForm.of(found, _briefings(found)))


@bp.post("/console/proposals/<int:programme_id>/edit/")
@allow(Permission.MANAGE_PROPOSALS)
def programme_edit_post(programme_id: int) -> ResponseReturnValue:
    """Save them."""
    programme = own_programme(programme_id)
    form = ProgrammeForm.of(programme, _briefings(programme))
    if form.validate():
        with form.refusals():
            services.edit(programme_id, form.to_details(), by=current_actor(), now=clock.now())
            flash("保存しました。", "success")
            return redirect(url_for("console.programme", programme_id=programme_id), 303)
    return _edit(programme, form), 422


@bp.get("/console/proposals/<int:programme_id>/courses/")
@allow(Permission.SEE_PROPOSALS)
def programme_courses(programme_id: int) -> ResponseReturnValue:
    """The courses."""
    return _courses(own_programme(programme_id), BaseForm(formdata=None))


@bp.get("/console/proposals/<int:programme_id>/courses/new/")
@allow(Permission.MANAGE_PROPOSALS)
def course_new(programme_id: int) -> ResponseReturnValue:
    """The form of one more course."""
    return _course(own_programme(programme_id), None, CourseForm())


@bp.post("/console/proposals/<int:programme_id>/courses/new/")
@allow(Permission.MANAGE_PROPOSALS)
def course_new_post(programme_id: int) -> ResponseReturnValue:
    """Add it."""
    programme, form = own_programme(programme_id), CourseForm()
    if form.validate():
        with form.refusals():
            services.add_course(programme_id, form.to_details(), by=current_actor(), now=clock.now())
            flash("コースを追加しました。", "success")
            return redirect(url_for("console.programme_courses", programme_id=programme_id), 303)
    return _course(programme, None, form), 422


@bp.get("/console/proposals/<int:programme_id>/courses/<int:course_id>/")
@allow(Permission.MANAGE_PROPOSALS)
def course_edit(programme_id: int, course_id: int) -> ResponseReturnValue:
    """A course with its bounds."""
    programme = own_programme(programme_id)
    course = _one(programme, course_id)
    return _course(programme, course, CourseForm.of(course))


@bp.post("/console/proposals/<int:programme_id>/courses/<int:course_id>/")
@allow(Permission.MANAGE_PROPOSALS)
def course_edit_post(programme_id: int, course_id: int) -> ResponseReturnValue:
    """Save it."""
    programme = own_programme(programme_id)
    course = _one(programme, course_id)
    form = CourseForm.of(course)
    if form.validate():
        with form.refusals():
            services.change_course(programme_id, course_id, form.to_details(), by=current_actor(), now=clock.now())
            flash("保存しました。", "success")
            return redirect(url_for("console.programme_courses", programme_id=programme_id), 303)
    return _course(programme, course, form), 422


@bp.post("/console/proposals/<int:programme_id>/courses/<int:course_id>/remove/")
@allow(Permission.MANAGE_PROPOSALS)
def course_remove(programme_id: int, course_id: int) -> ResponseReturnValue:
    """Take it away."""
    programme, form = own_programme(programme_id), BaseForm()
    with form.refusals():
        services.remove_course(programme_id, course_id, by=current_actor(), now=clock.now())
        flash("コースを削除しました。", "success")
        return redirect(url_for("console.programme_courses", programme_id=programme_id), 303)
    return _courses(programme, form), 422


@bp.post("/console/proposals/<int:programme_id>/publish/")
@allow(Permission.MANAGE_PROPOSALS)
def programme_publish(programme_id: int) -> ResponseReturnValue:
    """Let residents see it."""
    programme, form = own_programme(programme_id), BaseForm()
    with form.refusals():
        services.publish(programme_id, by=current_actor(), now=clock.now())
        flash("公開しました。", "success")
        return redirect(url_for("console.programme", programme_id=programme_id), 303)
    return _overview(programme, form), 422


def _list(form: FigureForm) -> str:
    figures = queries.all_figures()
    return render_template(
        "console/proposals/list.html",
        programmes=queries.programmes(current_staff().section),
        phase=rules.phase,
        today=local_date(clock.now()),
        years=[(year, list(rows)) for year, rows in groupby(figures, key=lambda one: one.fiscal_year)],
        form=form,
        editable=current_staff().can(Permission.MANAGE_PROPOSALS),
    )


def _new(form: NewProgrammeForm) -> str:
    earlier = queries.programmes(current_staff().section)
    return render_template("console/proposals/new.html", form=form, earlier=earlier[0] if earlier else None)


def _overview(programme: ProgrammeRow, form: BaseForm) -> str:
    today = local_date(clock.now())
    return render_template(
        "console/proposals/programme.html",
        programme=programme,
        form=form,
        phase=rules.phase(programme.dates, today),
        words=rules.DAYS,
        today=today,
        briefing=queries.briefing_slug(programme),
        editable=current_staff().can(Permission.MANAGE_PROPOSALS),
    )


def _edit(programme: ProgrammeRow, form: ProgrammeForm) -> str:
    return render_template("console/proposals/edit.html", programme=programme, form=form, days=queries.DAYS)


def _courses(programme: ProgrammeRow, form: BaseForm) -> str:
    return render_template(
        "console/proposals/courses.html",
        programme=programme,
        form=form,
        editable=current_staff().can(Permission.MANAGE_PROPOSALS),
    )


def _course(programme: ProgrammeRow, course: CourseRow | None, form: CourseForm) -> str:
    return render_template("console/proposals/course.html", programme=programme, course=course, form=form)


def _one(programme: ProgrammeRow, course_id: int) -> CourseRow:
    course = programme.course(course_id)
    if course is None:
        raise NotFound
    return course


def _briefings(programme: ProgrammeRow) -> list[EventRow]:
    """What can be the briefing: the section's events to come, and the one that was chosen before."""
    found = events.to_come(programme.section, now=clock.now())
    if programme.briefing_event_id is not None and all(one.id != programme.briefing_event_id for one in found):
        found.append(events.by_id(programme.briefing_event_id))
    return found
