"""A section's cards of local issues: written, proposed, moved on, and what residents answered."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.org.types import UnitRow
from app.shared_issues import answering, queries, rules, services
from app.shared_issues.errors import Incomplete
from app.shared_issues.types import IN_HAND, AnswerState, IssueRow, Progress
from app.web.my import bp
from app.web.my.themes import open_programmes
from app.web.my.trainings import own_member_id
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.web.parts.forms import BaseForm
from app.web.parts.issue_forms import IssueForm
from app.web.parts.pages import page_number, page_url
from app.web.parts.validators import Chosen
from app.worksheets import queries as worksheets

DONE = {
    "withdraw": "提案を取り下げました。直してから、もう一度提案してください。",
    "discard": "カードを削除しました。",
    "progress": "状態を変更しました。",
}


class NewIssueForm(IssueForm):
    """A new card, and whose it is where somebody belongs to several sections."""

    unit = SelectField("課・室", [Chosen()])


@bp.get("/my/issues/")
@allow(SIGNED_IN)
def issues() -> ResponseReturnValue:
    """The cards of the own sections."""
    found = queries.of_units(_reached(own_units()))
    waiting = queries.open_answers([one.id for one in found])
    return render_template("my/issues/list.html", issues=found, waiting=waiting)


@bp.get("/my/issues/new/")
@allow(SIGNED_IN)
def issue_new() -> ResponseReturnValue:
    """The empty card."""
    return _new_page(_new_form())


@bp.post("/my/issues/new/")
@allow(SIGNED_IN)
def issue_new_post() -> ResponseReturnValue:
    """Begin it; then go on as with one that was begun before."""
    form = _new_form()
    if not form.validate():
        return _new_page(form), 422
    made = services.begin(int(form.unit.data), form.to_draft(), by=current_staff().actor, now=clock.now())
    return _kept(made, form)


@bp.get("/my/issues/<int:issue_id>/")
@allow(SIGNED_IN)
def issue(issue_id: int) -> ResponseReturnValue:
    """The form while the section has the card in hand, afterwards the card with what was answered."""
    found = own_issue(issue_id)
    return _page(found, IssueForm.of(found))


@bp.post("/my/issues/<int:issue_id>/")
@allow(SIGNED_IN)
def issue_post(issue_id: int) -> ResponseReturnValue:
    """Keep what was typed; with `do=propose` also hand it to the organizer."""
    found = own_issue(issue_id)
    form = IssueForm.of(found)
    if form.validate():
        with form.refusals():
            by, now = current_staff().actor, clock.now()
            services.revise(issue_id, form.to_draft(), version=form.seen_version, by=by, now=now)
            return _kept(issue_id, form)
    return _page(found, form), 422


@bp.post("/my/issues/<int:issue_id>/<any(withdraw,discard,progress):step>/")
@allow(SIGNED_IN)
def issue_step(issue_id: int, step: str) -> ResponseReturnValue:
    """Take it back, throw it away, or say what is being done about it."""
    found, form = own_issue(issue_id), BaseForm()
    by, now = current_staff().actor, clock.now()
    with form.refusals():
        if step == "withdraw":
            services.withdraw(issue_id, by=by, now=now)
        elif step == "discard":
            services.discard(issue_id, by=by, now=now)
        else:
            services.move_on(issue_id, _progress(), by=by, now=now)
        flash(DONE[step], "success")
        return redirect(url_for("my.issues") if step == "discard" else url_for("my.issue", issue_id=issue_id), 303)
    return _page(found, IssueForm.of(found), form), 422


@bp.post("/my/issues/<int:issue_id>/answers/<int:answer_id>/")
@allow(SIGNED_IN)
def issue_answer_state(issue_id: int, answer_id: int) -> ResponseReturnValue:
    """Say that an answer is being, or has been, dealt with; the note stays the organizer's."""
    own_issue(issue_id)
    state = request.form.get("state", "")
    if queries.answer(answer_id).issue_id != issue_id or state not in set(AnswerState):
        raise NotFound
    answering.deal_with(answer_id, AnswerState(state), by=current_staff().actor, now=clock.now())
    flash("回答の状態を変更しました。", "success")
    return redirect(url_for("my.issue", issue_id=issue_id, _anchor="answers"), 303)


def own_units() -> list[UnitRow]:
    """The sections one writes for: where one works, and where one is the promoter."""
    today = local_date(clock.now())
    return worksheets.units_of_member(own_member_id(), on=today, fiscal_year=fiscal_year(today))


def own_issue(issue_id: int) -> IssueRow:
    """A card of one of the own sections. Raises NotFound for any other."""
    found = queries.one(issue_id)
    if found.unit.id not in _reached(own_units()):
        raise NotFound
    return found


def _reached(units: list[UnitRow]) -> frozenset[int]:
    return rules.with_predecessors([unit.id for unit in units], org.successions())


def _new_form() -> NewIssueForm:
    units = own_units()
    form = NewIssueForm()
    form.unit.choices = {str(unit.id): unit.full_name for unit in units}
    return form


def _new_page(form: NewIssueForm) -> str:
    return render_template("my/issues/new.html", form=form)


def _kept(issue_id: int, form: IssueForm) -> ResponseReturnValue:
    """After the text was kept: hand it on where that was asked for, and say what is missing."""
    if request.form.get("do") != "propose":
        flash("保存しました。担当課にはまだ提案していません。", "success")
        return redirect(url_for("my.issue", issue_id=issue_id), 303)
    try:
        services.propose(issue_id, by=current_staff().actor, now=clock.now())
    except Incomplete as refusal:
        form.refuse_each(refusal)
        found = queries.one(issue_id)
        form.version.data = str(found.version)
        return _page(found, form), 422
    flash("担当課に提案しました。公開されたとき、直してほしいところがあるときは、お知らせします。", "success")
    return redirect(url_for("my.issue", issue_id=issue_id), 303)


def _page(found: IssueRow, form: IssueForm, refused: BaseForm | None = None) -> str:
    if found.stage in IN_HAND:
        return render_template("my/issues/write.html", issue=found, form=form, refused=refused)
    answers = queries.answers(issue_id=found.id, number=page_number(), url=page_url)
    if answers.rows:
        by = current_staff().actor
        audit.note("shared_issue.answer_read", "shared_issue", found.id, by=by, at=clock.now())
    return render_template(
        "my/issues/issue.html",
        issue=found,
        answers=answers,
        programmes=open_programmes(),
        progresses=list(Progress),
        states=list(AnswerState),
        refused=refused,
    )


def _progress() -> Progress:
    typed = request.form.get("progress", "")
    if typed not in set(Progress):
        raise NotFound
    return Progress(typed)
