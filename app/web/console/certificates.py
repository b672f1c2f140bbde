"""Certificates (修了証) of a training: who is due one, what was issued, all of them on paper."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.attendance import certificates as certifying
from app.attendance import ledger
from app.attendance.types import CertificateRow
from app.documents import pdf
from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.web.console import bp
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.fields import MultiLineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Needed, NoLongerThan

ADDRESS = "/console/events/<int:event_id>/certificates/<int:certificate_id>/withdraw/"


class WithdrawForm(BaseForm):
    """Why a certificate holds no more; its owner reads it."""

    reason = MultiLineField("取り消す理由", validators=[Needed(), NoLongerThan(400)])


@bp.get("/console/events/<int:event_id>/certificates/")
@allow(Permission.EXPORT)
def certificates(event_id: int) -> ResponseReturnValue:
    """Before anything is issued: how many would be, and to whom; then the ledger of this training."""
    event = own_event(event_id)
    due = [registration.name for registration, _starts_at in ledger.due(event_id)]
    issued = ledger.of_event(event_id)
    audit.note(
        "certificate.listed", "event", event_id, by=current_actor(), at=clock.now(), fields=[f"rows={len(issued)}"]
    )
    return render_template(
        "console/certificates.html",
        event=event,
        due=due,
        issued=issued,
        valid=[one for one in issued if not one.revoked_reason],
        issuer=issuer(),
        may_issue=current_staff().can(Permission.EDIT_REGISTRATIONS),
    )


@bp.post("/console/events/<int:event_id>/certificates/")
@allow(Permission.EDIT_REGISTRATIONS)
def certificates_post(event_id: int) -> ResponseReturnValue:
    """Issue what is due; who has one keeps it."""
    own_event(event_id)
    count = certifying.issue(event_id, issuer=issuer(), by=current_actor(), now=clock.now())
    flash(f"修了証を{count}人に発行しました。" if count else "新しく発行する人はいません。", "success")
    return redirect(url_for("console.certificates", event_id=event_id), 303)


@bp.get("/console/events/<int:event_id>/certificates.pdf")
@allow(Permission.EXPORT)
def certificates_pdf(event_id: int) -> ResponseReturnValue:
    """All valid ones, a page each. Raises NotFound where none is."""
    own_event(event_id)
    rows = [one for one in ledger.of_event(event_id) if not one.revoked_reason]
    if not rows:
        raise NotFound
    fields = [f"rows={len(rows)}"]
    audit.note("certificate.printed", "event", event_id, by=current_actor(), at=clock.now(), fields=fields)
    content = pdf.certificates_pdf(certifying.sheets(rows))
    return attachment(content, "修了証.pdf", "application/pdf", personal=True)


@bp.get(ADDRESS)
@allow(Permission.EDIT_REGISTRATIONS)
def certificate_withdraw(event_id: int, certificate_id: int) -> ResponseReturnValue:
    """Ask why before one is withdrawn."""
    event, one = own_event(event_id), _valid(event_id, certificate_id)
    return render_template("console/certificate_withdraw.html", event=event, one=one, form=WithdrawForm())


@bp.post(ADDRESS)
@allow(Permission.EDIT_REGISTRATIONS)
def certificate_withdraw_post(event_id: int, certificate_id: int) -> ResponseReturnValue:
    """Withdraw it; the ledger keeps number and reason."""
    event, one = own_event(event_id), _valid(event_id, certificate_id)
    form = WithdrawForm()
    if form.validate():
        certifying.withdraw(one.id, form.reason.data or "", by=current_actor(), now=clock.now())
        flash(f"{one.number_text}の修了証を取り消しました。", "success")
        return redirect(url_for("console.certificates", event_id=event_id), 303)
    return render_template("console/certificate_withdraw.html", event=event, one=one, form=form), 422


def _valid(event_id: int, certificate_id: int) -> CertificateRow:
    for one in ledger.of_event(event_id):
        if one.id == certificate_id and not one.revoked_reason:
            return one
    raise NotFound


def issuer() -> str:
    """Who signs."""
    signs: str = current_app.config["TSUDOI"].certificate_issuer
    return signs
