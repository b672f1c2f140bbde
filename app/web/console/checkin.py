"""Attendance of one sitting: the sheet on the screen, walk-ins, plain head-counts, the count of the paper, closing."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.attendance import queries, services
from app.attendance.types import Marked, Order, Presence, Sheet
from app.events.audiences import Category
from app.events.types import EventRow, SittingRow
from app.infra import audit, clock
from app.kernel.errors import Refusal
from app.web.console import bp
from app.web.console.forms.attendance import (
    ARRIVALS,
    LARGEST_SHEET,
    CountForm,
    HeadcountForm,
    PartOfPage,
    SheetForm,
    WalkInForm,
    posted_marks,
)
from app.web.console.reach import sitting_by_itself
from app.web.console.registrations import SMALL_LIST
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.guards import takes_fields

ADDRESS = "/console/sittings/<int:sitting_id>/attendance/"
STALE = "次の方は、ほかの画面で先に入力されていました。今の記録を表示しています："
GONE = "申込みが取り消されたため、入力できなかった方がいます。"


@bp.get(ADDRESS)
@allow(Permission.CHECK_IN)
def attendance(sitting_id: int) -> ResponseReturnValue:
    """The sheet, in the order and with the numbers of the printed one."""
    event, sitting = sitting_by_itself(sitting_id)
    if sitting.seats_taken > SMALL_LIST:
        audit.note("attendance.listed", "sitting", sitting.id, by=current_actor(), at=clock.now())
    return _page(event, sitting)


@bp.post(ADDRESS)
@allow(Permission.CHECK_IN)
@takes_fields(LARGEST_SHEET)
def attendance_save(sitting_id: int) -> ResponseReturnValue:
    """Write the lines that were changed: all at once from the plain page, one by one from the page's script."""
    event, sitting = sitting_by_itself(sitting_id)
    form, correct = SheetForm(), current_staff().can(Permission.UNDO_CHECK_IN)
    marks = posted_marks(request.form, allowed=tuple(Presence) if correct else ARRIVALS, may_correct=correct)
    try:
        done = services.mark_many(sitting_id, marks, reason=_why(form), by=current_actor(), now=clock.now())
    except Refusal as refusal:
        if _wants_json():
            return jsonify(detail=refusal.message), 422
        form.refuse(refusal)
        return _page(event, sitting, form), 422
    if _wants_json():
        return _answer(sitting_id, [mark.registration_id for mark in marks], done)
    _say(sitting_id, done)
    return _back(sitting_id)


@bp.post(f"{ADDRESS}walk-ins/")
@allow(Permission.CHECK_IN)
def walk_in_add(sitting_id: int) -> ResponseReturnValue:
    """Count somebody who came without registration."""
    event, sitting = sitting_by_itself(sitting_id)
    form = WalkInForm()
    if form.validate():
        with form.refusals():
            walk_in = form.to_walk_in()
            services.add_walk_in(sitting_id, walk_in, reason=_why(form), by=current_actor(), now=clock.now())
            flash(f"当日受付：{walk_in.name}さん（{walk_in.people}人）を入力しました。", "success")
            return _back(sitting_id, "walk-ins")
    return _page(event, sitting, form), 422


@bp.post(f"{ADDRESS}walk-ins/<int:line_id>/remove/")
@allow(Permission.UNDO_CHECK_IN)
def walk_in_remove(sitting_id: int, line_id: int) -> ResponseReturnValue:
    """Take a walk-in off the sheet."""
    event, sitting = sitting_by_itself(sitting_id)
    form = SheetForm()
    with form.refusals():
        services.remove_walk_in(sitting_id, line_id, reason=form.why, by=current_actor(), now=clock.now())
        flash("当日受付の入力を取り消しました。", "success")
        return _back(sitting_id, "walk-ins")
    return _page(event, sitting, form), 422


@bp.post(f"{ADDRESS}count/")
@allow(Permission.CLOSE_ATTENDANCE)
def attendance_count(sitting_id: int) -> ResponseReturnValue:
    """Keep the count of the paper sheet; with the button 出席を確定する also close the attendance."""
    event, sitting = sitting_by_itself(sitting_id)
    form, by, now = CountForm(), current_actor(), clock.now()
    if form.validate():
        with form.refusals():
            services.set_sheet_count(sitting_id, form.sheet_count.data, reason=form.why, by=by, now=now)
            if "close" in request.form:
                rest = Presence.ABSENT if form.rest_absent.data else None
                services.close(sitting_id, rest=rest, by=by, now=now)
            flash("出席を確定しました。" if "close" in request.form else "名簿の人数を保存しました。", "success")
            return _back(sitting_id, "closing")
    return _page(event, sitting, form), 422


@bp.post(f"{ADDRESS}headcount/")
@allow(Permission.CLOSE_ATTENDANCE)
def headcount_save(sitting_id: int) -> ResponseReturnValue:
    """Keep how many people came where no names were taken."""
    event, sitting = sitting_by_itself(sitting_id)
    form = HeadcountForm()
    if form.validate():
        with form.refusals():
            for category, people in form.numbers().items():
                services.set_headcount(
                    sitting_id, category, people, reason=form.why, by=current_actor(), now=clock.now()
                )
            flash("人数を保存しました。", "success")
            return _back(sitting_id, "headcount")
    return _page(event, sitting, form), 422


def _page(event: EventRow, sitting: SittingRow, sent: PartOfPage | None = None) -> str:
    """The page; the form that was `sent` keeps what was typed."""
    sheet, staff = queries.sheet(sitting.id, _order()), current_staff()
    forms: dict[str, PartOfPage] = {
        "sheet_form": SheetForm.blank(),
        "walk_in_form": WalkInForm.blank(),
        "count_form": CountForm.blank(sheet_count=sheet.sheet_count),
        "headcount_form": HeadcountForm.of(sheet),
    }
    forms.update({name: sent for name, form in forms.items() if sent is not None and type(sent) is type(form)})
    correct = staff.can(Permission.UNDO_CHECK_IN)
    return render_template(
        "console/attendance/sheet.html",
        **forms,
        event=event,
        sitting=sitting,
        sheet=sheet,
        order=_order(),
        orders=tuple(Order),
        presences=tuple(Presence) if correct else ARRIVALS,
        correct=correct,
        may_close=staff.can(Permission.CLOSE_ATTENDANCE),
        sent=sent,
    )


def _why(form: PartOfPage) -> str | None:
    """The reason given, by those who may correct: for others a closed sheet stays as it is."""
    return form.why if current_staff().can(Permission.UNDO_CHECK_IN) else None


def _order() -> Order:
    return next((o for o in Order if o.value == request.args.get("order")), Order.KANA)


def _wants_json() -> bool:
    kinds = request.accept_mimetypes
    return kinds["application/json"] > kinds["text/html"]


def _answer(sitting_id: int, asked: list[int], done: Marked) -> ResponseReturnValue:
    """What the page's script needs: the lines it asked about as they are now, and the totals."""
    sheet = queries.sheet(sitting_id, _order())
    lines = {
        line.registration_id: {"was": _was(line.version, line.presence, line.people), "people": line.people}
        for line in sheet.lines
        if line.registration_id in asked
    }
    totals = {category.value: sheet.totals.of(category) for category in Category}
    totals |= {"people": sheet.totals.people, "away": sheet.totals.absent + sheet.totals.excused}
    return jsonify(lines=lines, stale=done.stale, gone=done.gone, unmarked=sheet.totals.unmarked, totals=totals)


def _was(version: int, presence: Presence | None, people: int) -> str:
    return f"{version}:{presence.value if presence else 'none'}:{people}"


def _say(sitting_id: int, done: Marked) -> None:
    if done.stale:
        names = {line.registration_id: line.name for line in _sheet(sitting_id).lines}
        flash(STALE + "、".join(names[one] for one in done.stale), "warn")
    if done.gone:
        flash(GONE, "warn")
    if done.changed:
        flash(f"{len(done.changed)}件の出欠を保存しました。", "success")
    elif not done.stale and not done.gone:
        flash("変更はありませんでした。", "info")


def _sheet(sitting_id: int) -> Sheet:
    return queries.sheet(sitting_id, _order())


def _back(sitting_id: int, anchor: str | None = None) -> ResponseReturnValue:
    order = request.args.get("order") or None
    return redirect(url_for("console.attendance", sitting_id=sitting_id, order=order, _anchor=anchor), 303)
