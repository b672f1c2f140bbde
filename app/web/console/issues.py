"""Shared issues at the organizer's desk: read, put right, published or given back, taken to other sites."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.documents.csv_text import csv_bytes
from app.documents.types import Encoding
from app.infra import clock
from app.infra.links import links
from app.kernel.errors import NotFound
from app.shared_issues import answering, desk, queries, services, sharing
from app.shared_issues.errors import Incomplete
from app.shared_issues.types import District, IssueRow, LinkKind, Progress, Stage, Subject
from app.web.console import bp
from app.web.console.forms.issues import FigureForm, LinkForm, PostedForm, ReturnForm
from app.web.console.reach import check_desk, own_issue
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.forms import BaseForm
from app.web.parts.issue_forms import IssueForm, issue_filters
from app.web.parts.pages import page_number, page_url

# What the desk sees: a section's draft is not among them.
STAGES = (Stage.PROPOSED, Stage.PUBLISHED, Stage.RETURNED)


@bp.get("/console/issues/")
@allow(Permission.SEE_ISSUES)
def issues() -> ResponseReturnValue:
    """The cards with their filters, and what waits."""
    check_desk()
    filters = issue_filters(without=Stage.DRAFT)
    kept = {name: value for name, value in request.args.items() if name != "page" and value}
    proposed, unread = queries.waiting()
    return render_template(
        "console/issues/list.html",
        page=queries.listing(filters, number=page_number(), url=page_url),
        filters=filters,
        kept=kept,
        subjects=list(Subject),
        districts=list(District),
        progresses=list(Progress),
        stages=STAGES,
        proposed=proposed,
        unread=unread,
    )


@bp.get("/console/issues/issues.csv")
@allow(Permission.SEE_ISSUES)
def issues_csv() -> ResponseReturnValue:
    """The published cards that a filter lets through, to be taken to another site."""
    check_desk()
    found = queries.every(issue_filters(stage=Stage.PUBLISHED))
    rows = (sharing.cells(one, links.absolute(url_for("public.issue", issue_id=one.id))) for one in found)
    content = csv_bytes(sharing.COLUMNS, rows, encoding=Encoding.UTF8).content
    return attachment(content, "地域の課題.csv", "text/csv; charset=utf-8", personal=True)


@bp.get("/console/issues/<int:issue_id>/")
@allow(Permission.SEE_ISSUES)
def issue(issue_id: int) -> ResponseReturnValue:
    """One card with all that can be done."""
    return _page(own_issue(issue_id))


@bp.get("/console/issues/<int:issue_id>/edit/")
@allow(Permission.MANAGE_ISSUES)
def issue_edit(issue_id: int) -> ResponseReturnValue:
    """The text as a form."""
    found = own_issue(issue_id)
    return render_template("console/issues/edit.html", issue=found, form=IssueForm.of(found))


@bp.post("/console/issues/<int:issue_id>/edit/")
@allow(Permission.MANAGE_ISSUES)
def issue_edit_post(issue_id: int) -> ResponseReturnValue:
    """Put it right."""
    found = own_issue(issue_id)
    form = IssueForm.of(found)
    if form.validate():
        try:
            with form.refusals():
                draft, version = form.to_draft(), form.seen_version
                desk.correct(issue_id, draft, version=version, by=current_actor(), now=clock.now())
                return _done(issue_id, "保存しました。")
        except Incomplete as refusal:
            form.refuse_each(refusal)
    return render_template("console/issues/edit.html", issue=found, form=form), 422


@bp.post("/console/issues/<int:issue_id>/publish/")
@allow(Permission.MANAGE_ISSUES)
def issue_publish(issue_id: int) -> ResponseReturnValue:
    """Let everybody read it."""
    found, form = own_issue(issue_id), BaseForm()
    with form.refusals():
        desk.publish(issue_id, by=current_actor(), now=clock.now())
        return _done(issue_id, "公開しました。書いた課・室の協働推進員にお知らせします。")
    return _page(found, refused=form), 422


@bp.post("/console/issues/<int:issue_id>/return/")
@allow(Permission.MANAGE_ISSUES)
def issue_return(issue_id: int) -> ResponseReturnValue:
    """Give it back."""
    found, form = own_issue(issue_id), ReturnForm()
    if form.validate():
        with form.refusals():
            desk.return_(issue_id, form.remark.data or "", by=current_actor(), now=clock.now())
            return _done(issue_id, "差し戻しました。書いた課・室の協働推進員にお知らせします。")
    return _page(found, refused=form), 422


@bp.post("/console/issues/<int:issue_id>/progress/")
@allow(Permission.MANAGE_ISSUES)
def issue_progress(issue_id: int) -> ResponseReturnValue:
    """Say what is being done about it."""
    found, form, typed = own_issue(issue_id), BaseForm(), request.form.get("progress", "")
    if typed not in set(Progress):
        raise NotFound
    with form.refusals():
        services.move_on(issue_id, Progress(typed), by=current_actor(), now=clock.now())
        return _done(issue_id, "状態を変更しました。")
    return _page(found, refused=form), 422


@bp.post("/console/issues/<int:issue_id>/posted/")
@allow(Permission.MANAGE_ISSUES)
def issue_posted(issue_id: int) -> ResponseReturnValue:
    """Remember where else it stands."""
    found, form = own_issue(issue_id), PostedForm()
    if form.validate():
        with form.refusals():
            where, on = form.posted_url.data or "", form.posted_on.data
            desk.note_posted(issue_id, where, on, by=current_actor(), now=clock.now())
            return _done(issue_id, "掲載先を記録しました。" if where else "掲載先の記録を消しました。")
    return _page(found, refused=form), 422


@bp.post("/console/issues/<int:issue_id>/links/")
@allow(Permission.MANAGE_ISSUES)
def issue_link(issue_id: int) -> ResponseReturnValue:
    """Remember what it has become."""
    found, form = own_issue(issue_id), LinkForm()
    if form.validate():
        with form.refusals():
            kind, title, where = LinkKind(form.kind.data), form.title.data or "", form.url.data or ""
            desk.link(issue_id, kind, title, where, by=current_actor(), now=clock.now())
            return _done(issue_id, "「この課題から始まったこと」に追加しました。")
    return _page(found, refused=form), 422


@bp.post("/console/issues/<int:issue_id>/links/<int:link_id>/remove/")
@allow(Permission.MANAGE_ISSUES)
def issue_unlink(issue_id: int, link_id: int) -> ResponseReturnValue:
    """Take such a link away."""
    desk.unlink(own_issue(issue_id).id, link_id, by=current_actor(), now=clock.now())
    return _done(issue_id, "「この課題から始まったこと」から外しました。")


@bp.post("/console/issues/<int:issue_id>/contributions/<int:contribution_id>/remove/")
@allow(Permission.MANAGE_ISSUES)
def issue_hide(issue_id: int, contribution_id: int) -> ResponseReturnValue:
    """Take a contribution off the public page."""
    answering.hide(own_issue(issue_id).id, contribution_id, by=current_actor(), now=clock.now())
    return _done(issue_id, "「寄せられた情報」から外しました。")


@bp.get("/console/issues/figures/")
@allow(Permission.SEE_ISSUES)
def issue_figures() -> ResponseReturnValue:
    """How many were published, by year."""
    check_desk()
    return _figures_page(FigureForm(formdata=None))


@bp.post("/console/issues/figures/")
@allow(Permission.MANAGE_ISSUES)
def issue_figures_post() -> ResponseReturnValue:
    """Type the figure of a year in which the cards stood elsewhere."""
    check_desk()
    form = FigureForm()
    if form.validate():
        with form.refusals():
            desk.type_figure(form.to_figure(), by=current_actor(), now=clock.now())
            flash("件数を保存しました。", "success")
            return redirect(url_for("console.issue_figures"), 303)
    return _figures_page(form), 422


@bp.post("/console/issues/figures/<int:year>/remove/")
@allow(Permission.MANAGE_ISSUES)
def issue_figure_remove(year: int) -> ResponseReturnValue:
    """Count the cards again."""
    check_desk()
    desk.drop_figure(year, by=current_actor(), now=clock.now())
    flash("入力した件数を消しました。", "success")
    return redirect(url_for("console.issue_figures"), 303)


def _done(issue_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("console.issue", issue_id=issue_id), 303)


def _figures_page(form: FigureForm) -> str:
    return render_template("console/issues/figures.html", figures=queries.figures(), form=form, editable=_editable())


def _editable() -> bool:
    return current_staff().can(Permission.MANAGE_ISSUES)


def _page(found: IssueRow, refused: BaseForm | None = None) -> str:
    """The card; `refused` is the one of its forms that was sent and not taken."""
    url = links.absolute(url_for("public.issue", issue_id=found.id))
    return render_template(
        "console/issues/issue.html",
        issue=found,
        refused=refused,
        giving_back=refused if isinstance(refused, ReturnForm) else ReturnForm(formdata=None),
        link=refused if isinstance(refused, LinkForm) else LinkForm(formdata=None),
        posted=refused if isinstance(refused, PostedForm) else PostedForm.of(found),
        text=sharing.as_text(found, url),
        answers=queries.open_answers([found.id]).get(found.id, 0),
        progresses=list(Progress),
        editable=_editable(),
    )
