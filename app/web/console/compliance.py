"""Mandated training: who must, who has, who is still missing."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.compliance import queries, services
from app.compliance.types import Standing
from app.documents.sheets import xlsx
from app.events import queries as events
from app.events.types import Audience, EventRow
from app.infra import audit, clock
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.web.console import bp
from app.web.console.forms.compliance import RequirementForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import XLSX, attachment


@bp.get("/console/compliance/")
@allow(Permission.SEE_COMPLIANCE)
def compliance() -> ResponseReturnValue:
    """The requirements of this fiscal year, each with how far it has come."""
    now = clock.now()
    year = fiscal_year(now)
    staff = current_staff()
    boards = queries.boards_of_year(year, section=staff.section, today=local_date(now))
    editable = staff.can(Permission.MANAGE_COMPLIANCE)
    return render_template("console/compliance/list.html", year=year, boards=boards, editable=editable)


@bp.get("/console/compliance/new/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_new() -> ResponseReturnValue:
    """The form of a new requirement."""
    return _new_page(RequirementForm.offering(_trainings()))


@bp.post("/console/compliance/new/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_new_post() -> ResponseReturnValue:
    """Make it."""
    trainings = _trainings()
    form = RequirementForm.offering(trainings)
    if form.validate():
        with form.refusals():
            made = services.make(form.to_draft(trainings), by=current_actor(), now=clock.now())
            flash("必修研修を登録しました。期限の14・7・1営業日前に、まだの人へ案内を送ります。", "success")
            return redirect(url_for("console.requirement", requirement_id=made), 303)
    return _new_page(form), 422


@bp.get("/console/compliance/<int:requirement_id>/")
@allow(Permission.SEE_COMPLIANCE)
def requirement(requirement_id: int) -> ResponseReturnValue:
    """One requirement: figures, departments, and the people; `?standing=` only those who stand there."""
    own = queries.one(requirement_id)
    event = own_event(own.event_id)
    years = queries.history(own.code, today=local_date(clock.now()))
    board = next(one for one in years if one.requirement.id == requirement_id)
    asked = request.args.get("standing", "")
    standing = Standing(asked) if asked in set(Standing) else None
    everybody = asked == "all"
    lines = board.lines if everybody else board.open
    if standing is not None:
        lines = tuple(line for line in board.lines if line.standing is standing)
    return render_template(
        "console/compliance/board.html", board=board, lines=lines, standing=standing, everybody=everybody,
        standings=list(Standing), event=event, years=years,
    )  # fmt: skip


@bp.get("/console/compliance/<int:requirement_id>/board.xlsx")
@allow(Permission.SEE_COMPLIANCE)
def requirement_xlsx(requirement_id: int) -> Response:
    """The whole board as a workbook, for the directors' meeting."""
    own_event(queries.one(requirement_id).event_id)
    board = queries.board(requirement_id, today=local_date(clock.now()))
    header = ["部", "課・室", "職員番号", "氏名", "受講状況", "完了"]
    rows = [
        [line.department, line.section, line.person.number, line.person.name, line.standing.word,
         "済" if line.done else "未"]
        for line in board.lines
    ]  # fmt: skip
    actor, now = current_actor(), clock.now()
    audit.note("requirement.exported", "requirement", requirement_id, by=actor, at=now)
    return attachment(xlsx("受講状況", header, rows), "jukou-joukyou.xlsx", XLSX, personal=True)


def _new_page(form: RequirementForm) -> str:
    return render_template("console/compliance/new.html", form=form)


def _trainings() -> list[EventRow]:
    """The trainings for staff that the organizer's section holds and that are not over."""
    coming = events.to_come(current_staff().section, now=clock.now())
    return [event for event in coming if event.audience is not Audience.RESIDENTS]
