"""How our messages read when they are sent: text, HTML and calendar entry from the registration as it stands then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from app.delivery.rendering import mail_text, renders
from app.delivery.types import Rendered
from app.events import queries as events
from app.events.types import EventRow
from app.infra import clock
from app.infra.links import links
from app.kernel.japanese_dates import period_text
from app.kernel.types import JSON
from app.registrations import queries
from app.registrations.invitation import calendar_entry
from app.registrations.types import RegistrationRow, Status

# Kinds of message whose mail carries a calendar object when a seat is (or was) held.
WITH_CALENDAR = {"confirmed", "promoted", "changed", "moved", "reminder"}
CANCELLING = {"cancelled", "called_off"}
FIELD_WORDS = {
    "name": "お名前", "kana": "フリガナ", "email": "メールアドレス", "phone": "電話番号", "companions": "同伴者の人数",
    "district": "お住まいの地区", "affiliation": "団体・所属", "category": "参加区分", "needs": "必要なこと",
}  # fmt: skip


def _renderer(kind: str) -> Callable[[Mapping[str, JSON]], Rendered]:
    def render(payload: Mapping[str, JSON]) -> Rendered:
        registration = queries.by_id(int(str(payload["registration"])))
        event = events.by_id(registration.event_id)
        token = queries.link_token(registration.id)
        now = clock.now()
        context = {
            "registration": registration,
            "event": event,
            "sitting": next(s for s in event.sittings if s.id == registration.sitting_id),
            "url": links.absolute(f"/r/{token}/"),
            "event_url": links.absolute(f"/events/{event.slug}/"),
            "position": payload.get("position"),
            "duplicate": bool(payload.get("duplicate")),
            "changed": [FIELD_WORDS[str(f)] for f in _strings(payload.get("fields"))],
            "was": _was(payload),
            "now": now,
        }
        subject, text, html = mail_text("registrations", kind, context)
        held = bool(payload.get("held_a_seat", True))
        entry = calendar_entry(registration, event, token=token, now=now) if _has_entry(kind, registration, held) else None
        return Rendered(subject, text, html, entry, event.contact_email or None)

    return render


def _has_entry(kind: str, registration: RegistrationRow, held_a_seat: bool) -> bool:
    if kind in CANCELLING:
        return held_a_seat and registration.status is Status.CANCELLED
    return kind in WITH_CALENDAR and registration.status is Status.CONFIRMED


def _strings(value: JSON) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _was(payload: Mapping[str, JSON]) -> str | None:
    if "was_start" not in payload:
        return None
    start, end = (datetime.fromisoformat(str(payload[k])) for k in ("was_start", "was_end"))
    return period_text(start, end)


def _still_coming(payload: Mapping[str, JSON]) -> bool:
    registration = queries.by_id(int(str(payload["registration"])))
    return registration.status is Status.CONFIRMED and registration.starts_at > clock.now()


def register() -> None:
    """Tell the delivery room how each kind of message of this room reads."""
    for kind in (*WITH_CALENDAR, *CANCELLING, "waitlisted", "address_changed"):
        renders(f"registration.{kind}")(_renderer(kind))
