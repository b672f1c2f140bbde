"""What an e-learning course holds: its draft, unit by unit; published as a version that no longer changes."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.elearning import contents, media, queries, services
from app.elearning.rules import blocks
from app.elearning.types import CourseRow, UnitKind, UnitRow
from app.infra import clock
from app.kernel.errors import NotFound
from app.web.console import bp
from app.web.console.forms.elearning import UnitForm
from app.web.console.reach import own_course
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.course_files import unit_file
from app.web.parts.forms import BaseForm
from app.web.parts.guards import takes_body
from app.web.parts.pages import id_of

# The largest file, its captions, and the words beside them.
BODY = media.LARGEST_VIDEO + media.LARGEST_CAPTIONS + 256 * 1024
MOVES = {"up": -1, "down": 1}


@bp.get("/console/elearning/<int:course_id>/contents/")
@allow(Permission.SEE_ELEARNING)
def elearning_contents(course_id: int) -> ResponseReturnValue:
    """The draft, or what is published, as an outline; and every version there was."""
    return _outline(own_course(course_id), BaseForm(formdata=None))


@bp.post("/console/elearning/<int:course_id>/contents/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_contents_post(course_id: int) -> ResponseReturnValue:
    """`do=up:<unit>`, `down` or `remove`: rearrange the draft's units."""
    course, form = own_course(course_id), BaseForm()
    doing, _, number = request.form.get("do", "").partition(":")
    if form.validate():
        with form.refusals():
            if doing in MOVES:
                contents.move_unit(course_id, id_of(number), MOVES[doing], by=current_actor(), now=clock.now())
            elif doing == "remove":
                contents.remove_unit(course_id, id_of(number), by=current_actor(), now=clock.now())
                flash("単元を削除しました。", "success")
            return _to_outline(course_id)
    return _outline(course, form), 422


@bp.post("/console/elearning/<int:course_id>/<any(begin,publish,discard):step>/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_step(course_id: int, step: str) -> ResponseReturnValue:
    """Begin a new version, publish the draft, or throw it away."""
    course, form = own_course(course_id), BaseForm()
    with form.refusals():
        if step == "begin":
            number = services.begin_version(course_id, by=current_actor(), now=clock.now())
            flash(f"第{number}版の下書きを作りました。公開するまで、受講者には前の版が表示されます。", "success")
        elif step == "publish":
            number = services.publish(course_id, by=current_actor(), now=clock.now())
            flash(f"第{number}版を公開しました。", "success")
        else:
            services.discard(course_id, by=current_actor(), now=clock.now())
            flash("下書きを破棄しました。", "success")
        return _to_outline(course_id)
    return _outline(course, form), 422


@bp.get("/console/elearning/<int:course_id>/units/new/<any(page,pdf,slides,video,link):kind>/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_unit_new(course_id: int, kind: str) -> ResponseReturnValue:
    """The form of a new unit."""
    return _unit_page(own_course(course_id), UnitKind(kind), None, UnitForm.of(None))


@bp.post("/console/elearning/<int:course_id>/units/new/<any(page,pdf,slides,video,link):kind>/")
@allow(Permission.MANAGE_ELEARNING)
@takes_body(BODY)
def elearning_unit_new_post(course_id: int, kind: str) -> ResponseReturnValue:
    """Put it behind the others."""
    course, form = own_course(course_id), UnitForm()
    if form.validate():
        with form.refusals():
            contents.add_unit(course_id, form.to_draft(UnitKind(kind)), by=current_actor(), now=clock.now())
            flash("単元を追加しました。", "success")
            return _to_outline(course_id)
    return _unit_page(course, UnitKind(kind), None, form), 422


@bp.get("/console/elearning/<int:course_id>/units/<int:unit_id>/edit/")
@allow(Permission.MANAGE_ELEARNING)
def elearning_unit_edit(course_id: int, unit_id: int) -> ResponseReturnValue:
    """A unit of the draft."""
    course, unit = own_course(course_id), queries.unit(course_id, unit_id)
    return _unit_page(course, unit.kind, unit, UnitForm.of(unit))


@bp.post("/console/elearning/<int:course_id>/units/<int:unit_id>/edit/")
@allow(Permission.MANAGE_ELEARNING)
@takes_body(BODY)
def elearning_unit_edit_post(course_id: int, unit_id: int) -> ResponseReturnValue:
    """Save it."""
    course, unit, form = own_course(course_id), queries.unit(course_id, unit_id), UnitForm()
    if form.validate():
        with form.refusals():
            draft = form.to_draft(unit.kind)
            contents.change_unit(course_id, unit_id, draft, by=current_actor(), now=clock.now())
            flash("単元を保存しました。", "success")
            return _to_outline(course_id)
    return _unit_page(course, unit.kind, unit, form), 422


@bp.get("/console/elearning/<int:course_id>/units/<int:unit_id>/")
@allow(Permission.SEE_ELEARNING)
def elearning_unit(course_id: int, unit_id: int) -> ResponseReturnValue:
    """A unit of any version as staff see it."""
    course, unit = own_course(course_id), queries.unit(course_id, unit_id)
    return render_template("console/elearning/unit_preview.html", course=course, unit=unit, blocks=blocks(unit.body))


@bp.get("/console/elearning/<int:course_id>/units/<int:unit_id>/<any(file,captions):what>")
@allow(Permission.SEE_ELEARNING)
def elearning_unit_file(course_id: int, unit_id: int, what: str) -> Response:
    """The file of a unit, or its captions."""
    own_course(course_id)
    return unit_file(queries.unit(course_id, unit_id), what)


def _to_outline(course_id: int) -> Response:
    return redirect(url_for("console.elearning_contents", course_id=course_id), 303)


def _outline(course: CourseRow, form: BaseForm) -> str:
    versions = queries.versions(course.id)
    shown = versions[0]
    return render_template(
        "console/elearning/contents.html",
        course=course,
        version=shown,
        versions=versions,
        kinds=list(UnitKind),
        form=form,
        editable=current_staff().can(Permission.MANAGE_ELEARNING) and shown.published_at is None,
        manages=current_staff().can(Permission.MANAGE_ELEARNING),
    )


def _unit_page(course: CourseRow, kind: UnitKind, unit: UnitRow | None, form: UnitForm) -> str:
    """Raises NotFound for a unit that is not the draft's."""
    draft = queries.draft(course.id)
    if unit is not None and (draft is None or unit not in draft.units):
        raise NotFound
    accept = media.accepted(kind)
    return render_template(
        "console/elearning/unit.html", course=course, kind=kind, unit=unit, form=form.naming(kind), accept=accept
    )
