"""Mandated training: who must, who has, who is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.compliance import queries, services
from app.compliance.types import Board, Line, RequirementRow, SheetStanding, Standing
from app.documents.sheets import xlsx
from app.events import queries as events
from app.events.types import Audience, EventRow
from app.infra import audit, clock
from app.kernel.errors import NotFound
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.web.console import bp
from app.web.console.forms.compliance import AUDIENCES, RequirementForm
from app.web.console.reach import own_event
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import XLSX, attachment
from app.worksheets import queries as worksheets
from app.worksheets.types import TemplateRow


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom the board shows: `standing` is "" for who still owes, "all" or a Standing; `sheet` "" or a SheetStanding."""

    standing: str = ""
    sheet: str = ""
    department: str = ""

    @classmethod
    def asked(cls, args: Mapping[str, str]) -> Chosen:
        """What the address says; words that mean nothing are left out."""
        standing, sheet = args.get("standing", ""), args.get("sheet", "")
        return cls(
            standing if standing in {"all", *Standing} else "",
            sheet if sheet in set(SheetStanding) else "",
            args.get("department", ""),
        )

    def of(self, board: Board) -> list[Line]:
        """Those lines of a board. Whoever asks for a worksheet's state sees everybody's."""
        return [line for line in board.lines if self._stands(line) and self.department in {"", line.department}]

    def _stands(self, line: Line) -> bool:
        if self.sheet and line.sheet != self.sheet:
            return False
        return self.standing in {"all", line.standing} or (not self.standing and (bool(self.sheet) or not line.done))


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
    trainings = _trainings()
    return _new_page(RequirementForm.offering(trainings, _sheets(trainings)))


@bp.post("/console/compliance/new/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_new_post() -> ResponseReturnValue:
    """Make it."""
    trainings = _trainings()
    form = RequirementForm.offering(trainings, _sheets(trainings))
    if form.validate():
        with form.refusals():
            made = services.make(form.to_draft(trainings), by=current_actor(), now=clock.now())
            flash("必修研修を登録しました。期限の14・7・1営業日前に、まだの人へ案内を送ります。", "success")
            return redirect(url_for("console.requirement", requirement_id=made), 303)
    return _new_page(form), 422


@bp.get("/console/compliance/<int:requirement_id>/")
@allow(Permission.SEE_COMPLIANCE)
def requirement(requirement_id: int) -> ResponseReturnValue:
    """One requirement: figures, departments, and the people: who still owes, or whom one asked for."""
    own = queries.one(requirement_id)
    event = own_event(own.event_id)
    years = queries.history(own.code, today=local_date(clock.now()))
    board = next(one for one in years if one.requirement.id == requirement_id)
    chosen = Chosen.asked(request.args)
    return render_template(
        "console/compliance/board.html", board=board, lines=chosen.of(board), chosen=chosen,
        changeable=current_staff().can(Permission.MANAGE_COMPLIANCE) and own.audience in AUDIENCES,
        standings=list(Standing), sheets=list(SheetStanding), departments=list(board.departments), event=event,
        years=years,
    )  # fmt: skip


@bp.get("/console/compliance/<int:requirement_id>/edit/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_edit(requirement_id: int) -> ResponseReturnValue:
    """Title, due date, rule and worksheet of a requirement that was made."""
    own = _changeable(requirement_id)
    trainings = [own_event(own.event_id)]
    return _edit_page(own, RequirementForm.of(own, trainings, _sheets(trainings)))


@bp.post("/console/compliance/<int:requirement_id>/edit/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_edit_post(requirement_id: int) -> ResponseReturnValue:
    """Save them; training, reminder days and what was decided about single people stay."""
    own = _changeable(requirement_id)
    trainings = [own_event(own.event_id)]
    form = RequirementForm.of(own, trainings, _sheets(trainings))
    if form.validate():
        with form.refusals():
            draft = replace(form.to_draft(trainings), steps=queries.steps(requirement_id))
            services.change(requirement_id, draft, by=current_actor(), now=clock.now())
            flash("必修研修の内容を変更しました。", "success")
            return redirect(url_for("console.requirement", requirement_id=requirement_id), 303)
    return _edit_page(own, form), 422


@bp.get("/console/compliance/<int:requirement_id>/board.xlsx")
@allow(Permission.SEE_COMPLIANCE)
def requirement_xlsx(requirement_id: int) -> Response:
    """The whole board as a workbook, for the directors' meeting."""
    own_event(queries.one(requirement_id).event_id)
    board = queries.board(requirement_id, today=local_date(clock.now()))
    header = ["部", "課・室", "職員番号", "氏名", "受講状況", "棚卸シート", "完了"]
    rows = [
        [line.department, line.section, line.person.number, line.person.name, line.standing.word,
         line.sheet.word if line.sheet else "", "済" if line.done else "未"]
        for line in board.lines
    ]  # fmt: skip
    actor, now = current_actor(), clock.now()
    audit.note("requirement.exported", "requirement", requirement_id, by=actor, at=now)
    return attachment(xlsx("受講状況", header, rows), "jukou-joukyou.xlsx", XLSX, personal=True)


def _changeable(requirement_id: int) -> RequirementRow:
    """A requirement that the form can hold. Raises NotFound where a list of people is bound: the form has none."""
    own = queries.one(requirement_id)
    if own.audience not in AUDIENCES:
        raise NotFound
    return own


def _edit_page(own: RequirementRow, form: RequirementForm) -> str:
    return render_template("console/compliance/edit.html", one=own, form=form)


def _new_page(form: RequirementForm) -> str:
    return render_template("console/compliance/new.html", form=form)


def _sheets(trainings: Sequence[EventRow]) -> list[TemplateRow]:
    """The own section's worksheets of the years in which the trainings are."""
    section = current_staff().section
    years = sorted({event.fiscal_year for event in trainings})
    return [one for year in years for one in worksheets.templates(year, section=section)]


def _trainings() -> list[EventRow]:
    """The trainings for staff that the organizer's section holds and that are not over."""
    coming = events.to_come(current_staff().section, now=clock.now())
    return [event for event in coming if event.audience is not Audience.RESIDENTS]
