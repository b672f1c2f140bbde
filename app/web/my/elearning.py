"""E-learning for staff: the courses, unit by unit, the check at the end, the certificate."""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.documents import pdf
from app.elearning import certificates, progress, taking
from app.elearning.errors import Unanswered
from app.elearning.rules import blocks
from app.elearning.types import Progress, UnitRow
from app.infra import clock
from app.kernel.errors import NotFound, Refusal
from app.kernel.types import JSON
from app.web.my import bp
from app.web.my.trainings import own_member_id
from app.web.parts import question_fields as fields
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.web.parts.course_files import unit_file
from app.web.parts.downloads import attachment
from app.web.parts.pages import id_of


@bp.get("/my/elearning/")
@allow(SIGNED_IN)
def courses() -> ResponseReturnValue:
    """Every course one can take, those that are not completed first."""
    found = progress.of_member(own_member_id())
    return render_template("my/elearning/list.html", found=sorted(found, key=lambda one: one.completion is not None))


@bp.get("/my/elearning/<int:course_id>/")
@allow(SIGNED_IN)
def course(course_id: int) -> ResponseReturnValue:
    """One course: its units with what was read, the check, the certificate."""
    return _course_page(progress.one(course_id, own_member_id()))


@bp.get("/my/elearning/<int:course_id>/units/<int:unit_id>/")
@allow(SIGNED_IN)
def course_unit(course_id: int, unit_id: int) -> ResponseReturnValue:
    """One unit, with those before and after it."""
    own = progress.one(course_id, own_member_id())
    unit = _unit(own, unit_id)
    at = own.version.units.index(unit)
    return render_template(
        "my/elearning/unit.html", own=own, unit=unit, at=at, blocks=blocks(unit.body), units=own.version.units
    )


@bp.post("/my/elearning/<int:course_id>/units/<int:unit_id>/")
@allow(SIGNED_IN)
def course_unit_post(course_id: int, unit_id: int) -> ResponseReturnValue:
    """「読みました」: on to the next unit that was not read, or back to the course."""
    member_id = own_member_id()
    try:
        done = taking.read(course_id, unit_id, member_id, by=current_staff().actor, now=clock.now())
    except Refusal as refusal:
        return _course_page(progress.one(course_id, member_id), refusal.message), 422
    own = progress.one(course_id, member_id)
    if done:
        flash("すべての単元を読み、この講座を修了しました。", "success")
    elif own.next_unit is not None:
        return redirect(url_for("my.course_unit", course_id=course_id, unit_id=own.next_unit.id), 303)
    return redirect(url_for("my.course", course_id=course_id), 303)


@bp.get("/my/elearning/<int:course_id>/units/<int:unit_id>/<any(file,captions):what>")
@allow(SIGNED_IN)
def course_unit_file(course_id: int, unit_id: int, what: str) -> Response:
    """The file of a unit, or its captions."""
    return unit_file(_unit(progress.one(course_id, own_member_id()), unit_id), what)


@bp.get("/my/elearning/<int:course_id>/check/")
@allow(SIGNED_IN)
def course_check(course_id: int) -> ResponseReturnValue:
    """The questions; whoever cannot take the check now is told why on the course's page."""
    own = progress.one(course_id, own_member_id())
    if not own.version.check.questions:
        raise NotFound
    if own.completion is not None or not own.all_read or own.tries_left == 0:
        return redirect(url_for("my.course", course_id=course_id), 303)
    return _check_page(own, {})


@bp.post("/my/elearning/<int:course_id>/check/")
@allow(SIGNED_IN)
def course_check_post(course_id: int) -> ResponseReturnValue:
    """Take the check; what is left open is named at its place and costs no try."""
    own = progress.one(course_id, own_member_id())
    definition = own.version.check.definition
    if definition is None:
        raise NotFound
    typed = fields.typed_answers(definition, request.form)
    version_id = id_of(request.form.get("version", ""))
    actor, now = current_staff().actor, clock.now()
    try:
        taking.answer(course_id, own_member_id(), typed, version_id=version_id, by=actor, now=now)
    except Unanswered as refusal:
        return _check_page(own, typed, refusal), 422
    except Refusal as refusal:
        return _course_page(progress.one(course_id, own_member_id()), refusal.message), 422
    return redirect(url_for("my.course_result", course_id=course_id), 303)


@bp.get("/my/elearning/<int:course_id>/result/")
@allow(SIGNED_IN)
def course_result(course_id: int) -> ResponseReturnValue:
    """How the last go at the check went, question by question."""
    own = progress.one(course_id, own_member_id())
    if own.last is None or own.version.check.definition is None:
        return redirect(url_for("my.course", course_id=course_id), 303)
    given = fields.controls(own.version.check.definition, own.last.answers)
    section = own.version.check.definition.sections[0]
    chosen = {asked.key: given.get(fields.name_of(section, None, asked.key), []) for asked in section.questions}
    return render_template("my/elearning/result.html", own=own, last=own.last, chosen=chosen)


@bp.get("/my/elearning/<int:course_id>/certificate.pdf")
@allow(SIGNED_IN)
def course_certificate(course_id: int) -> Response:
    """One's own certificate."""
    one = certificates.of_member(course_id, own_member_id())
    issuer: str = current_app.config["TSUDOI"].certificate_issuer
    content = pdf.certificates_pdf([certificates.sheet(one, issuer=issuer)])
    return attachment(content, f"Eラーニング修了証_{one.title}.pdf", "application/pdf", personal=True)


def _unit(own: Progress, unit_id: int) -> UnitRow:
    """A unit of the version one takes. Raises NotFound."""
    for unit in own.version.units:
        if unit.id == unit_id:
            return unit
    raise NotFound


def _course_page(own: Progress, problem: str = "") -> str:
    return render_template("my/elearning/course.html", own=own, problem=problem)


def _check_page(own: Progress, typed: Mapping[str, JSON], refusal: Unanswered | None = None) -> str:
    definition = own.version.check.definition
    if definition is None:
        raise NotFound
    problems = refusal.problems if refusal else ()
    return render_template(
        "my/elearning/check.html",
        own=own,
        section=definition.sections[0],
        name=fields.name_of,
        hint=fields.hint_of,
        choices=fields.choices_of,
        values=fields.controls(definition, typed),
        wrong=fields.messages_at(definition, problems),
        problems=fields.linked(definition, typed, problems),
    )
