"""One section's worksheet as the organizer reads it: accepted, or given back with what to put right."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.infra import clock
from app.kernel.text import clean_text
from app.questions.carrying import rows_of, single_of, text_of
from app.web.console import bp
from app.web.console.reach import own_worksheet
from app.web.parts.access import allow, current_actor, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.forms import BaseForm
from app.web.parts.question_fields import name_of
from app.worksheets import queries, services
from app.worksheets.types import CommentDraft, WorksheetView

LONGEST_COMMENT = 1000


@bp.get("/console/worksheets/sheets/<int:worksheet_id>/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_review(worksheet_id: int) -> ResponseReturnValue:
    """What the section has written."""
    return _page(own_worksheet(worksheet_id), BaseForm(formdata=None))


@bp.post("/console/worksheets/sheets/<int:worksheet_id>/accept/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_accept(worksheet_id: int) -> ResponseReturnValue:
    """It is as it should be."""
    view, form = own_worksheet(worksheet_id), BaseForm()
    with form.refusals():
        services.accept(worksheet_id, by=current_actor(), now=clock.now())
        flash("受理しました。担当者へお知らせを送ります。", "success")
        return redirect(url_for("console.worksheet_board", template_id=view.template.id), 303)
    return _page(own_worksheet(worksheet_id), form), 422


@bp.post("/console/worksheets/sheets/<int:worksheet_id>/return/")
@allow(Permission.MANAGE_WORKSHEETS)
def worksheet_return(worksheet_id: int) -> ResponseReturnValue:
    """Give it back with what was written beside its rows."""
    view, form = own_worksheet(worksheet_id), BaseForm()
    said = {one: clean_text(request.form.get(anchor, "")) for anchor, one in _places(view)}
    too_long = [text for text in said.values() if len(text) > LONGEST_COMMENT]
    if too_long:
        form.form_errors.append(f"差戻しの理由は、1か所{LONGEST_COMMENT:,}文字以内にしてください。")
        return _page(view, form), 422
    comments = [CommentDraft(text, section, row) for (section, row), text in said.items()]
    with form.refusals():
        services.return_(worksheet_id, comments, by=current_actor(), now=clock.now())
        flash("差し戻しました。担当者へお知らせを送ります。", "success")
        return redirect(url_for("console.worksheet_board", template_id=view.template.id), 303)
    return _page(own_worksheet(worksheet_id), form), 422


@bp.get("/console/worksheets/sheets/<int:worksheet_id>/history/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_story(worksheet_id: int) -> ResponseReturnValue:
    """Each step with what changed since the one before."""
    view = own_worksheet(worksheet_id)
    return render_template(
        "console/worksheets/history.html",
        view=view,
        unit=queries.unit_of(view),
        story=queries.story(worksheet_id),
    )


@bp.get("/console/worksheets/sheets/<int:worksheet_id>/attachments/<int:attachment_id>/")
@allow(Permission.SEE_WORKSHEETS)
def worksheet_file(worksheet_id: int, attachment_id: int) -> Response:
    """A file that the section put beside its answers."""
    file, content = queries.attachment(own_worksheet(worksheet_id).id or 0, attachment_id)
    return attachment(content, file.file_name, file.media_type, personal=True)


def _places(view: WorksheetView) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """Where something can be said: the control, and the section and row it is about."""
    yield "comment", (None, None)
    for section in view.definition.sections:
        if section.repeats:
            for row in rows_of(section, view.answers):
                yield name_of(section, str(row["row"]), "comment"), (section.key, str(row["row"]))
        else:
            yield name_of(section, None, "comment"), (section.key, None)


def _page(view: WorksheetView, form: BaseForm) -> str:
    return render_template(
        "console/worksheets/review.html",
        view=view,
        form=form,
        unit=queries.unit_of(view),
        rows_of=rows_of,
        single_of=single_of,
        text_of=text_of,
        anchors={place: anchor for anchor, place in _places(view)},
        typed=request.form,
        assessed=any(asked.internal for _section, asked in view.definition),
        editable=current_staff().can(Permission.MANAGE_WORKSHEETS),
    )
