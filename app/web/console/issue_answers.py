"""What residents answered to shared issues: the inbox, one answer, what of it everybody may read."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import audit, clock
from app.shared_issues import answering, queries
from app.shared_issues.types import AnswerRow, AnswerState
from app.web.console import bp
from app.web.console.forms.issues import DealForm, ShowForm
from app.web.console.reach import check_desk
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of, page_number, page_url


@bp.get("/console/issues/answers/")
@allow(Permission.SEE_ISSUES)
def issue_answers() -> ResponseReturnValue:
    """All answers, the newest first; `?state=` and `?issue=` narrow them down."""
    check_desk()
    typed, issue_id = request.args.get("state", ""), id_of(request.args.get("issue", "")) or None
    state = AnswerState(typed) if typed in set(AnswerState) else None
    page = queries.answers(issue_id=issue_id, state=state, number=page_number(), url=page_url)
    return render_template("console/issues/answers.html", page=page, state=state, states=list(AnswerState))


@bp.get("/console/issues/answers/<int:answer_id>/")
@allow(Permission.SEE_ISSUES)
def issue_answer(answer_id: int) -> ResponseReturnValue:
    """One answer with the person; that it was read is noted."""
    found = _own(answer_id)
    audit.note("shared_issue.answer_read", "shared_issue", found.issue_id, by=current_actor(), at=clock.now())
    return _page(found)


@bp.post("/console/issues/answers/<int:answer_id>/")
@allow(Permission.MANAGE_ISSUES)
def issue_answer_post(answer_id: int) -> ResponseReturnValue:
    """Say how far one has come."""
    found, form = _own(answer_id), DealForm()
    if form.validate():
        state, note = AnswerState(form.state.data), form.note.data or ""
        answering.deal_with(answer_id, state, note, by=current_actor(), now=clock.now())
        flash("保存しました。", "success")
        return redirect(url_for("console.issue_answer", answer_id=answer_id), 303)
    return _page(found, form), 422


@bp.post("/console/issues/answers/<int:answer_id>/show/")
@allow(Permission.MANAGE_ISSUES)
def issue_answer_show(answer_id: int) -> ResponseReturnValue:
    """Let everybody read it in these words."""
    found, form = _own(answer_id), ShowForm()
    if form.validate():
        with form.refusals():
            answering.show(answer_id, form.text.data or "", by=current_actor(), now=clock.now())
            flash("「寄せられた情報」に掲載しました。", "success")
            return redirect(url_for("console.issue_answer", answer_id=answer_id), 303)
    return _page(found, form), 422


@bp.post("/console/issues/answers/<int:answer_id>/forget/")
@allow(Permission.MANAGE_ISSUES)
def issue_answer_forget(answer_id: int) -> ResponseReturnValue:
    """Delete it with everything it says of the person."""
    answering.forget(_own(answer_id).id, by=current_actor(), now=clock.now())
    flash("回答を消去しました。", "success")
    return redirect(url_for("console.issue_answers"), 303)


def _own(answer_id: int) -> AnswerRow:
    check_desk()
    return queries.answer(answer_id)


def _page(found: AnswerRow, refused: BaseForm | None = None) -> str:
    return render_template(
        "console/issues/answer.html",
        answer=found,
        refused=refused,
        dealing=refused if isinstance(refused, DealForm) else DealForm.of(found),
        showing=refused if isinstance(refused, ShowForm) else ShowForm.of(found),
        editable=current_staff().can(Permission.MANAGE_ISSUES),
    )
