"""Files beside a section's worksheet: put there, taken away, downloaded. What was typed on the page is kept first."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.documents.errors import WrongFile
from app.documents.sniffing import LARGEST
from app.infra import clock
from app.kernel.errors import Refusal
from app.kernel.types import Actor
from app.web.my import bp
from app.web.my.worksheets import (
    MOST_BYTES,
    MOST_FIELDS,
    Wrong,
    conflict,
    own_worksheet,
    refused,
    sent_version,
    worksheet_page,
)
from app.web.parts import question_fields as fields
from app.web.parts.access import SIGNED_IN, allow, current_staff
from app.web.parts.downloads import attachment
from app.web.parts.guards import takes_body, takes_fields
from app.web.parts.pages import id_of
from app.worksheets import attachments, queries, services
from app.worksheets.errors import ChangedMeanwhile

# What is a little too large is refused with a sentence and what was typed is kept; far larger bodies are not read.
BODY = MOST_BYTES + 2 * LARGEST
NOT_YET = "ほかの人が先に保存していたため、添付ファイルはまだ変わっていません。もう一度操作してください。"


@bp.post("/my/worksheets/<int:template_id>/<int:unit_id>/attachments/")
@allow(SIGNED_IN)
@takes_body(BODY)
@takes_fields(MOST_FIELDS)
def worksheet_attach(template_id: int, unit_id: int) -> ResponseReturnValue:
    """Keep what was typed; then `do=attach` puts a file beside it, `do=detach:<id>` takes one away."""
    view, unit = own_worksheet(template_id, unit_id)
    typed, by, now = fields.typed_answers(view.definition, request.form), current_staff().actor, clock.now()
    try:
        services.save(template_id, unit_id, typed, version=sent_version(), by=by, now=now)
    except ChangedMeanwhile as refusal:
        return conflict(view, unit, typed, refusal, file_problem=NOT_YET)
    except Refusal as refusal:
        return refused(view, unit, typed, refusal)
    view = queries.for_section(template_id, unit_id)
    try:
        flash(_carried_out(view.id or 0, by=by), "success")
    except Refusal as refusal:
        return worksheet_page(view, unit, Wrong(file=refusal.message)), 422
    return redirect(url_for("my.worksheet", template_id=template_id, unit_id=unit_id, _anchor="attachments"), 303)


@bp.get("/my/worksheets/<int:template_id>/<int:unit_id>/attachments/<int:attachment_id>/")
@allow(SIGNED_IN)
def worksheet_attachment(template_id: int, unit_id: int, attachment_id: int) -> Response:
    """The file itself, also one that was handed in and taken away afterwards."""
    view, _unit = own_worksheet(template_id, unit_id)
    file, content = queries.attachment(view.id or 0, attachment_id)
    return attachment(content, file.file_name, file.media_type, personal=True)


def _carried_out(worksheet_id: int, *, by: Actor) -> str:
    """Put the file there or take one away; returns what to say. Raises Refusal."""
    doing, _, which = request.form.get("do", "").partition(":")
    if doing == "detach":
        attachments.detach(worksheet_id, id_of(which), by=by, now=clock.now())
        return "ファイルを外しました。"
    file = request.files.get("file")
    if file is None or not file.filename:
        raise WrongFile("添付するファイルを選んでください。")
    # At most one byte more than is taken is read, so that the verb can refuse the rest.
    attachments.attach(worksheet_id, file.filename, file.stream.read(LARGEST + 1), by=by, now=clock.now())
    return "ファイルを添付しました。"
