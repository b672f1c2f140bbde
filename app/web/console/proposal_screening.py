"""審査: what points are given for, who gives them, and the two rounds. Points are shown once a round is closed."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.errors import NotFound
from app.proposals import found, reviews, scoring, screening
from app.proposals.screening_types import RoundKind, RoundRow
from app.proposals.types import ProgrammeRow, ProposalLine, ProposalState
from app.web.console import bp
from app.web.console.forms.screening import CloseForm, ConflictForm, CriterionForm, ReviewerForm, RoundForm
from app.web.console.reach import own_programme
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm


@bp.get("/console/proposals/<int:programme_id>/screening/")
@allow(Permission.SEE_PROPOSALS)
def screening_rounds(programme_id: int) -> ResponseReturnValue:
    """The rounds: how many sheets are there, and the result of those that are closed."""
    return _rounds(own_programme(programme_id), BaseForm(formdata=None))


@bp.post("/console/proposals/<int:programme_id>/screening/<any(papers,presentation):kind>/open/")
@allow(Permission.MANAGE_PROPOSALS)
def round_open(programme_id: int, kind: str) -> ResponseReturnValue:
    """Let the reviewers begin."""
    programme = own_programme(programme_id)
    form = RoundForm.offering(_ready(programme), sent=True)
    if form.validate():
        with form.refusals():
            chosen, by = form.proposals.data or [], current_actor()
            screening.open_round(programme_id, RoundKind(kind), chosen, by=by, now=clock.now())
            flash("審査を始めました。審査委員は、自分の審査のページで採点できます。", "success")
            return redirect(url_for("console.screening_rounds", programme_id=programme_id), 303)
    return _rounds(programme, form), 422


@bp.post("/console/proposals/<int:programme_id>/screening/<int:round_id>/close/")
@allow(Permission.MANAGE_PROPOSALS)
def round_close(programme_id: int, round_id: int) -> ResponseReturnValue:
    """Nobody gives points any more."""
    programme, form = own_programme(programme_id), CloseForm()
    if all(one.id != round_id for one in reviews.rounds(programme_id)):
        raise NotFound
    if form.validate():
        with form.refusals():
            anyway = bool(form.anyway.data)
            screening.close_round(round_id, anyway=anyway, by=current_actor(), now=clock.now())
            flash("審査を締め切りました。", "success")
            return redirect(url_for("console.screening_rounds", programme_id=programme_id), 303)
    return _rounds(programme, form), 422


@bp.get("/console/proposals/<int:programme_id>/screening/criteria/")
@allow(Permission.SEE_PROPOSALS)
def screening_criteria(programme_id: int) -> ResponseReturnValue:
    """What points are given for."""
    return _criteria(own_programme(programme_id), CriterionForm(formdata=None))


@bp.post("/console/proposals/<int:programme_id>/screening/criteria/")
@allow(Permission.MANAGE_PROPOSALS)
def criterion_add(programme_id: int) -> ResponseReturnValue:
    """One more."""
    programme, form = own_programme(programme_id), CriterionForm()
    if form.validate():
        with form.refusals():
            said = (form.label.data or "", form.note.data or "", form.weight.data or 1)
            screening.add_criterion(programme_id, *said, by=current_actor(), now=clock.now())
            flash("項目を追加しました。", "success")
            return redirect(url_for("console.screening_criteria", programme_id=programme_id), 303)
    return _criteria(programme, form), 422


@bp.post("/console/proposals/<int:programme_id>/screening/criteria/<int:criterion_id>/remove/")
@allow(Permission.MANAGE_PROPOSALS)
def criterion_remove(programme_id: int, criterion_id: int) -> ResponseReturnValue:
    """Take one away."""
    programme, form = own_programme(programme_id), CriterionForm(formdata=None)
    with form.refusals():
        screening.remove_criterion(programme_id, criterion_id, by=current_actor(), now=clock.now())
        flash("項目を削除しました。", "success")
        return redirect(url_for("console.screening_criteria", programme_id=programme_id), 303)
    return _criteria(programme, form), 422


@bp.get("/console/proposals/<int:programme_id>/screening/reviewers/")
@allow(Permission.SEE_PROPOSALS)
def screening_reviewers(programme_id: int) -> ResponseReturnValue:
    """Who screens, and who keeps out of what."""
    return _reviewers(own_programme(programme_id), ReviewerForm(formdata=None))


@bp.post("/console/proposals/<int:programme_id>/screening/reviewers/")
@allow(Permission.MANAGE_PROPOSALS)
def reviewer_invite(programme_id: int) -> ResponseReturnValue:
    """Invite one; the link goes to them alone."""
    programme, form = own_programme(programme_id), ReviewerForm()
    if form.validate():
        with form.refusals():
            screening.invite(programme_id, form.to_draft(), by=current_actor(), now=clock.now())
            flash("審査委員を登録しました。審査のページのアドレスを、本人へメールで送ります。", "success")
            return redirect(url_for("console.screening_reviewers", programme_id=programme_id), 303)
    return _reviewers(programme, form), 422


@bp.post("/console/proposals/<int:programme_id>/screening/reviewers/<int:reviewer_id>/revoke/")
@allow(Permission.MANAGE_PROPOSALS)
def reviewer_revoke(programme_id: int, reviewer_id: int) -> ResponseReturnValue:
    """Let a link open nothing any more."""
    own_programme(programme_id)
    if reviews.reviewer(reviewer_id).programme_id != programme_id:
        raise NotFound
    screening.revoke(reviewer_id, by=current_actor(), now=clock.now())
    flash("審査のページを使えなくしました。", "success")
    return redirect(url_for("console.screening_reviewers", programme_id=programme_id), 303)


@bp.post("/console/proposals/<int:programme_id>/screening/conflicts/")
@allow(Permission.MANAGE_PROPOSALS)
def conflict_declare(programme_id: int) -> ResponseReturnValue:
    """Keep a reviewer out of a proposal."""
    programme = own_programme(programme_id)
    form = ConflictForm.offering(reviews.reviewers(programme_id), found.lines(programme_id), sent=True)
    if form.validate():
        with form.refusals():
            who, what, why = form.reviewer.data, form.proposal.data, form.reason.data or ""
            screening.declare(who, what, why, by=current_actor(), now=clock.now())
            flash("審査から外しました。", "success")
            return redirect(url_for("console.screening_reviewers", programme_id=programme_id), 303)
    return _reviewers(programme, ReviewerForm(formdata=None), form), 422


@bp.post("/console/proposals/<int:programme_id>/screening/conflicts/<int:reviewer_id>/<int:proposal_id>/lift/")
@allow(Permission.MANAGE_PROPOSALS)
def conflict_lift(programme_id: int, reviewer_id: int, proposal_id: int) -> ResponseReturnValue:
    """It was a mistake."""
    own_programme(programme_id)
    if reviews.reviewer(reviewer_id).programme_id != programme_id:
        raise NotFound
    screening.lift(reviewer_id, proposal_id, by=current_actor(), now=clock.now())
    flash("審査に戻しました。", "success")
    return redirect(url_for("console.screening_reviewers", programme_id=programme_id), 303)


def _ready(programme: ProgrammeRow) -> list[ProposalLine]:
    return [one for one in found.lines(programme.id) if one.state is ProposalState.CHECKED]


def _may() -> bool:
    return current_staff().can(Permission.MANAGE_PROPOSALS)


def _rounds(programme: ProgrammeRow, form: BaseForm) -> str:
    rounds = reviews.rounds(programme.id)
    asked = reviews.criteria(programme.id)
    next_kind = next((kind for kind in RoundKind if all(one.kind is not kind for one in rounds)), None)
    may_open = next_kind is not None and all(one.closed_at for one in rounds)
    return render_template(
        "console/proposals/screening.html",
        programme=programme,
        form=form,
        rounds=[(one, _progress(one), reviews.scores(one)) for one in rounds],
        lines={one.id: one for one in found.lines(programme.id)},
        reviewers=reviews.reviewers(programme.id),
        next_kind=next_kind if may_open else None,
        opening=form if isinstance(form, RoundForm) else RoundForm.offering(_ready(programme)),
        closing=form if isinstance(form, CloseForm) else CloseForm(formdata=None),
        criteria=asked,
        most=scoring.most(asked),
        editable=_may(),
    )


def _progress(one: RoundRow) -> tuple[dict[int, int], int]:
    """How many sheets each reviewer has given, and how many are missing of an open round."""
    return reviews.complete(one), 0 if one.closed_at else screening.missing(one)


def _criteria(programme: ProgrammeRow, form: CriterionForm) -> str:
    asked = reviews.criteria(programme.id)
    return render_template(
        "console/proposals/criteria.html",
        programme=programme,
        form=form,
        criteria=asked,
        most=scoring.most(asked),
        editable=_may() and not reviews.rounds(programme.id),
    )


def _reviewers(programme: ProgrammeRow, form: ReviewerForm, conflict: ConflictForm | None = None) -> str:
    every, lines = reviews.reviewers(programme.id), found.lines(programme.id)
    return render_template(
        "console/proposals/reviewers.html",
        programme=programme,
        form=conflict or form,
        inviting=form,
        conflict=conflict or ConflictForm.offering(every, lines),
        reviewers=every,
        names={one.id: one.name for one in every},
        titles={one.id: f"{one.title}（{one.group_name}）" for one in lines},
        conflicts=reviews.conflicts(programme.id),
        editable=_may(),
    )
