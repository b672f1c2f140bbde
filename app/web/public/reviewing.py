"""The pages of a reviewer, by their own secret link: what to judge, one's own points, and nobody else's.

As with a group's proposal, the link is the secret: forms ask for no token.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.documents import pdf
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.kernel.text import clean_line, clean_text
from app.proposals import found, papers, queries, reviewing, reviews, scoring
from app.proposals.screening_types import MOST_POINTS, ReviewerRow, RoundRow, SheetRow
from app.proposals.types import ProposalRow
from app.questions.carrying import rows_of, single_of, text_of
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.parts.guards import csrf
from app.web.parts.limits import APPLY, counted_misses, hit
from app.web.public import bp

Answer = str | tuple[str, int] | Response
LONGEST_COMMENT, LONGEST_REASON = 1000, 200


@bp.get("/review/<token>/")
@allow(ANYONE)
def review(token: str) -> Answer:
    """The proposals of the newest round, each with one's own points; once it is closed, with the averages."""
    who, current = _reviewer(token)
    entered = set(reviews.entries(current.id)) if current else set()
    own = reviews.sheets(current.id, reviewer_id=who.id) if current else []
    asked = reviews.criteria(who.programme_id)
    return render_template(
        "public/proposals/review_list.html",
        who=who,
        token=token,
        programme=queries.programme(who.programme_id),
        current=current,
        proposals=[one for one in found.lines(who.programme_id) if one.id in entered],
        totals={one.proposal_id: scoring.total(asked, one.points) for one in own},
        most=scoring.most(asked),
        conflicts=reviews.conflicts_of(who.id),
        scores={one.proposal_id: one for one in reviews.scores(current)} if current else {},
    )


@bp.get("/review/<token>/<int:proposal_id>/")
@allow(ANYONE)
def review_one(token: str, proposal_id: int) -> Answer:
    """One proposal with one's own sheet."""
    who, current, row = _entered(token, proposal_id)
    return _page(token, who, current, row, _own_sheet(who, current, row))


@bp.post("/review/<token>/<int:proposal_id>/")
@csrf.exempt
@allow(ANYONE)
def review_score(token: str, proposal_id: int) -> Answer:
    """Keep one's points."""
    hit(APPLY)
    who, current, row = _entered(token, proposal_id)
    points = {
        one.id: int(given)
        for one in reviews.criteria(who.programme_id)
        if (given := request.form.get(f"points-{one.id}", "")) in set(map(str, range(MOST_POINTS + 1)))
    }
    comment, now = clean_text(request.form.get("comment", "")), clock.now()
    typed = SheetRow(who.id, row.id, points, comment, counted=False, updated_at=now)
    if len(comment) > LONGEST_COMMENT:
        said = f"「講評」は{LONGEST_COMMENT:,}文字以内にしてください。いまは{len(comment):,}文字です。"
        return _page(token, who, current, row, typed, comment_problem=said), 422
    try:
        reviewing.score(token, current.id, row.id, points, comment, now=now)
    except Refusal as refusal:
        return _page(token, who, current, row, typed, problem=refusal.message), 422
    missing = len(reviews.criteria(who.programme_id)) - len(points)
    flash(f"保存しました。あと{missing}項目の採点が残っています。" if missing else "保存しました。", "success")
    return redirect(url_for("public.review", token=token), 303)


@bp.post("/review/<token>/<int:proposal_id>/conflict/")
@csrf.exempt
@allow(ANYONE)
def review_conflict(token: str, proposal_id: int) -> Answer:
    """Keep out of a proposal."""
    hit(APPLY)
    who, current, row = _entered(token, proposal_id)
    reason = clean_line(request.form.get("reason", ""))
    if not reason or len(reason) > LONGEST_REASON:
        said = f"「関係の内容」を、{LONGEST_REASON}文字以内で入力してください。"
        return _page(token, who, current, row, _own_sheet(who, current, row), conflict_problem=said), 422
    try:
        reviewing.keep_out(token, current.id, row.id, reason, now=clock.now())
    except Refusal as refusal:
        return _page(token, who, current, row, _own_sheet(who, current, row), problem=refusal.message), 422
    flash("この提案の審査から外れました。", "success")
    return redirect(url_for("public.review", token=token), 303)


@bp.get("/review/<token>/<int:proposal_id>/proposal.pdf")
@allow(ANYONE)
def review_pdf(token: str, proposal_id: int) -> Response:
    """The proposal on paper, without whom to contact."""
    _who, _current, row = _entered(token, proposal_id)
    content = pdf.form_pdf(papers.sheet(row, now=clock.now(), contacts=False))
    return attachment(content, f"提案書_{row.reference}.pdf", "application/pdf", personal=True)


@bp.get("/review/<token>/<int:proposal_id>/attachments/<int:attachment_id>/")
@allow(ANYONE)
def review_file(token: str, proposal_id: int, attachment_id: int) -> Response:
    """A file beside it."""
    _who, _current, row = _entered(token, proposal_id)
    file, content = found.attachment(row.id, attachment_id)
    return attachment(content, file.file_name, file.media_type, personal=True)


def _reviewer(token: str) -> tuple[ReviewerRow, RoundRow | None]:
    """Who holds the link, and the newest round. Raises NotFound."""
    with counted_misses():
        who = reviews.by_token(token)
    rounds = reviews.rounds(who.programme_id)
    return who, rounds[-1] if rounds else None


def _entered(token: str, proposal_id: int) -> tuple[ReviewerRow, RoundRow, ProposalRow]:
    """A proposal of the newest round. Raises NotFound, also for one that the reviewer keeps out of."""
    who, current = _reviewer(token)
    if current is None or proposal_id not in reviews.entries(current.id) or proposal_id in reviews.conflicts_of(who.id):
        raise NotFound
    return who, current, found.by_id(proposal_id)


def _own_sheet(who: ReviewerRow, current: RoundRow, row: ProposalRow) -> SheetRow | None:
    own = reviews.sheets(current.id, reviewer_id=who.id)
    return next((one for one in own if one.proposal_id == row.id), None)


def _page(
    token: str, who: ReviewerRow, current: RoundRow, row: ProposalRow, sheet: SheetRow | None, **wrong: str
) -> str:
    asked = reviews.criteria(who.programme_id)
    return render_template(
        "public/proposals/review_one.html",
        **{"problem": "", "comment_problem": "", "conflict_problem": "", **wrong},
        token=token,
        current=current,
        row=row,
        sheet=sheet,
        criteria=asked,
        points=range(MOST_POINTS + 1),
        total=scoring.total(asked, sheet.points) if sheet else None,
        most=scoring.most(asked),
        sums=papers.sums(row),
        rows_of=rows_of,
        single_of=single_of,
        text_of=text_of,
    )
