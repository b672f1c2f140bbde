"""Reminders of an e-learning course: the plan, whom the next one reaches, what went already."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.elearning import queries, reminders, renderings
from app.elearning.types import CourseRow
from app.infra import audit, clock
from app.kernel.japanese_dates import local_date
from app.web.console import bp
from app.web.console.forms.reminders import PlanForm
from app.web.console.reach import own_course
from app.web.parts.access import allow, current_actor, current_staff


@bp.get("/console/elearning/<int:course_id>/reminders/")
@allow(Permission.SEE_ELEARNING)
def elearning_reminders(course_id: int) -> ResponseReturnValue:
    """The plan, how many a reminder would reach today, and what went already."""
    return _page(own_course(course_id), PlanForm.of(queries.steps(course_id)))


@bp.post("/console/elearning/<int:course_id>/reminders/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_plan(course_id: int) -> ResponseReturnValue:
    """Save the plan."""
    course, form = own_course(course_id), PlanForm()
    if form.validate():
        reminders.plan(course_id, form.days(), by=current_actor(), now=clock.now())
        flash("お知らせの日を保存しました。", "success")
        return redirect(url_for("console.elearning_reminders", course_id=course_id), 303)
    return _page(course, form), 422


@bp.post("/console/elearning/<int:course_id>/reminders/send/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_remind(course_id: int) -> ResponseReturnValue:
    """Send the reminder that is due, now."""
    own_course(course_id)
    told = reminders.send(course_id, by=current_actor(), now=clock.now())
    flash(f"{told}人にお知らせを送ります。", "success")
    return redirect(url_for("console.elearning_reminders", course_id=course_id), 303)


def _page(course: CourseRow, form: PlanForm) -> str:
    now = clock.now()
    plan = reminders.preview(course.id, today=local_date(now))
    audit.note("course.previewed", "course", course.id, by=current_actor(), at=now)
    return render_template(
        "console/elearning/reminders.html",
        course=course,
        form=form,
        plan=plan,
        specimen=renderings.reminder({"course": course.id, "member": plan.told[0].id}) if plan.told else None,
        log=queries.reminder_log(course.id),
        editable=current_staff().can(Permission.MANAGE_ELEARNING),
    )
