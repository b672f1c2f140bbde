"""報告: what the adopted groups reported, read and accepted or given back; looking back beside the group."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON
from app.proposals import found, reporting, reports, reviews, shipped
from app.proposals.errors import Incomplete
from app.proposals.report_types import ReportKind, Side
from app.proposals.screening_types import Outcome
from app.proposals.types import ProgrammeRow, ProposalLine, ProposalRow, ProposalState
from app.questions.carrying import rows_of, single_of, text_of
from app.questions.types import Problem
from app.web.console import bp
from app.web.console.forms.proposals import RemarkForm
from app.web.console.reach import own_programme, own_proposal
from app.web.parts import question_fields as fields
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm


@bp.get("/console/proposals/<int:programme_id>/reports/")
@allow(Permission.SEE_PROPOSALS)
def programme_reports(programme_id: int) -> ResponseReturnValue:
    """The projects that are carried out, with their reports and who has looked back."""
    programme = own_programme(programme_id)
    lines = _carried_out(programme)
    return render_template(
        "console/proposals/reports.html",
        programme=programme,
        form=BaseForm(formdata=None),
        lines=lines,
        kinds=list(ReportKind),
        reports=reports.of_all(one.id for one in lines),
        reflected=reports.reflected(one.id for one in lines),
        today=local_date(clock.now()),
    )


@bp.get("/console/proposals/received/<int:proposal_id>/reports/<any(interim,final):kind>/")
@allow(Permission.SEE_PROPOSALS)
def project_report(proposal_id: int, kind: str) -> ResponseReturnValue:
    """One report."""
    return _report(own_proposal(proposal_id), ReportKind(kind), RemarkForm(formdata=None))


@bp.post("/console/proposals/received/<int:proposal_id>/reports/<any(interim,final):kind>/<any(accept,'return'):step>/")
@allow(Permission.MANAGE_PROPOSALS)
def project_report_step(proposal_id: int, kind: str, step: str) -> ResponseReturnValue:
    """Accept it, or have something put right."""
    row, which, form, by, now = own_proposal(proposal_id), ReportKind(kind), RemarkForm(), current_actor(), clock.now()
    if form.validate():
        with form.refusals():
            if step == "accept":
                reporting.accept(proposal_id, which, by=by, now=now)
                flash("報告書を受理しました。", "success")
            else:
                reporting.return_(proposal_id, which, form.remark.data or "", by=by, now=now)
                flash("補正を依頼しました。", "success")
            return redirect(url_for("console.project_report", proposal_id=proposal_id, kind=kind), 303)
    return _report(row, which, form), 422


@bp.get("/console/proposals/received/<int:proposal_id>/reflection/")
@allow(Permission.SEE_PROPOSALS)
def project_reflection(proposal_id: int) -> ResponseReturnValue:
    """Both sides' answers to the same questions, and the form of the city's."""
    return _reflection(own_proposal(proposal_id))


@bp.post("/console/proposals/received/<int:proposal_id>/reflection/")
@allow(Permission.MANAGE_PROPOSALS)
def project_reflection_post(proposal_id: int) -> ResponseReturnValue:
    """Look back for the city."""
    row = own_proposal(proposal_id)
    typed = fields.typed_answers(shipped.definition(reports.REFLECTION), request.form)
    try:
        reporting.reflect_for_city(proposal_id, typed, by=current_actor(), now=clock.now())
    except Incomplete as refusal:
        return _reflection(row, typed, refusal.problems), 422
    flash("ふりかえりを保存しました。", "success")
    return redirect(url_for("console.project_reflection", proposal_id=proposal_id), 303)


def _carried_out(programme: ProgrammeRow) -> list[ProposalLine]:
    lines = [one for one in found.lines(programme.id) if one.state is ProposalState.CHECKED]
    decided = reviews.decisions(one.id for one in lines)
    return [
        one
        for one in lines
        if one.id in decided
        and decided[one.id].told_at is not None
        and decided[one.id].draft.outcome is not Outcome.DECLINED
    ]


def _report(row: ProposalRow, kind: ReportKind, form: RemarkForm) -> str:
    reports.carried_out_by_id(row.id)
    return render_template(
        "console/proposals/report.html",
        row=row,
        programme=row.programme,
        report=reports.one(row.id, kind),
        asked=reports.definition(kind),
        due_on=reports.due_on(row, kind),
        form=form,
        rows_of=rows_of,
        single_of=single_of,
        text_of=text_of,
        editable=current_staff().can(Permission.MANAGE_PROPOSALS),
    )


def _reflection(row: ProposalRow, typed: dict[str, JSON] | None = None, problems: tuple[Problem, ...] = ()) -> str:
    reports.carried_out_by_id(row.id)
    said, asked = reports.reflections(row.id), shipped.definition(reports.REFLECTION)
    own = said.get(Side.CITY)
    answers = typed if typed is not None else own.answers if own else {}
    return render_template(
        "console/proposals/reflection.html",
        row=row,
        programme=row.programme,
        asked=asked,
        said=said,
        sides=list(Side),
        single_of=single_of,
        text_of=text_of,
        editable=current_staff().can(Permission.MANAGE_PROPOSALS),
        **fields.shown(asked, answers, problems),
    )
