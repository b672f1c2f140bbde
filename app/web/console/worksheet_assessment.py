"""What only the organizer writes of a section's worksheet, beside what the section has answered."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.infra import clock
from app.questions.carrying import rows_of, single_of, text_of
from app.questions.types import Answers, Problem
from app.web.console import bp
from app.web.console.reach import own_worksheet
from app.web.parts import question_fields as fields
from app.web.parts.access import allow, current_actor
from app.web.parts.forms import BaseForm
from app.web.parts.guards import takes_body, takes_fields
from app.worksheets import assessing, queries, rules
from app.worksheets.errors import WrongAnswers
from app.worksheets.types import WorksheetView

# Hundreds of rows, each with some questions of the organizer's.
MOST_BYTES, MOST_FIELDS = 2 * 1024 * 1024, 5_000


@bp.get("/console/worksheets/sheets/<int:worksheet_id>/assessment/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_assessment(worksheet_id: int) -> ResponseReturnValue:
    """The section's answers, each with the organizer's questions below it."""
    view = own_worksheet(worksheet_id)
    return _page(view, BaseForm(formdata=None), view.answers, assessing.digest(view))


@bp.post("/console/worksheets/sheets/<int:worksheet_id>/assessment/")
@allow(Permission.MANAGE_WORKSHEETS)
@takes_body(MOST_BYTES)
@takes_fields(MOST_FIELDS)
def worksheet_assessment_post(worksheet_id: int) -> ResponseReturnValue:
    """Save the organizer's part."""
    view, form = own_worksheet(worksheet_id), BaseForm()
    typed, seen = fields.typed_answers(view.definition, request.form), request.form.get("seen", "")
    with form.refusals():
        try:
            assessing.assess(worksheet_id, typed, seen=seen, by=current_actor(), now=clock.now())
        except WrongAnswers as refusal:
            return _page(view, form, typed, seen, refusal.problems), 422
        flash("事務局の記入を保存しました。", "success")
        return redirect(url_for("console.worksheet_review", worksheet_id=worksheet_id), 303)
    return _page(view, form, typed, seen), 422


def _page(
    view: WorksheetView,
    form: BaseForm,
    answers: Answers,
    seen: str,
    problems: tuple[Problem, ...] = (),
) -> str:
    """`answers`: what stands in the organizer's fields, as it is stored or as it was typed."""
    return render_template(
        "console/worksheets/assessment.html",
        view=view,
        theirs=rules.as_the_section_sees(view),
        form=form,
        seen=seen,
        unit=queries.unit_of(view),
        values=fields.controls(view.definition, answers),
        wrong=fields.messages_at(view.definition, problems),
        problems=fields.linked(view.definition, view.answers, problems),
        name=fields.name_of,
        hint=fields.hint_of,
        choices=fields.choices_of,
        rows_of=rows_of,
        single_of=single_of,
        text_of=text_of,
    )
