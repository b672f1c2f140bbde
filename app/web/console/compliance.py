"""Mandated training: who must, who has, who is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.compliance import naming, queries, services
from app.compliance.types import Audience, Board, Line, RequirementRow, SheetStanding, Standing
from app.documents.sheets import xlsx
from app.elearning import queries as courses
from app.events import queries as events
from app.events.types import Audience as EventAudience
from app.events.types import EventRow
from app.infra import audit, clock
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.org import queries as org
from app.web.console import bp
from app.web.console.forms.compliance import Offered, RequirementForm
from app.web.console.reach import own_event, own_requirement
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import XLSX, attachment
from app.worksheets import queries as worksheets


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
    return _new_page(RequirementForm.offering(_offered(_trainings(), fiscal_year(clock.now()))))


@bp.post("/console/compliance/new/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_new_post() -> ResponseReturnValue:
    """Make it, and say how many it binds."""
    form = RequirementForm.offering(_offered(_trainings(), fiscal_year(clock.now())))
    if form.validate():
        with form.refusals():
            made = services.make(form.to_draft(), by=current_actor(), now=clock.now())
            flash(f"必修研修を登録しました。{_bound(made)}", "success")
            flash("期限の14・7・1営業日前に、まだの人へ案内を送ります。", "info")
            return redirect(url_for("console.requirement", requirement_id=made), 303)
    return _new_page(form), 422


@bp.get("/console/compliance/<int:requirement_id>/")
@allow(Permission.SEE_COMPLIANCE)
def requirement(requirement_id: int) -> ResponseReturnValue:
    """One requirement: figures, departments, and the people: who still owes, or whom one asked for."""
    own = own_requirement(requirement_id)
    today = local_date(clock.now())
    board = queries.board(requirement_id, today=today)
    chosen = Chosen.asked(request.args)
    return render_template(
        "console/compliance/board.html", board=board, lines=chosen.of(board), chosen=chosen,
        changeable=current_staff().can(Permission.MANAGE_COMPLIANCE),
        units=queries.chosen_units(own) if own.audience is Audience.SECTIONS else [],
        standings=list(Standing), sheets=list(SheetStanding), departments=list(board.departments),
        course=courses.one(own.course_id) if own.course_id is not None else None,
        years=queries.comparison(board, today=today),
    )  # fmt: skip


@bp.get("/console/compliance/<int:requirement_id>/edit/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_edit(requirement_id: int) -> ResponseReturnValue:
    """Title, people, due date, rule and worksheet of a requirement that was made."""
    own = queries.one(requirement_id)
    return _edit_page(own, _edit_form(own))


@bp.post("/console/compliance/<int:requirement_id>/edit/")
@allow(Permission.MANAGE_COMPLIANCE)
def requirement_edit_post(requirement_id: int) -> ResponseReturnValue:
    """Save them; training, reminder days and what was decided about single people stay."""
    own = queries.one(requirement_id)
    form = _edit_form(own)
    if form.validate():
        with form.refusals():
            draft = replace(form.to_draft(), steps=queries.steps(requirement_id))
            services.change(requirement_id, draft, by=current_actor(), now=clock.now())
            flash(f"必修研修の内容を変更しました。{_bound(requirement_id)}", "success")
            return redirect(url_for("console.requirement", requirement_id=requirement_id), 303)
    return _edit_page(own, form), 422


@bp.get("/console/compliance/<int:requirement_id>/board.xlsx")
@allow(Permission.SEE_COMPLIANCE)
def requirement_xlsx(requirement_id: int) -> Response:
    """The whole board as a workbook, for the directors' meeting."""
    own_requirement(requirement_id)
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


def _edit_form(own: RequirementRow) -> RequirementForm:
    """The form of a requirement of the own section. Raises NotFound."""
    own_requirement(own.id)
    offered = _offered([own_event(own.event_id)] if own.event_id is not None else [], own.fiscal_year)
    chosen = queries.chosen_units(own)
    known = {unit.id for unit in offered.units}
    offered = replace(offered, units=[*offered.units, *(unit for unit in chosen if unit.id not in known)])
    return RequirementForm.of(own, offered, units=[unit.id for unit in chosen], numbers=naming.numbers(own.id))


def _bound(requirement_id: int) -> str:
    board = queries.board(requirement_id, today=local_date(clock.now()))
    return f"対象は{len(board.lines)}人です。"


def _edit_page(own: RequirementRow, form: RequirementForm) -> str:
    return render_template("console/compliance/edit.html", one=own, form=form)


def _new_page(form: RequirementForm) -> str:
    return render_template("console/compliance/new.html", form=form)


def _offered(trainings: Sequence[EventRow], year: int) -> Offered:
    """With these trainings: the own section's worksheets and courses of their years and of `year`, and the units."""
    section = current_staff().section
    years = sorted({year, *(event.fiscal_year for event in trainings)})
    templates = [one for year in years for one in worksheets.templates(year, section=section)]
    units = {unit.id: unit for chart in org.charts(years).values() for unit in chart}
    offered = [one for year in years for one in courses.of_year(year, section=section)]
    return Offered(trainings, templates, list(units.values()), offered)


def _trainings() -> list[EventRow]:
    """The trainings for staff that the organizer's section holds and that are not over."""
    coming = events.to_come(current_staff().section, now=clock.now())
    return [event for event in coming if event.audience is not EventAudience.RESIDENTS]
