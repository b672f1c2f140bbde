"""The roster of one sitting: a page to print, and files. Every file that leaves is written into the audit log."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.accounts.types import StaffRow
from app.attendance import lists
from app.attendance.lists import Choices, export_header
from app.attendance.types import Order
from app.documents import csv_text, pdf, sheets
from app.documents.errors import ColumnsTooWide
from app.documents.types import DEFAULT_COLUMNS, Column, Encoding, Roster
from app.events.types import AskedRow, EventRow, SittingRow
from app.infra import audit, clock
from app.kernel.japanese_dates import date_text
from app.questions.types import Kind
from app.web.console import bp
from app.web.console.forms.registrations import whole_number
from app.web.console.reach import sitting_by_itself
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import XLSX, attachment

ADDRESS = "/console/sittings/<int:sitting_id>/roster"
MOST_BLANK_ROWS = 40
# What a reception helper may not see, on no page and no paper.
HIDDEN_FROM_HELPERS = frozenset({Column.PHONE, Column.DISTRICT})


@bp.get(f"{ADDRESS}/")
@allow(Permission.SEE_REGISTRATIONS)
def roster(sitting_id: int) -> ResponseReturnValue:
    """The roster as a page that prints on A4, with the choices for it."""
    event, sitting = sitting_by_itself(sitting_id)
    staff, choices = current_staff(), _choices(event)
    sheet = _roster(event, sitting, choices)
    audit.note("roster.shown", "sitting", sitting.id, by=staff.actor, at=clock.now(), fields=_audited(sheet))
    return _page(event, sitting, choices, sheet)


@bp.get(f"{ADDRESS}.pdf")
@allow(Permission.EXPORT)
def roster_pdf(sitting_id: int) -> ResponseReturnValue:
    """The same, set by the typesetter."""
    event, sitting = sitting_by_itself(sitting_id)
    choices = _choices(event)
    sheet = _roster(event, sitting, choices)
    try:
        content = pdf.roster_pdf(sheet)
    except ColumnsTooWide as refusal:
        return _page(event, sitting, choices, sheet, problem=refusal.message), 422
    return _file(sitting, content, "pdf", "application/pdf", fields=_audited(sheet))


@bp.get(f"{ADDRESS}.xlsx")
@allow(Permission.EXPORT)
def roster_xlsx(sitting_id: int) -> ResponseReturnValue:
    """Everything about everybody with a place, as a workbook."""
    event, sitting = sitting_by_itself(sitting_id)
    rows = lists.export_rows(sitting_id, _order(), event.asked)
    content = sheets.xlsx("名簿", export_header(event.asked), rows)
    return _file(sitting, content, "xlsx", XLSX, fields=_exported(len(rows)))


@bp.get(f"{ADDRESS}.csv")
@allow(Permission.EXPORT)
def roster_csv(sitting_id: int) -> ResponseReturnValue:
    """The same as CSV in UTF-8, which keeps every character."""
    event, sitting = sitting_by_itself(sitting_id)
    rows = lists.export_rows(sitting_id, _order(), event.asked)
    file = csv_text.csv_bytes(export_header(event.asked), rows, encoding=Encoding.UTF8)
    return _file(sitting, file.content, "csv", "text/csv; charset=utf-8", fields=_exported(len(rows)))


@bp.get(f"{ADDRESS}-sjis.csv")
@allow(Permission.EXPORT)
def roster_sjis_csv(sitting_id: int) -> ResponseReturnValue:
    """The same in Shift_JIS; where that loses characters, first a page that says which."""
    event, sitting = sitting_by_itself(sitting_id)
    rows = lists.export_rows(sitting_id, _order(), event.asked)
    file = csv_text.csv_bytes(export_header(event.asked), rows, encoding=Encoding.CP932)
    if file.replaced and request.args.get("sure") != "1":
        names = {number: row[2] for number, row in enumerate(rows, 2)}
        return render_template(
            "console/roster/replaced.html", event=event, sitting=sitting, replaced=file.replaced, names=names
        )
    media_type = "text/csv; charset=Shift_JIS"
    return _file(sitting, file.content, "csv", media_type, fields=_exported(len(rows)), suffix="_Shift_JIS")


def _roster(event: EventRow, sitting: SittingRow, choices: Choices) -> Roster:
    return lists.roster(event, sitting, choices, printed_by=current_staff().name, now=clock.now())


def _choices(event: EventRow) -> Choices:
    """What the address asks for, within what the person may see."""
    offered = _offered(event, current_staff())
    asked = [column for column in offered if column.value in request.args.getlist("column")]
    blank = whole_number(request.args.get("blank", ""))
    return Choices(
        order=_order(),
        columns=tuple(asked) or tuple(column for column in DEFAULT_COLUMNS if column in offered),
        blank_rows=5 if blank is None else min(blank, MOST_BLANK_ROWS),
        page_per_group=request.args.get("group") == "1",
        questions=tuple(
            row for row in _offered_questions(event) if row.question.key in request.args.getlist("question")
        ),
    )


def _offered(event: EventRow, staff: StaffRow) -> list[Column]:
    """The columns that say something for this event. The name cannot be left out."""
    unasked = {
        Column.DISTRICT: not event.asks_district,
        Column.AFFILIATION: not event.shows_affiliation,
        Column.PARTY: event.max_companions == 0,
        Column.NOTE: not event.asks_needs,
    }
    hidden = frozenset() if staff.can(Permission.SEE_CONTACTS) else HIDDEN_FROM_HELPERS
    return [column for column in Column if not unasked.get(column) and column not in hidden]


def _offered_questions(event: EventRow) -> list[AskedRow]:
    """Whose answers may stand on the roster: to none for a reception helper, and no files."""
    if not current_staff().can(Permission.SEE_CONTACTS):
        return []
    return [row for row in event.asked if row.question.kind is not Kind.FILE and not row.retired]


def _order() -> Order:
    return next((o for o in Order if o.value == request.args.get("order")), Order.KANA)


def _page(event: EventRow, sitting: SittingRow, choices: Choices, sheet: Roster, *, problem: str = "") -> str:
    staff = current_staff()
    return render_template(
        "console/roster/roster.html",
        event=event,
        sitting=sitting,
        choices=choices,
        sheet=sheet,
        offered=_offered(event, staff),
        offered_questions=_offered_questions(event),
        orders=tuple(Order),
        most_blank_rows=MOST_BLANK_ROWS,
        may_export=staff.can(Permission.EXPORT),
        asked=_asked(choices),
        problem=problem,
    )


def _asked(choices: Choices) -> dict[str, object]:
    """The choices as they stand in an address."""
    return {
        "order": choices.order.value,
        "column": [column.value for column in choices.columns],
        "question": [row.question.key for row in choices.questions],
        "blank": choices.blank_rows,
        "group": "1" if choices.page_per_group else None,
    }


def _audited(sheet: Roster) -> list[str]:
    answers = [f"answers={len(sheet.questions)}"] if sheet.questions else []
    return [*(column.value for column in sheet.columns), *answers, f"rows={len(sheet.rows)}"]


def _exported(rows: int) -> list[str]:
    return ["all_columns", f"rows={rows}"]


def _file(
    sitting: SittingRow, content: bytes, kind: str, media_type: str, *, fields: list[str], suffix: str = ""
) -> Response:
    """The file, once its leaving is written down."""
    audit.note("roster.exported", "sitting", sitting.id, by=current_actor(), at=clock.now(), fields=[kind, *fields])
    about = "_".join(part for part in ("名簿", date_text(sitting.starts_at), sitting.label) if part)
    return attachment(content, f"{about}{suffix}.{kind}", media_type, personal=True)
