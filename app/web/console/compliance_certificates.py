"""Certificates of a mandated training: who would get one and who not and why, then for all of them at once."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.compliance import certifying
from app.compliance.types import RequirementRow
from app.infra import audit, clock
from app.kernel.japanese_dates import local_date
from app.web.console import bp
from app.web.console.certificates import WithdrawForm, issuer
from app.web.console.reach import own_requirement
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm

ADDRESS = "/console/compliance/<int:requirement_id>/certificates/"


@bp.get(ADDRESS)
@allow(Permission.SEE_COMPLIANCE)
def requirement_certificates(requirement_id: int) -> ResponseReturnValue:
    """Before anything is issued: how many would be, to whom, and who is left out."""
    return _page(own_requirement(requirement_id))


@bp.post(ADDRESS)
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_certificates_post(requirement_id: int) -> ResponseReturnValue:
    """Issue what the page showed; a plan that changed meanwhile is shown again."""
    own, form = own_requirement(requirement_id), BaseForm()
    with form.refusals():
        count = certifying.issue(own.id, seen=_seen(), issuer=issuer(), by=current_actor(), now=clock.now())
        return _back(own, f"修了証を{count}人に発行しました。" if count else "新しく発行する人はいません。")
    return _page(own, form), 422


@bp.post(f"{ADDRESS}withdraw/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_certificates_withdraw(requirement_id: int) -> ResponseReturnValue:
    """Withdraw those of people who have not completed it any more."""
    own, form = own_requirement(requirement_id), WithdrawForm()
    if form.validate():
        with form.refusals():
            reason, actor, now = form.reason.data or "", current_actor(), clock.now()
            count = certifying.withdraw_unfounded(own.id, reason, seen=_seen(), by=actor, now=now)
            return _back(own, f"修了証を{count}枚取り消しました。")
    return _page(own, form), 422


def _seen() -> str:
    return request.form.get("plan", "")


def _back(own: RequirementRow, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("console.requirement_certificates", requirement_id=own.id), 303)


def _page(own: RequirementRow, form: BaseForm | None = None) -> str:
    now, staff = clock.now(), current_staff()
    plan = certifying.plan(own.id, today=local_date(now))
    audit.note("certificate.listed", "requirement", own.id, by=staff.actor, at=now, fields=[f"rows={len(plan.due)}"])
    return render_template(
        "console/compliance/certificates.html",
        one=own,
        form=form or BaseForm(formdata=None),
        withdrawing=form if isinstance(form, WithdrawForm) else WithdrawForm(formdata=None),
        plan=plan,
        reasons=Counter(left.reason for left in plan.left_out),
        issuer=issuer(),
        may_issue=staff.can(Permission.MANAGE_COMPLIANCE),
        may_print=staff.can(Permission.EXPORT),
    )
