"""E-learning courses of a year: made, edited, and how many of each section have completed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.documents.csv_text import csv_bytes
from app.documents.sheets import xlsx
from app.documents.types import Encoding
from app.elearning import board as boards
from app.elearning import queries, services, taking
from app.elearning.types import Board, Learner, SectionLine, Standing
from app.infra import audit, clock
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import Page
from app.web.console import bp
from app.web.console.forms.elearning import CourseForm
from app.web.console.reach import own_course
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import XLSX, attachment
from app.web.parts.pages import id_of, page_number, page_url

PER_PAGE = 100
HEADER = ("部", "課・室", "職員番号", "氏名", "受講の状況", "修了日")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a list shows: `standing` "" for everybody; `department` "" for all; `unit` 0 for all sections."""

    standing: str = ""
    department: str = ""
    unit: int = 0

    @classmethod
    def asked(cls, args: Mapping[str, str]) -> Chosen:
        """What the address says; words that mean nothing are left out."""
        standing = args.get("standing", "")
        known = standing if standing in set(Standing) else ""
        return cls(known, args.get("department", ""), id_of(args.get("unit", "")))

    def people(self, board: Board) -> list[Learner]:
        """Those of a board's people."""
        return [
            one
            for one in board.people
            if self.standing in {"", one.standing}
            and self.department in {"", one.department}
            and self.unit in {0, one.unit_id}
        ]

    def sections(self, board: Board) -> list[SectionLine]:
        """Those of a board's sections: of `standing` only whether everybody has completed is looked at."""
        return [
            one
            for one in board.sections
            if self.department in {"", one.department} and (not self.standing or _is_open(one, self.standing))
        ]


@bp.get("/console/elearning/")
@allow(Permission.SEE_ELEARNING)
def elearning() -> ResponseReturnValue:
    """The courses of a fiscal year."""
    section, this_year = current_staff().section, fiscal_year(clock.now())
    year = id_of(request.args.get("year", "")) or this_year
    return render_template(
        "console/elearning/list.html",
        year=year,
        years=sorted({*queries.years(section), this_year}, reverse=True),
        courses=queries.of_year(year, section=section),
        editable=current_staff().can(Permission.MANAGE_ELEARNING),
    )


@bp.get("/console/elearning/new/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_new() -> ResponseReturnValue:
    """The form of a new course."""
    return _form_page(CourseForm.of(None))


@bp.post("/console/elearning/new/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_new_post() -> ResponseReturnValue:
    """Make it; staff do not see it yet."""
    form = CourseForm()
    if form.validate():
        with form.refusals():
            year, section = fiscal_year(clock.now()), current_staff().section
            made = services.make(year, section, form.to_details(), by=current_actor(), now=clock.now())
            flash("講座を作りました。単元を追加してから公開してください。", "success")
            return redirect(url_for("console.elearning_contents", course_id=made), 303)
    return _form_page(form), 422


@bp.get("/console/elearning/<int:course_id>/")
@allow(Permission.SEE_ELEARNING)
def elearning_board(course_id: int) -> ResponseReturnValue:
    """Every section with how many of its staff have completed; `?department=` and `?standing=` narrow it down."""
    own_course(course_id)
    board, chosen = _board(course_id), Chosen.asked(request.args)
    return render_template(
        "console/elearning/board.html",
        course=board.course,
        board=board,
        chosen=chosen,
        lines=chosen.sections(board),
        departments=_departments(board),
        editable=current_staff().can(Permission.MANAGE_ELEARNING),
    )


@bp.get("/console/elearning/<int:course_id>/people/")
@allow(Permission.SEE_ELEARNING)
def elearning_people(course_id: int) -> ResponseReturnValue:
    """The people, a hundred a page: of a section, of a department, by how far they have come."""
    own_course(course_id)
    board, chosen = _board(course_id), Chosen.asked(request.args)
    people, number = chosen.people(board), page_number()
    rows = people[(number - 1) * PER_PAGE : number * PER_PAGE]
    noted = [f"rows={len(rows)}"]
    audit.note("course.listed", "course", course_id, by=current_actor(), at=clock.now(), fields=noted)
    return render_template(
        "console/elearning/people.html",
        course=board.course,
        chosen=chosen,
        page=Page(rows, number, PER_PAGE, len(people), page_url),
        departments=_departments(board),
        units=[(one.unit_id, one.section) for one in board.sections if one.unit_id],
        standings=list(Standing),
        editable=current_staff().can(Permission.MANAGE_ELEARNING),
    )


@bp.post("/console/elearning/<int:course_id>/people/<int:member_id>/again/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_again(course_id: int, member_id: int) -> ResponseReturnValue:
    """Let somebody take the check anew who has no try left."""
    own_course(course_id)
    taking.allow_again(course_id, member_id, by=current_actor(), now=clock.now())
    flash("確認テストを、もう一度受けられるようにしました。", "success")
    return redirect(url_for("console.elearning_people", course_id=course_id), 303)


@bp.get("/console/elearning/<int:course_id>/people.<any(csv,xlsx):kind>")
@allow(Permission.SEE_ELEARNING)
def elearning_file(course_id: int, kind: str) -> ResponseReturnValue:
    """The people that are chosen, as a file."""
    own_course(course_id)
    rows = [_cells(one) for one in Chosen.asked(request.args).people(_board(course_id))]
    noted = [f"rows={len(rows)}"]
    audit.note("course.exported", "course", course_id, by=current_actor(), at=clock.now(), fields=noted)
    if kind == "xlsx":
        return attachment(xlsx("受講の状況", HEADER, rows), "e-learning.xlsx", XLSX, personal=True)
    content = csv_bytes(HEADER, rows, encoding=Encoding.UTF8).content
    return attachment(content, "e-learning.csv", "text/csv; charset=utf-8", personal=True)


@bp.get("/console/elearning/<int:course_id>/edit/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_edit(course_id: int) -> ResponseReturnValue:
    """Title, summary, due date."""
    course = own_course(course_id)
    return render_template("console/elearning/edit.html", course=course, form=CourseForm.of(course))


@bp.post("/console/elearning/<int:course_id>/edit/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_edit_post(course_id: int) -> ResponseReturnValue:
    """Save them."""
    course, form = own_course(course_id), CourseForm()
    if form.validate():
        with form.refusals():
            services.edit(course_id, form.to_details(), by=current_actor(), now=clock.now())
            flash("保存しました。", "success")
            return redirect(url_for("console.elearning_board", course_id=course_id), 303)
    return render_template("console/elearning/edit.html", course=course, form=form), 422


def _board(course_id: int) -> Board:
    return boards.board(course_id, today=local_date(clock.now()))


def _departments(board: Board) -> list[str]:
    return [name for name in dict.fromkeys(one.department for one in board.people) if name]


def _is_open(line: SectionLine, standing: str) -> bool:
    return (line.done == line.every) is (standing == Standing.DONE)


def _cells(one: Learner) -> Sequence[str]:
    day = local_date(one.completed_at).isoformat() if one.completed_at else ""
    return [one.department, one.section, one.number, one.name, one.standing.word, day]


def _form_page(form: CourseForm) -> str:
    return render_template("console/elearning/new.html", form=form, year=fiscal_year(clock.now()))
