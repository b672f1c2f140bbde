"""Single people of a mandated training: exempt, taught elsewhere; and its reminders: plan, next one, log."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.compliance import queries, reminders, renderings, services
from app.compliance.types import RequirementRow, Standing
from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.web.console import bp
from app.web.console.forms.compliance import ElsewhereForm, ExemptionForm
from app.web.console.forms.reminders import PlanForm
from app.web.console.reach import own_requirement
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm


@bp.get("/console/compliance/<int:requirement_id>/people/<int:member_id>/")
@allow(Permission.SEE_COMPLIANCE)
def requirement_case(requirement_id: int, member_id: int) -> ResponseReturnValue:
    """One person: where they stand, what was decided, when they were reminded."""
    return _case(own_requirement(requirement_id), member_id, ExemptionForm(), ElsewhereForm())


@bp.post("/console/compliance/<int:requirement_id>/people/<int:member_id>/exempt/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_exempt(requirement_id: int, member_id: int) -> ResponseReturnValue:
    """Let them off."""
    own, form = own_requirement(requirement_id), ExemptionForm()
    _standing(own, member_id)
    if form.validate():
        with form.refusals():
            reason = form.reason.data or ""
            services.exempt(requirement_id, member_id, reason, by=current_actor(), now=clock.now())
            return _back(requirement_id, member_id, "免除を記録しました。")
    return _case(own, member_id, form, ElsewhereForm(formdata=None)), 422


@bp.post("/console/compliance/<int:requirement_id>/people/<int:member_id>/elsewhere/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_elsewhere(requirement_id: int, member_id: int) -> ResponseReturnValue:
    """They took another training."""
    own, form = own_requirement(requirement_id), ElsewhereForm()
    _standing(own, member_id)
    if form.validate():
        with form.refusals():
            day, note = form.taken_on, form.note.data or ""
            services.record_elsewhere(requirement_id, member_id, day, note, by=current_actor(), now=clock.now())
            return _back(requirement_id, member_id, "他の研修の受講を記録しました。")
    return _case(own, member_id, ExemptionForm(formdata=None), form), 422


@bp.post("/console/compliance/<int:requirement_id>/people/<int:member_id>/<any(exempt,elsewhere):what>/take-back/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_take_back(requirement_id: int, member_id: int, what: str) -> ResponseReturnValue:
    """What was recorded does not hold."""
    own_requirement(requirement_id)
    verb = services.take_back_exemption if what == "exempt" else services.take_back_elsewhere
    verb(requirement_id, member_id, by=current_actor(), now=clock.now())
    return _back(requirement_id, member_id, "記録を取り消しました。")


@bp.get("/console/compliance/<int:requirement_id>/reminders/")
@allow(Permission.SEE_COMPLIANCE)
def requirement_reminders(requirement_id: int) -> ResponseReturnValue:
    """The plan, whom a reminder would reach today and whom not and why, and what went already."""
    return _reminders(own_requirement(requirement_id), PlanForm.of(queries.steps(requirement_id)))


@bp.post("/console/compliance/<int:requirement_id>/reminders/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_plan(requirement_id: int) -> ResponseReturnValue:
    """Save the plan."""
    own, form = own_requirement(requirement_id), PlanForm()
    if form.validate():
        services.plan(requirement_id, form.days(), by=current_actor(), now=clock.now())
        flash("お知らせの日を保存しました。", "success")
        return redirect(url_for("console.requirement_reminders", requirement_id=requirement_id), 303)
    return _reminders(own, form), 422


@bp.post("/console/compliance/<int:requirement_id>/reminders/<any(send,end):step>/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_reminders_step(requirement_id: int, step: str) -> ResponseReturnValue:
    """Send the reminder that is due, or end the requirement so that none goes any more."""
    own_requirement(requirement_id)
    if step == "send":
        told = reminders.send(requirement_id, by=current_actor(), now=clock.now())
        flash(f"{told}人にお知らせを送ります。", "success")
    else:
        services.end(requirement_id, by=current_actor(), now=clock.now())
        flash("必修研修を終了しました。お知らせは、もう送りません。", "success")
    return redirect(url_for("console.requirement_reminders", requirement_id=requirement_id), 303)


def _standing(own: RequirementRow, member_id: int) -> Standing:
    """Where somebody stands whom the requirement binds, or bound for a part of the year. Raises NotFound."""
    for _own, line in queries.lines_about([own], [member_id], today=local_date(clock.now())):
        if (found := line.standing_of(member_id)) is not None:
            return found
    raise NotFound


def _back(requirement_id: int, member_id: int, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("console.requirement_case", requirement_id=requirement_id, member_id=member_id), 303)


def _case(own: RequirementRow, member_id: int, exemption: ExemptionForm, elsewhere: ElsewhereForm) -> str:
    standing = _standing(own, member_id)
    return render_template(
        "console/compliance/case.html",
        one=own,
        person=org.member(member_id, on=local_date(clock.now())),
        standing=standing,
        case=queries.case(own.id, member_id),
        exemption=exemption,
        elsewhere=elsewhere,
        refused=exemption if exemption.errors else elsewhere,
        editable=current_staff().can(Permission.MANAGE_COMPLIANCE),
    )


def _reminders(own: RequirementRow, form: BaseForm) -> str:
    now = clock.now()
    plan = reminders.preview(own.id, today=local_date(now))
    audit.note("requirement.previewed", "requirement", own.id, by=current_actor(), at=now)
    return render_template(
        "console/compliance/reminders.html",
        one=own,
        form=form,
        plan=plan,
        specimen=renderings.specimen(own.id, plan.told[0].person.id) if plan.told else None,
        reasons=Counter(left.reason for left in plan.left_out),
        log=queries.reminder_log(own.id),
        editable=current_staff().can(Permission.MANAGE_COMPLIANCE),
    )
