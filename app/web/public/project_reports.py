"""The group's reports of a project that was adopted, and its looking back, by its secret link."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from app.infra import clock
from app.kernel.errors import Refusal
from app.kernel.types import JSON
from app.proposals import reporting, reports, shipped
from app.proposals.errors import Incomplete
from app.proposals.report_types import ReportKind, Side
from app.questions.carrying import rows_of, single_of, text_of
from app.questions.types import Problem
from app.questions.validate import check
from app.web.parts import question_fields as fields
from app.web.parts.access import ANYONE, allow
from app.web.parts.guards import csrf, takes_fields
from app.web.parts.limits import APPLY, counted_misses, hit
from app.web.parts.pages import id_of
from app.web.public import bp
from app.web.public.proposing import MOST_FIELDS, Answer


@bp.get("/proposal/<token>/reports/<any(interim,final):kind>/")
@allow(ANYONE)
def project_report(token: str, kind: str) -> Answer:
    """The report, to be written while it may be."""
    return _page(token, ReportKind(kind))


@bp.post("/proposal/<token>/reports/<any(interim,final):kind>/")
@csrf.exempt
@allow(ANYONE)
@takes_fields(MOST_FIELDS)
def project_report_post(token: str, kind: str) -> Answer:
    """Keep what was typed; with `do` also add or remove a row, or hand it in."""
    hit(APPLY)
    which = ReportKind(kind)
    with counted_misses():
        reports.carried_out(token)
    typed = fields.typed_answers(reports.definition(which), request.form)
    doing, _, place = request.form.get("do", "save").partition(":")
    version, now = id_of(request.form.get("version", "")), clock.now()
    try:
        saved = reporting.save(token, which, fields.rearranged(typed, doing, place), version=version, now=now)
        if doing == "submit":
            reporting.submit(token, which, version=saved.version, now=now)
    except Incomplete as refusal:
        return _page(token, which, problems=refusal.problems), 422
    except Refusal as refusal:
        return _page(token, which, typed=typed, problem=refusal.message), 409
    if doing in {"save", "submit"}:
        flash("報告書を提出しました。" if doing == "submit" else "保存しました。", "success")
    anchor = f"section-{place.partition(':')[0]}-end" if doing == "add" else None
    return redirect(url_for("public.project_report", token=token, kind=kind, _anchor=anchor), 303)


@bp.get("/proposal/<token>/reflection/")
@allow(ANYONE)
def project_reflection(token: str) -> Answer:
    """The questions; once they are answered, the city's answers beside one's own."""
    return _reflection(token)


@bp.post("/proposal/<token>/reflection/")
@csrf.exempt
@allow(ANYONE)
def project_reflection_post(token: str) -> Answer:
    """Look back."""
    hit(APPLY)
    typed = fields.typed_answers(shipped.definition(reports.REFLECTION), request.form)
    with counted_misses():
        reports.carried_out(token)
    try:
        reporting.reflect(token, typed, now=clock.now())
    except Incomplete as refusal:
        return _reflection(token, typed, refusal.problems), 422
    flash("ふりかえりを保存しました。", "success")
    return redirect(url_for("public.project_reflection", token=token), 303)


def _page(
    token: str,
    kind: ReportKind,
    *,
    problems: tuple[Problem, ...] = (),
    typed: dict[str, JSON] | None = None,
    problem: str = "",
) -> str:
    with counted_misses():
        row, decision = reports.carried_out(token)
    current, asked = reports.one(row.id, kind), reports.definition(kind)
    answers = current.answers if typed is None else check(asked, typed, complete=False).answers
    return render_template(
        "public/proposals/report.html",
        row=row,
        token=token,
        decision=decision,
        report=current,
        asked=asked,
        due_on=reports.due_on(row, kind),
        problem=problem,
        reading={"rows_of": rows_of, "single_of": single_of, "text_of": text_of},
        **fields.shown(asked, answers, problems),
    )


def _reflection(token: str, typed: dict[str, JSON] | None = None, problems: tuple[Problem, ...] = ()) -> str:
    with counted_misses():
        row, _decision = reports.carried_out(token)
    said, asked = reports.reflections(row.id), shipped.definition(reports.REFLECTION)
    own = said.get(Side.GROUP)
    answers = typed if typed is not None else own.answers if own else {}
    return render_template(
        "public/proposals/reflection.html",
        row=row,
        token=token,
        asked=asked,
        said=said if own else {},
        sides=list(Side),
        single_of=single_of,
        text_of=text_of,
        **fields.shown(asked, answers, problems),
    )
