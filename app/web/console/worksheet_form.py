"""What a worksheet asks, changed piece by piece: sections, questions, their order; and how a section will see it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.errors import NotFound
from app.questions import codec, editing
from app.questions.internal import for_everybody
from app.questions.types import Definition
from app.web.console import bp
from app.web.console.forms.questions import HintForm, QuestionForm, SectionForm
from app.web.console.reach import own_template
from app.web.parts import question_fields as fields
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.forms import BaseForm
from app.web.parts.pages import id_of
from app.worksheets import queries, templates
from app.worksheets.types import TemplateRow

NEW = 0
MOVES: dict[str, Callable[[Definition, int, int | None], Definition]] = {
    "up": lambda definition, section, question: editing.moved(definition, section, question, by=-1),
    "down": lambda definition, section, question: editing.moved(definition, section, question, by=1),
    "remove": editing.without,
}


@bp.get("/console/worksheets/<int:template_id>/questions/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_questions(template_id: int) -> ResponseReturnValue:
    """The form as an outline."""
    template = own_template(template_id)
    return _outline(template, _hint_form(template))


@bp.post("/console/worksheets/<int:template_id>/questions/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_questions_post(template_id: int) -> ResponseReturnValue:
    """Save the words above all; `do=up:<section>:<question>` also moves or removes a section or a question."""
    template, form = own_template(template_id), HintForm()
    if not form.validate():
        return _outline(template, form), 422
    wanted = editing.with_hint(template.definition, form.hint.data or "")
    doing, _, place = request.form.get("do", "").partition(":")
    if doing in MOVES:
        wanted = _rearranged(wanted, doing, place)
    return _kept(template, wanted, form) or (_outline(template, form), 422)


@bp.get("/console/worksheets/<int:template_id>/questions/<int:section>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_section(template_id: int, section: int) -> ResponseReturnValue:
    """A section by its place from 1; 0: a new one."""
    template = own_template(template_id)
    found = template.definition.sections[_place(template, section)] if section != NEW else None
    return _section_page(template, section, SectionForm.of(found, codec.digest(template.definition)))


@bp.post("/console/worksheets/<int:template_id>/questions/<int:section>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_section_post(template_id: int, section: int) -> ResponseReturnValue:
    """Save it."""
    template, form = own_template(template_id), SectionForm()
    place = _place(template, section) if section != NEW else None
    if section == NEW and not form.first.data:
        form.first.errors = ["「最初の質問」を入力してください。"]
    elif form.validate():
        before = None if place is None else template.definition.sections[place]
        wanted = editing.with_section(template.definition, place, form.to_section(before))
        if saved := _kept(template, wanted, form):
            return saved
    return _section_page(template, section, form), 422


@bp.get("/console/worksheets/<int:template_id>/questions/<int:section>/<int:question>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_question(template_id: int, section: int, question: int) -> ResponseReturnValue:
    """A question by its place from 1 in its section; 0: a new one."""
    template = own_template(template_id)
    asked = template.definition.sections[_place(template, section)].questions
    at = _place(template, section, question) if question != NEW else None
    found = None if at is None else asked[at]
    form = QuestionForm.of(found, asked[:at], codec.digest(template.definition))
    return _question_page(template, section, question, form)


@bp.post("/console/worksheets/<int:template_id>/questions/<int:section>/<int:question>/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_question_post(template_id: int, section: int, question: int) -> ResponseReturnValue:
    """Save it; a button beside an option only rearranges what was typed."""
    template = own_template(template_id)
    within = _place(template, section)
    asked = template.definition.sections[within].questions
    at = _place(template, section, question) if question != NEW else None
    form = QuestionForm.of(None, asked[:at], "")
    if "row" in request.form:
        return _question_page(
            template, section, question, QuestionForm.reordered(form, asked[:at], request.form["row"])
        )
    if form.validate():
        with form.refusals():
            made = form.to_question(None if at is None else asked[at])
            wanted = editing.with_question(template.definition, within, at, made)
            if saved := _kept(template, wanted, form):
                return saved
    return _question_page(template, section, question, form), 422


@bp.get("/console/worksheets/<int:template_id>/preview/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_preview(template_id: int) -> ResponseReturnValue:
    """The empty form as the sections will see it."""
    template = own_template(template_id)
    return render_template(
        "console/worksheets/preview.html",
        template=template,
        definition=for_everybody(template.definition),
        name=fields.name_of,
        hint=fields.hint_of,
        choices=fields.choices_of,
    )


def _kept(template: TemplateRow, wanted: Definition, form: HintForm | SectionForm | QuestionForm) -> Response | None:
    """Ask this from now on and go back to the outline; None where it was refused, which stands on the form then."""
    with form.refusals():
        templates.ask(template.id, wanted, seen=form.seen.data or "", by=current_actor(), now=clock.now())
        flash("設問を保存しました。", "success")
        return redirect(url_for("console.worksheet_questions", template_id=template.id), 303)
    return None


def _rearranged(definition: Definition, doing: str, place: str) -> Definition:
    section, _, question = place.partition(":")
    at = _at(len(definition.sections), id_of(section))
    within = _at(len(definition.sections[at].questions), id_of(question)) if question else None
    return MOVES[doing](definition, at, within)


def _place(template: TemplateRow, section: int, question: int | None = None) -> int:
    """The index of a section, or of a question in it. Raises NotFound."""
    at = _at(len(template.definition.sections), section)
    return at if question is None else _at(len(template.definition.sections[at].questions), question)


def _at(size: int, number: int) -> int:
    if not 1 <= number <= size:
        raise NotFound
    return number - 1


def _hint_form(template: TemplateRow) -> HintForm:
    return HintForm(formdata=None, data={"hint": template.definition.hint, "seen": codec.digest(template.definition)})


def _outline(template: TemplateRow, form: BaseForm) -> str:
    return render_template(
        "console/worksheets/questions.html",
        template=template,
        form=form,
        begun=len(queries.states([template.id])),
        hint_of=fields.hint_of,
        choices_of=fields.choices_of,
        editable=current_staff().can(Permission.MANAGE_WORKSHEETS),
    )


def _section_page(template: TemplateRow, section: int, form: SectionForm) -> str:
    return render_template("console/worksheets/section.html", template=template, section=section, form=form)


def _question_page(template: TemplateRow, section: int, question: int, form: QuestionForm) -> str:
    return render_template(
        "console/worksheets/question.html", template=template, section=section, question=question, form=form
    )
