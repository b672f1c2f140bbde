"""How reminders read when they are sent; who has completed meanwhile is not reminded."""

from __future__ import annotations

from collections.abc import Mapping

from app.delivery.rendering import mail_text, renders, still_wanted
from app.delivery.types import Rendered
from app.elearning import progress, queries
from app.infra import clock
from app.infra.links import links
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON
from app.org import queries as org


def reminder(payload: Mapping[str, JSON]) -> Rendered:
    """The reminder as somebody would get it now. Raises NotFound."""
    course = queries.one(int(str(payload["course"])))
    name = org.member(int(str(payload["member"])), on=local_date(clock.now())).name
    url = links.absolute(f"/my/elearning/{course.id}/")
    subject, text, html = mail_text("elearning", "reminder", {"course": course, "name": name, "url": url})
    return Rendered(subject, text, html, None, None, course.section)


def _still_owes(payload: Mapping[str, JSON]) -> bool:
    return not progress.completions([int(str(payload["course"]))], [int(str(payload["member"]))])


def register() -> None:
    """Tell the delivery room how the message of this room reads."""
    renders("elearning.reminder", "Eラーニングの受講のお願い")(reminder)
    still_wanted("elearning.reminder")(_still_owes)
