"""Proposals that groups handed in: read, checked, given back to be put right."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.documents import pdf
from app.infra import audit, clock
from app.proposals import checking, found, papers
from app.proposals.types import ProposalRow, ProposalState
from app.questions.carrying import rows_of, single_of, text_of
from app.web.console import bp
from app.web.console.forms.proposals import RemarkForm
from app.web.console.reach import own_programme, own_proposal
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of


@bp.get("/console/proposals/<int:programme_id>/received/")
@allow(Permission.SEE_PROPOSALS)
def programme_proposals(programme_id: int) -> ResponseReturnValue:
    """What the groups have begun and handed in; `?state=` and `?course=` narrow it down."""
    programme, every = own_programme(programme_id), found.lines(programme_id)
    state, course = request.args.get("state", ""), programme.course(id_of(request.args.get("course", "")))
    shown = [
        one
        for one in every
        if (state not in set(ProposalState) or one.state.value == state)
        and (course is None or one.course == course.name)
    ]
    return render_template(
        "console/proposals/received.html",
        programme=programme,
        form=BaseForm(formdata=None),
        lines=shown,
        counts=Counter(one.state for one in every),
        states=list(ProposalState),
        state=state,
        course=course,
    )


@bp.get("/console/proposals/received/<int:proposal_id>/")
@allow(Permission.SEE_PROPOSALS)
def received(proposal_id: int) -> ResponseReturnValue:
    """One proposal; that it was read is written down."""
    row = own_proposal(proposal_id)
    audit.note("proposal.read", "proposal", proposal_id, by=current_actor(), at=clock.now())
    return _page(row, RemarkForm(formdata=None))


@bp.get("/console/proposals/received/<int:proposal_id>/proposal.pdf")
@allow(Permission.SEE_PROPOSALS)
def received_pdf(proposal_id: int) -> Response:
    """The same on paper."""
    row, now = own_proposal(proposal_id), clock.now()
    audit.note("proposal.read", "proposal", proposal_id, by=current_actor(), at=now, fields=["pdf"])
    content = pdf.form_pdf(papers.sheet(row, now=now))
    return attachment(content, f"提案書_{row.reference}.pdf", "application/pdf", personal=True)


@bp.get("/console/proposals/received/<int:proposal_id>/attachments/<int:attachment_id>/")
@allow(Permission.SEE_PROPOSALS)
def received_file(proposal_id: int, attachment_id: int) -> Response:
    """A file beside it."""
    file, content = found.attachment(own_proposal(proposal_id).id, attachment_id)
    return attachment(content, file.file_name, file.media_type, personal=True)


@bp.post("/console/proposals/received/<int:proposal_id>/<any(check,'return'):step>/")
@allow(Permission.MANAGE_PROPOSALS)
def received_step(proposal_id: int, step: str) -> ResponseReturnValue:
    """The papers are in order, or something has to be put right."""
    row, form, by, now = own_proposal(proposal_id), RemarkForm(), current_actor(), clock.now()
    if form.validate():
        with form.refusals():
            if step == "check":
                checking.accept(proposal_id, by=by, now=now)
                flash("書類を確認済みにしました。", "success")
            else:
                checking.return_(proposal_id, form.remark.data or "", by=by, now=now)
                flash(_asked(row), "success")
            return redirect(url_for("console.received", proposal_id=proposal_id), 303)
    return _page(own_proposal(proposal_id), form), 422


@bp.post("/console/proposals/received/<int:proposal_id>/link/")
@allow(Permission.MANAGE_PROPOSALS)
def received_link(proposal_id: int) -> ResponseReturnValue:
    """Send the group its link again; nobody else sees it."""
    own_proposal(proposal_id)
    form = RemarkForm(formdata=None)
    with form.refusals():
        checking.send_link(proposal_id, by=current_actor(), now=clock.now())
        flash("提案書のページのアドレスを、団体へメールで送ります。", "success")
        return redirect(url_for("console.received", proposal_id=proposal_id), 303)
    return _page(own_proposal(proposal_id), form), 422


def _asked(row: ProposalRow) -> str:
    if row.applicant.email:
        return "補正を依頼しました。団体へメールを送ります。"
    return "補正の依頼を記録しました。メールアドレスがないため、お電話でお知らせください。"


def _page(row: ProposalRow, form: RemarkForm) -> str:
    return render_template(
        "console/proposals/one.html",
        row=row,
        programme=row.programme,
        form=form,
        sums=papers.sums(row),
        rows_of=rows_of,
        single_of=single_of,
        text_of=text_of,
        editable=current_staff().can(Permission.MANAGE_PROPOSALS),
    )
