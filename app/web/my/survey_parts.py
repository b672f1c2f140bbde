"""One part of a section's answer to the survey: filled in by several people at once, and handed to a colleague."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.kernel.japanese_dates import local_date, time_text
from app.kernel.types import JSON
from app.org import queries as org
from app.questions import merging
from app.questions.carrying import differences
from app.questions.types import Definition, Question, Section
from app.questions.validate import check, is_row, new_row
from app.surveys import handing, services
from app.surveys.errors import ChangedMeanwhile
from app.surveys.types import AnswerView, PartView, Place, Reach, Saved
from app.web.my import bp
from app.web.my.surveys import own_answer
from app.web.my.trainings import own_member_id
from app.web.parts import question_fields as fields
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.web.parts.pages import id_of

# In an address: the part is the section of the form itself, not a row of it.
WHOLE = "-"
PART = "/my/surveys/<int:survey_id>/<int:unit_id>/<section>/<row>/"


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why something was not kept: of the answers, with what was typed and what somebody else saved; or of handing."""

    problem: str = ""
    typed: JSON = None
    theirs: PartView | None = None
    handing: str = ""


@bp.get(PART)
@allow(SIGNED_IN)
def survey_part(survey_id: int, unit_id: int, section: str, row: str) -> ResponseReturnValue:
    """The questions of a part; a row that is not there yet is empty and begins with the first saving."""
    view, _unit, reach = own_answer(survey_id, unit_id)
    part = _part(view, reach, section, row)
    return _page(view, reach, part)


@bp.post(PART)
@allow(SIGNED_IN)
def survey_part_post(survey_id: int, unit_id: int, section: str, row: str) -> ResponseReturnValue:
    """Keep what was typed; with `do` also remove the row or say that it is done. A script gets JSON."""
    view, _unit, reach = own_answer(survey_id, unit_id)
    part = _part(view, reach, section, row)
    asked, doing = reach.asked(part), request.form.get("do", "save")
    typed = _alone(part.section, asked)
    given = fields.typed_answers(typed, request.form).get(part.section.key)
    place, read = _place(view, part), request.form.get("version", "")
    try:
        if doing == "remove" and reach.whole:
            services.remove_row(place, by=current_staff().actor, now=clock.now())
            flash(f"{part.section.row_word}を削除しました。", "success")
            return _back(view)
        saved = services.save_part(place, given, asked=asked, read=read, by=current_staff().actor, now=clock.now())
        if doing == "done" and not reach.whole:
            handing.finish(place, own_member_id(), by=current_staff().actor, now=clock.now())
    except Refusal as refusal:
        return _refused(view, reach, part, given, refusal)
    return _answer(view, reach, part, saved, doing)


@bp.post(PART + "<any(hand,take_back):step>/")
@allow(SIGNED_IN)
def survey_part_step(survey_id: int, unit_id: int, section: str, row: str, step: str) -> ResponseReturnValue:
    """Let a colleague fill it in, all of it or one question; or no longer."""
    view, _unit, reach = own_answer(survey_id, unit_id)
    part = _part(view, reach, section, row)
    if not reach.whole:
        raise NotFound
    place, by, now = _place(view, part), current_staff().actor, clock.now()
    member, question = id_of(request.form.get("member", "")), request.form.get("question", "")
    try:
        if step == "hand":
            handing.hand(place, question, member, by=by, now=now)
            flash("記入を依頼しました。お知らせのメールをお送りします。", "success")
        else:
            handing.take_back(place, id_of(request.form.get("handed", "")), by=by, now=now)
            flash("依頼を取り消しました。記入された内容は残っています。", "success")
    except Refusal as refusal:
        return _page(view, reach, part, Wrong(handing=refusal.message)), 422
    return redirect(url_for("my.survey_part", **_address(view, part), _anchor="handing"), 303)


def _part(view: AnswerView, reach: Reach, section: str, row: str) -> PartView:
    """The part of that address. Raises NotFound for one that is not there or not theirs."""
    key = "" if row == WHOLE else row
    try:
        found = view.part(section, key)
    except LookupError:
        known = next((one for one in view.survey.definition.sections if one.key == section and one.repeats), None)
        if known is None or not is_row(key):
            raise NotFound from None
        found = PartView(0, known, key, {})
    if not view.editable or not reach.asked(found):
        raise NotFound
    return found


def _place(view: AnswerView, part: PartView) -> Place:
    return Place(view.survey.id, view.unit_id, part.section.key, part.row)


def _address(view: AnswerView, part: PartView) -> dict[str, Any]:
    where = {"section": part.section.key, "row": part.row or WHOLE}
    return {"survey_id": view.survey.id, "unit_id": view.unit_id, **where}


def _alone(section: Section, asked: tuple[Question, ...]) -> Definition:
    """The part as a form of its own."""
    return Definition(section.title, (replace(section, questions=asked, repeats=False),))


def _page(view: AnswerView, reach: Reach, part: PartView, wrong: Wrong | None = None) -> str:
    """The form, with what was typed and not kept, and why."""
    wrong = wrong or Wrong()
    theirs = wrong.theirs
    asked = reach.asked(part)
    form = _alone(part.section, asked)
    key = part.section.key
    mine: Any = part.answers
    if wrong.typed is not None:
        mine = check(form, {key: wrong.typed}, complete=False).answers.get(key, {})
    return render_template(
        "my/surveys/part.html",
        view=view,
        part=part,
        reach=reach,
        section=form.sections[0],
        address=_address(view, part),
        values=fields.controls(form, {key: mine}),
        wrong=fields.messages_at(form, (one for one in part.problems if one.question in {q.key for q in asked})),
        version=merging.marks(asked, (theirs or part).answers),
        theirs=theirs,
        changed=differences(form, {key: mine}, {key: theirs.answers}) if theirs else [],
        problem=wrong.problem,
        hand_problem=wrong.handing,
        colleagues=_colleagues(view) if reach.whole else [],
        name=fields.name_of,
        hint=fields.hint_of,
        choices=fields.choices_of,
    )


def _colleagues(view: AnswerView) -> list[tuple[int, str]]:
    """Who works at the section besides oneself."""
    own = own_member_id()
    found = org.members_of([view.unit_id], on=local_date(clock.now()))
    return [(one.id, f"{one.name}（{one.position}）" if one.position else one.name) for one in found if one.id != own]


def _refused(view: AnswerView, reach: Reach, part: PartView, given: JSON, refusal: Refusal) -> ResponseReturnValue:
    """Why it was not kept, above what was typed; both texts where somebody else was first."""
    theirs = refusal.theirs if isinstance(refusal, ChangedMeanwhile) else None
    if _wants_json() and theirs is not None:
        asked = reach.asked(part)
        controls = fields.controls(_alone(part.section, asked), {part.section.key: theirs.answers})
        version = merging.marks(asked, theirs.answers)
        by = theirs.updated_by or "別の職員"
        return jsonify(detail=refusal.message, version=version, by=by, controls=controls), 409
    if _wants_json():
        return jsonify(detail=refusal.message), 422
    page = _page(view, reach, part, Wrong(refusal.message, given, theirs))
    return page, 409 if theirs is not None else 422


def _answer(view: AnswerView, reach: Reach, part: PartView, saved: Saved, doing: str) -> ResponseReturnValue:
    missing = f"提出までに、あと{saved.problems}か所の記入が必要です。" if saved.problems else ""
    said = missing if reach.whole else ""
    if _wants_json():
        return jsonify(version=saved.marks, said=said, at=time_text(clock.now()))
    kept = "ほかの職員が先に保存した欄は、その内容を残しています。" if saved.theirs else ""
    flash(f"{'記入の終わりを伝えました。' if doing == 'done' else '保存しました。'}{kept}{said}", "success")
    if doing == "next" and part.section.repeats:
        where = _address(view, replace(part, row=new_row()))
        return redirect(url_for("my.survey_part", **where), 303)
    return _back(view)


def _back(view: AnswerView) -> Response:
    return redirect(url_for("my.survey", survey_id=view.survey.id, unit_id=view.unit_id), 303)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
