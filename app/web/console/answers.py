"""What was answered to the questions of an event: all answers counted, and files that were sent."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Permission
from app.infra import audit, clock
from app.registrations import answer_files, tallies
from app.web.console import bp
from app.web.console.forms.registrations import whole_number
from app.web.console.reach import own_event, own_registration
from app.web.parts.access import allow, current_actor
from app.web.parts.downloads import attachment


@bp.get("/console/events/<int:event_id>/questions/answers/")
@allow(Permission.SEE_CONTACTS)
def event_answers(event_id: int) -> ResponseReturnValue:
    """回答の集計, of one sitting or of all; looking leaves an entry, since what was written may be personal."""
    event = own_event(event_id)
    asked = whole_number(request.args.get("sitting", ""))
    sitting = next((one for one in event.offered if one.id == asked), None)
    found = tallies.of_event(event.id, event.asked, sitting_id=sitting.id if sitting else None)
    audit.note("answers.shown", "event", event.id, by=current_actor(), at=clock.now())
    return render_template("console/events/answers.html", event=event, tallies=found, sitting=sitting)


@bp.get("/console/registrations/<int:registration_id>/files/<key>/")
@allow(Permission.SEE_CONTACTS)
def answer_file(registration_id: int, key: str) -> Response:
    """A file that an applicant sent; opening it leaves an entry."""
    row, event = own_registration(registration_id)
    file, content = answer_files.content(row.id, key)
    audit.note(
        "answer_file.read", "event", event.id, by=current_actor(), at=clock.now(), fields=[f"reference={row.reference}"]
    )
    return attachment(content, file.name, file.media_type, personal=True)
