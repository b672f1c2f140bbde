"""A section's worksheet: filled in on the web, handed in, confirmed by the head, put right when it comes back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.documents.sniffing import ACCEPT
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.kernel.japanese_dates import local_date, time_text
from app.kernel.types import JSON, Actor
from app.org import queries as org
from app.org.rules import is_head
from app.org.types import UnitRow
from app.questions.carrying import differences, rows_of, single_of, text_of
from app.questions.types import Problem
from app.questions.validate import check
from app.web.my import bp
from app.web.my.trainings import own_member_id
from app.web.parts import question_fields as fields
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.web.parts.guards import takes_body, takes_fields
from app.web.parts.pages import id_of
from app.worksheets import queries, services
from app.worksheets.errors import ChangedMeanwhile, Incomplete
from app.worksheets.types import Saved, WorksheetView

# A hundred tasks with every field filled are about a megabyte on the way.
MOST_BYTES, MOST_FIELDS = 4 * 1024 * 1024, 20_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with what was sent: with all of it, with some answers, with the file."""

    whole: str = ""
    answers: tuple[Problem, ...] = ()
    file: str = ""


@bp.get("/my/worksheets/")
@allow(SIGNED_IN)
def worksheets() -> ResponseReturnValue:
    """What the own sections fill in this year."""
    return render_template("my/worksheets/list.html", owed=queries.owed(own_member_id(), today=local_date(clock.now())))


@bp.get("/my/worksheets/<int:template_id>/<int:unit_id>/")
@allow(SIGNED_IN)
def worksheet(template_id: int, unit_id: int) -> ResponseReturnValue:
    """The form while it can be written, afterwards what was handed in."""
    view, unit = own_worksheet(template_id, unit_id)
    return worksheet_page(view, unit)


@bp.post("/my/worksheets/<int:template_id>/<int:unit_id>/")
@allow(SIGNED_IN)
@takes_body(MOST_BYTES)
@takes_fields(MOST_FIELDS)
def worksheet_post(template_id: int, unit_id: int) -> ResponseReturnValue:
    """Keep what was typed; with `do` also add, remove or hand in. A script gets JSON, a browser the page again."""
    view, unit = own_worksheet(template_id, unit_id)
    typed = fields.typed_answers(view.definition, request.form)
    doing, _, place = request.form.get("do", "save").partition(":")
    answers = fields.rearranged(typed, doing, place)
    try:
        saved = services.save(template_id, unit_id, answers, version=sent_version(), by=_actor(), now=clock.now())
        if doing == "submit":
            found = queries.for_section(template_id, unit_id)
            _hand_in(found, saved)
            flash("提出しました。", "success")
    except ChangedMeanwhile as refusal:
        return conflict(view, unit, typed, refusal)
    except Incomplete as refusal:
        return worksheet_page(queries.for_section(template_id, unit_id), unit, Wrong(answers=refusal.problems)), 422
    except Refusal as refusal:
        return refused(view, unit, typed, refusal)
    if _wants_json():
        return jsonify(version=saved.version, missing=len(saved.problems), at=time_text(clock.now()))
    if doing == "save":
        flash(_said(saved), "success")
    return _back(template_id, unit_id, place if doing in {"add", "copy"} else "")


@bp.post("/my/worksheets/<int:template_id>/<int:unit_id>/<any(copy,withdraw,approve,return):step>/")
@allow(SIGNED_IN)
def worksheet_step(template_id: int, unit_id: int, step: str) -> ResponseReturnValue:
    """Take along last year's, take it back, or what the section's head decides."""
    view, unit = own_worksheet(template_id, unit_id)
    if step in {"approve", "return"} and not _leads(unit_id):
        raise NotFound
    by, now = _actor(), clock.now()
    try:
        if step == "copy":
            services.copy_from_last_year(template_id, unit_id, version=sent_version(), by=by, now=now)
        elif view.id is None:
            raise NotFound
        elif step == "withdraw":
            services.withdraw(view.id, by=by, now=now)
        elif step == "approve":
            services.approve(view.id, by=by, now=now)
        else:
            services.send_back(view.id, request.form.get("comment", "").strip(), by=by, now=now)
    except Refusal as refusal:
        return worksheet_page(queries.for_section(template_id, unit_id), unit, Wrong(refusal.message)), 422
    flash(DONE[step], "success")
    return _back(template_id, unit_id, "")


@bp.get("/my/worksheets/<int:template_id>/<int:unit_id>/history/")
@allow(SIGNED_IN)
def worksheet_history(template_id: int, unit_id: int) -> ResponseReturnValue:
    """Each step of the story with what changed since the one before."""
    view, unit = own_worksheet(template_id, unit_id)
    story = queries.story_for_section(view.id) if view.id is not None else []
    return render_template("my/worksheets/history.html", view=view, unit=unit, story=story)


DONE = {
    "copy": "前年度の内容を写しました。",
    "withdraw": "提出を取り下げました。直してから、もう一度提出してください。",
    "approve": "内容を確認しました。",
    "return": "差し戻しました。",
}


def own_worksheet(template_id: int, unit_id: int) -> tuple[WorksheetView, UnitRow]:
    """The worksheet of one of the own sections. Raises NotFound for any other."""
    template = queries.template(template_id)
    today = local_date(clock.now())
    units = queries.units_of_member(own_member_id(), on=today, fiscal_year=template.fiscal_year)
    unit = next((one for one in units if one.id == unit_id), None)
    if unit is None or template.opened_at is None:
        raise NotFound
    return queries.for_section(template_id, unit_id), unit


def _hand_in(view: WorksheetView, saved: Saved) -> None:
    member = own_member_id()
    services.submit(view.id or 0, version=saved.version, by=_actor(), now=clock.now(), member_id=member)


def _leads(unit_id: int) -> bool:
    member = org.member(own_member_id(), on=local_date(clock.now()))
    return member.unit is not None and member.unit.id == unit_id and is_head(member.position)


def worksheet_page(
    view: WorksheetView,
    unit: UnitRow,
    wrong: Wrong | None = None,
    *,
    typed: dict[str, JSON] | None = None,
    theirs: WorksheetView | None = None,
) -> str:
    """The form, or what was handed in; with what was `typed` and not kept, and what is wrong with it."""
    wrong = wrong or Wrong()
    answers = view.answers if typed is None else check(view.definition, typed, complete=False).answers
    return render_template(
        "my/worksheets/fill_in.html" if view.editable else "my/worksheets/read.html",
        view=view,
        unit=unit,
        answers=answers,
        values=fields.controls(view.definition, answers),
        wrong=fields.messages_at(view.definition, wrong.answers),
        problems=fields.linked(view.definition, view.answers, wrong.answers),
        problem=wrong.whole,
        file_problem=wrong.file,
        accept=ACCEPT,
        theirs=theirs,
        changed=differences(view.definition, answers, theirs.answers) if theirs else [],
        name=fields.name_of,
        hint=fields.hint_of,
        choices=fields.choices_of,
        leads=_leads(unit.id),
        blank=not any(rows_of(section, answers) for section in view.definition.sections),
        rows_of=rows_of,
        single_of=single_of,
        text_of=text_of,
    )


def conflict(
    view: WorksheetView, unit: UnitRow, typed: dict[str, JSON], refusal: ChangedMeanwhile, *, file_problem: str = ""
) -> ResponseReturnValue:
    """Both texts, and nothing overwritten."""
    theirs = refusal.theirs
    if _wants_json():
        content = {"detail": refusal.message, "version": theirs.version, "by": theirs.updated_by}
        return jsonify(content | {"controls": fields.controls(theirs.definition, theirs.answers)}), 409
    return worksheet_page(view, unit, Wrong(refusal.message, file=file_problem), typed=typed, theirs=theirs), 409


def refused(view: WorksheetView, unit: UnitRow, typed: dict[str, JSON], refusal: Refusal) -> ResponseReturnValue:
    """Why it was not kept, above what was typed."""
    if _wants_json():
        return jsonify(detail=refusal.message), 422
    return worksheet_page(view, unit, Wrong(refusal.message), typed=typed), 422


def _said(saved: Saved) -> str:
    missing = f"提出までに、あと{len(saved.problems)}か所の記入が必要です。" if saved.problems else "提出できます。"
    return f"保存しました。{missing}"


def _back(template_id: int, unit_id: int, place: str) -> Response:
    anchor = f"section-{place.partition(':')[0]}-end" if place else None
    return redirect(url_for("my.worksheet", template_id=template_id, unit_id=unit_id, _anchor=anchor), 303)


def sent_version() -> int:
    """The version that the page was made of."""
    return id_of(request.form.get("version", ""))


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _actor() -> Actor:
    return current_staff().actor
