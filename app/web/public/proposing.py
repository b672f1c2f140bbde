"""A group's proposal: begun without an account, gone on with by its secret link, handed in.

The link is the secret that no other site knows, so that its forms ask for no token: an hour's writing is not lost
because a page was open overnight.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.documents import pdf
from app.documents.errors import WrongFile
from app.documents.sniffing import ACCEPT, LARGEST
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON
from app.proposals import applying, found, papers, queries, reports, reviews, rules
from app.proposals.errors import ChangedMeanwhile, Incomplete
from app.proposals.types import Phase, ProgrammeRow, ProposalRow, ThemeRow
from app.questions.carrying import rows_of, single_of, text_of
from app.questions.types import Problem
from app.questions.validate import check
from app.web.parts import question_fields as fields
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.parts.forms import BaseForm
from app.web.parts.guards import csrf, takes_body, takes_fields
from app.web.parts.limits import APPLY, PROPOSE_ADDRESS, PROPOSE_EMAIL, UPLOAD, counted_misses, hit
from app.web.parts.pages import id_of
from app.web.public import bp, submission
from app.web.public.proposal_form import ApplicantForm, StartForm, needs_theme

Answer = str | tuple[str, int] | Response

# Ninety rows and all their fields.
MOST_FIELDS = 1_200
BODY = LARGEST + 1024 * 1024
NEW = "proposals"
EXPIRED = "ページを開いてから時間がたったため、もう一度送信してください。入力した内容は残っています。"


@bp.get("/proposals/<int:year>/apply/")
@allow(ANYONE)
def proposal_start(year: int) -> Answer:
    """Who proposes, for which course."""
    programme, themes = _open(year)
    form = StartForm.offering(programme, themes)
    form.submission_id.data = submission.issue(NEW)
    return _start_page(programme, form)


@bp.post("/proposals/<int:year>/apply/")
@csrf.exempt
@allow(ANYONE)
def proposal_start_post(year: int) -> Answer:
    """Begin; the link is shown and mailed."""
    hit(APPLY)
    programme, themes = _open(year)
    form = StartForm.offering(programme, themes)
    if not submission.is_ours(form.submission_id.data or "", NEW):
        form.submission_id.data = submission.issue(NEW)
        form.form_errors.append(EXPIRED)
        return _start_page(programme, form), 422
    if form.validate():
        hit(PROPOSE_ADDRESS)
        if form.email.data:
            hit(PROPOSE_EMAIL, form.email.data.lower())
        with form.refusals():
            key = form.submission_id.data or ""
            token = applying.start(programme.id, form.to_applicant(), key, now=clock.now())
            return redirect(url_for("public.proposal", token=token), 303)
    return _start_page(programme, form), 422


@bp.get("/proposal/<token>/")
@allow(ANYONE)
def proposal(token: str) -> Answer:
    """The form while it can be written, afterwards what was handed in."""
    row = _own(token)
    return _page(token, row, rules.seen_early(row))


@bp.post("/proposal/<token>/")
@csrf.exempt
@allow(ANYONE)
@takes_body(BODY)
@takes_fields(MOST_FIELDS)
def proposal_post(token: str) -> Answer:
    """Keep what was typed; with `do` also add or remove a row, or go on to the confirmation."""
    hit(APPLY)
    row = _own(token)
    typed = fields.typed_answers(row.programme.definition, request.form)
    doing, _, place = request.form.get("do", "save").partition(":")
    answers = fields.rearranged(typed, doing, place)
    try:
        saved = applying.save(token, answers, version=_version(), now=clock.now())
    except Refusal as refusal:
        return _refused(token, typed, refusal)
    if doing != "confirm":
        if doing == "save":
            flash(_said(len(saved.problems)), "success")
        return _back(token, f"section-{place.partition(':')[0]}-end" if doing == "add" else None)
    if saved.problems:
        return _page(token, _own(token), saved.problems, asked=True), 422
    return redirect(url_for("public.proposal_confirm", token=token), 303)


@bp.post("/proposal/<token>/attachments/")
@csrf.exempt
@allow(ANYONE)
@takes_body(BODY)
@takes_fields(MOST_FIELDS)
def proposal_attach(token: str) -> Answer:
    """Keep what was typed; then `do=attach` puts a file beside it, `do=detach:<id>` takes one away."""
    hit(UPLOAD)
    row = _own(token)
    typed = fields.typed_answers(row.programme.definition, request.form)
    try:
        applying.save(token, typed, version=_version(), now=clock.now())
    except Refusal as refusal:
        return _refused(token, typed, refusal)
    try:
        flash(_carried_out(token), "success")
    except Refusal as refusal:
        row = _own(token)
        return _page(token, row, rules.seen_early(row), file_problem=refusal.message), 422
    return _back(token, "attachments")


@bp.get("/proposal/<token>/attachments/<int:attachment_id>/")
@allow(ANYONE)
def proposal_attachment(token: str, attachment_id: int) -> Response:
    """A file of the own proposal."""
    file, content = found.attachment(_own(token).id, attachment_id)
    return attachment(content, file.file_name, file.media_type, personal=True)


@bp.get("/proposal/<token>/confirm/")
@allow(ANYONE)
def proposal_confirm(token: str) -> Answer:
    """Everything once more, before it is handed in."""
    row = _own(token)
    if not _writable(row):
        return _back(token, None)
    checked = rules.checked(row, row.answers)
    if checked.problems:
        return _page(token, row, checked.problems, asked=True)
    answers = checked.answers
    return render_template("public/proposals/confirm.html", row=row, answers=answers, token=token, **_reading(row))


@bp.post("/proposal/<token>/confirm/")
@csrf.exempt
@allow(ANYONE)
def proposal_submit(token: str) -> Answer:
    """Hand it in."""
    hit(APPLY)
    row = _own(token)
    try:
        applying.submit(token, version=_version(), now=clock.now())
    except Incomplete as refusal:
        return _page(token, row, refusal.problems, asked=True), 422
    except Refusal as refusal:
        return _page(token, row, (), problem=refusal.message), 409
    flash("提案書を提出しました。", "success")
    return _back(token, None)


@bp.get("/proposal/<token>/details/")
@allow(ANYONE)
def proposal_details(token: str) -> Answer:
    """Course, theme, group and contact, to be changed."""
    row = _own(token)
    return _details(token, row, ApplicantForm.offering(row.programme, _themes(row.programme), row))


@bp.post("/proposal/<token>/details/")
@csrf.exempt
@allow(ANYONE)
def proposal_details_post(token: str) -> Answer:
    """Save them."""
    hit(APPLY)
    row = _own(token)
    form = ApplicantForm.offering(row.programme, _themes(row.programme), row)
    if form.validate():
        with form.refusals():
            applying.describe(token, form.to_applicant(), now=clock.now())
            flash("保存しました。", "success")
            return _back(token, None)
    return _details(token, row, form), 422


@bp.get("/proposal/<token>/proposal.pdf")
@allow(ANYONE)
def proposal_pdf(token: str) -> Response:
    """The own proposal on paper."""
    row = _own(token)
    content = pdf.form_pdf(papers.sheet(row, now=clock.now()))
    return attachment(content, f"提案書_{row.reference}.pdf", "application/pdf", personal=True)


@bp.get("/proposal/<token>/withdraw/")
@allow(ANYONE)
def proposal_withdraw(token: str) -> Answer:
    """The button that takes it back."""
    return _withdrawal(token, _own(token), BaseForm(formdata=None))


@bp.post("/proposal/<token>/withdraw/")
@csrf.exempt
@allow(ANYONE)
def proposal_withdraw_post(token: str) -> Answer:
    """Take it back for good."""
    hit(APPLY)
    row, form = _own(token), BaseForm()
    with form.refusals():
        applying.withdraw(token, now=clock.now())
        flash("提案書を取り下げました。", "success")
        return _back(token, None)
    return _withdrawal(token, row, form), 422


def _withdrawal(token: str, row: ProposalRow, form: BaseForm) -> str:
    """The button, with what is given up: the chance to be chosen, or what was adopted."""
    carried_out = reports.supported(row) is not None
    return render_template("public/proposals/withdraw.html", row=row, token=token, form=form, carried_out=carried_out)


def _open(year: int) -> tuple[ProgrammeRow, list[ThemeRow]]:
    programme = queries.published(year)
    if rules.phase(programme.dates, local_date(clock.now())) is not Phase.OPEN:
        raise NotFound
    return programme, _themes(programme)


def _themes(programme: ProgrammeRow) -> list[ThemeRow]:
    return queries.accepted_themes(programme.id) if programme.themes_published_at else []


def _own(token: str) -> ProposalRow:
    with counted_misses():
        return found.by_token(token)


def _version() -> int:
    return id_of(request.form.get("version", ""))


def _carried_out(token: str) -> str:
    """Put the file there or take one away; returns what to say. Raises Refusal."""
    doing, _, which = request.form.get("do", "").partition(":")
    if doing == "detach":
        applying.detach(token, id_of(which), now=clock.now())
        return "ファイルを外しました。"
    file = request.files.get("file")
    if file is None or not file.filename:
        raise WrongFile("添付するファイルを選んでください。")
    # At most one byte more than is taken is read, so that the verb can refuse the rest.
    applying.attach(token, file.filename, file.stream.read(LARGEST + 1), now=clock.now())
    return "ファイルを添付しました。"


def _start_page(programme: ProgrammeRow, form: StartForm) -> str:
    return render_template(
        "public/proposals/start.html", programme=programme, form=form, with_themes=needs_theme(programme)
    )


def _details(token: str, row: ProposalRow, form: ApplicantForm) -> str:
    themes = needs_theme(row.programme)
    return render_template("public/proposals/details.html", row=row, token=token, form=form, with_themes=themes)


def _refused(token: str, typed: dict[str, JSON], refusal: Refusal) -> Answer:
    """Why it was not kept, above what was typed."""
    status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
    return _page(token, _own(token), (), typed=typed, problem=refusal.message), status


def _page(
    token: str,
    row: ProposalRow,
    problems: tuple[Problem, ...],
    *,
    asked: bool = False,
    typed: dict[str, JSON] | None = None,
    **more: str,
) -> str:
    """The form or what was handed in. `asked`: the group wanted to go on, so that what is missing is an error."""
    definition = row.programme.definition
    answers = row.answers if typed is None else check(definition, typed, complete=False).answers
    if not _writable(row):
        decided = reviews.decisions([row.id]).get(row.id)
        carried_out = reports.supported(row) is not None
        shown = {
            "carried_out": carried_out,
            "problem": "",
            "decision": decided if decided and decided.told_at else None,
            **more,
            **_reading(row),
        }
        return render_template("public/proposals/read.html", row=row, token=token, **shown)
    return render_template(
        "public/proposals/fill_in.html",
        row=row,
        token=token,
        values=fields.controls(definition, answers),
        wrong=fields.messages_at(definition, problems),
        problems=fields.linked(definition, answers, problems) if asked else [],
        early=fields.linked(definition, answers, problems) if not asked else [],
        sums=papers.sums(row),
        name=fields.name_of,
        hint=fields.hint_of,
        choices=fields.choices_of,
        accept=ACCEPT,
        most_files=rules.MOST_FILES,
        **{"problem": "", "file_problem": "", **more},
    )


def _reading(row: ProposalRow) -> dict[str, object]:
    return {
        "rows_of": rows_of,
        "single_of": single_of,
        "text_of": text_of,
        "sums": papers.sums(row),
    }


def _writable(row: ProposalRow) -> bool:
    return rules.writable(row.programme, row.state, local_date(clock.now()))


def _said(missing: int) -> str:
    return "保存しました。" + (f"提出までに、あと{missing}か所の記入が必要です。" if missing else "提出できます。")


def _back(token: str, anchor: str | None) -> Response:
    return redirect(url_for("public.proposal", token=token, _anchor=anchor), 303)
