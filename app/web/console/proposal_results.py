"""採否: what is decided of each proposal, with reasons; the letters; telling the groups."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.documents import pdf
from app.documents.csv_text import csv_bytes
from app.documents.sheets import xlsx
from app.documents.types import Encoding
from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.proposals import budget, deciding, found, papers, reviews, tables
from app.proposals.services import PROGRAMME
from app.proposals.types import ProgrammeRow, ProposalRow, ProposalState
from app.web.console import bp
from app.web.console.forms.screening import DecisionForm
from app.web.console.reach import own_programme, own_proposal
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import XLSX, attachment
from app.web.parts.forms import BaseForm


@bp.get("/console/proposals/<int:programme_id>/results/")
@allow(Permission.SEE_PROPOSALS)
def programme_results(programme_id: int) -> ResponseReturnValue:
    """Each proposal with its scores and what was decided."""
    return _list(own_programme(programme_id), BaseForm(formdata=None))


@bp.post("/console/proposals/<int:programme_id>/results/tell/")
@allow(Permission.MANAGE_PROPOSALS)
def results_tell(programme_id: int) -> ResponseReturnValue:
    """Tell the groups; residents see what was adopted."""
    programme, form = own_programme(programme_id), BaseForm()
    with form.refusals():
        told = deciding.tell(programme_id, by=current_actor(), now=clock.now())
        flash(f"{told}件の結果を通知しました。メールアドレスのない団体には、通知書を郵送してください。", "success")
        return redirect(url_for("console.programme_results", programme_id=programme_id), 303)
    return _list(programme, form), 422


@bp.get("/console/proposals/<int:programme_id>/results/letters.pdf")
@allow(Permission.SEE_PROPOSALS)
def results_letters(programme_id: int) -> Response:
    """The letters to all groups whose proposal is decided. Raises NotFound where there is none."""
    programme, now = own_programme(programme_id), clock.now()
    lines = [one for one in found.lines(programme.id) if one.state is ProposalState.CHECKED]
    decided = reviews.decisions(one.id for one in lines)
    rows = [(found.by_id(one.id), decided[one.id]) for one in lines if one.id in decided]
    if not rows:
        raise NotFound
    fields, by = [f"rows={len(rows)}", "pdf"], current_actor()
    audit.note("proposal_programme.letters_printed", PROGRAMME, programme_id, by=by, at=now, fields=fields)
    content = pdf.letters_pdf(papers.result_letters(rows, now=now))
    return attachment(content, "審査結果の通知書.pdf", "application/pdf", personal=True)


@bp.get("/console/proposals/<int:programme_id>/results.<any(csv,xlsx):kind>")
@allow(Permission.SEE_PROPOSALS)
def results_file(programme_id: int, kind: str) -> Response:
    """Scores of closed rounds and decisions as a file."""
    rows = tables.results(own_programme(programme_id))
    fields, by = [f"rows={len(rows)}", kind], current_actor()
    audit.note("proposal_programme.results_exported", PROGRAMME, programme_id, by=by, at=clock.now(), fields=fields)
    if kind == "xlsx":
        return attachment(xlsx("審査の結果と採否", tables.HEADER, rows), "審査の結果と採否.xlsx", XLSX, personal=True)
    content = csv_bytes(tables.HEADER, rows, encoding=Encoding.UTF8).content
    return attachment(content, "審査の結果と採否.csv", "text/csv; charset=utf-8", personal=True)


@bp.get("/console/proposals/received/<int:proposal_id>/decision/")
@allow(Permission.MANAGE_PROPOSALS)
def decision(proposal_id: int) -> ResponseReturnValue:
    """The form of the decision."""
    row = own_proposal(proposal_id)
    return _page(row, _form(row))


@bp.post("/console/proposals/received/<int:proposal_id>/decision/")
@allow(Permission.MANAGE_PROPOSALS)
def decision_post(proposal_id: int) -> ResponseReturnValue:
    """Decide."""
    row = own_proposal(proposal_id)
    form = _form(row)
    if form.validate():
        with form.refusals():
            deciding.decide(proposal_id, form.to_draft(), by=current_actor(), now=clock.now())
            flash("採否を記録しました。", "success")
            return redirect(url_for("console.programme_results", programme_id=row.programme.id), 303)
    return _page(row, form), 422


def _form(row: ProposalRow) -> DecisionForm:
    known = reviews.decisions([row.id]).get(row.id)
    return DecisionForm.of(known, budget.sums(row.programme.definition, row.answers, row.course).grant)


def _list(programme: ProgrammeRow, form: BaseForm) -> str:
    lines = [one for one in found.lines(programme.id) if one.state is ProposalState.CHECKED]
    rounds = [one for one in reviews.rounds(programme.id) if one.closed_at]
    decided = reviews.decisions(one.id for one in lines)
    return render_template(
        "console/proposals/results.html",
        programme=programme,
        form=form,
        lines=lines,
        scores=[(one, {score.proposal_id: score for score in reviews.scores(one)}) for one in rounds],
        decisions=decided,
        untold=sum(1 for one in decided.values() if one.told_at is None),
        editable=current_staff().can(Permission.MANAGE_PROPOSALS),
    )


def _page(row: ProposalRow, form: DecisionForm) -> str:
    closed = [one for one in reviews.rounds(row.programme.id) if one.closed_at]
    own = [(one, score) for one in closed for score in reviews.scores(one) if score.proposal_id == row.id]
    comments = [
        (one, sheet.comment)
        for one in closed
        for sheet in reviews.sheets(one.id)
        if sheet.proposal_id == row.id and sheet.counted and sheet.comment
    ]
    return render_template(
        "console/proposals/decision.html",
        row=row,
        programme=row.programme,
        form=form,
        scores=own,
        comments=comments,
        sums=papers.sums(row),
        known=reviews.decisions([row.id]).get(row.id),
    )
