"""How the mail of thanks reads, and whether it still makes sense when it is about to leave."""

from __future__ import annotations

from collections.abc import Mapping

from app.delivery.rendering import mail_text, renders, still_wanted
from app.delivery.types import Rendered
from app.events import queries as events
from app.feedback import queries
from app.feedback.messages import THANKS
from app.feedback.types import FormRow, State
from app.infra import clock
from app.infra.links import links
from app.kernel.types import JSON


def _thanks(payload: Mapping[str, JSON]) -> Rendered:
    form = _form(payload)
    if form is None:
        raise LookupError("the event has no feedback form")
    event = events.by_id(form.event_id)
    context = {
        "name": queries.name_of(int(str(payload["registration"]))),
        "event": event,
        "url": links.absolute(f"/f/{form.code}/{_own_link(form, str(payload['nonce']))}"),
        "last_day": form.last_day,
    }
    subject, text, html = mail_text("feedback", "thanks", context)
    return Rendered(subject, text, html, None, event.contact_email or None, event.section)


def _own_link(form: FormRow, nonce: str) -> str:
    """The end of the address; with a key that was changed since, the address that everybody has."""
    token = links.token(queries.TICKET, nonce)
    return f"{token}/" if queries.is_ticket(form.event_id, token) else ""


def _still_open(payload: Mapping[str, JSON]) -> bool:
    form = _form(payload)
    return form is not None and form.state is State.OPEN


def _form(payload: Mapping[str, JSON]) -> FormRow | None:
    return queries.of_event(int(str(payload["event"])), now=clock.now())


def register() -> None:
    """Tell the delivery room how the message of this room reads."""
    renders(THANKS, "参加のお礼とアンケート")(_thanks)
    still_wanted(THANKS)(_still_open)
