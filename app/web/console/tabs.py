"""The pages of one event, side by side: what the signed-in person can open of them."""

from __future__ import annotations

from flask import url_for

from app.accounts.permissions import Permission
from app.events.types import Audience, EventRow
from app.web.console import bp
from app.web.parts.access import current_staff

# Where residents and staff meet, they may do so at tables about a theme.
THEMES = "テーマとテーブル"
TABS: tuple[tuple[str, str, Permission], ...] = (
    ("概要", "console.event", Permission.SEE_REGISTRATIONS),
    ("基本情報", "console.event_edit", Permission.EDIT_EVENTS),
    ("日時・会場", "console.event_sittings", Permission.EDIT_EVENTS),
    ("次第・講師", "console.event_agenda", Permission.EDIT_EVENTS),
    ("質問", "console.event_questions", Permission.EDIT_EVENTS),
    ("資料", "console.event_handouts", Permission.EDIT_EVENTS),
    ("通知の文面", "console.event_mails", Permission.EDIT_EVENTS),
    ("準備", "console.event_checklist", Permission.SEE_REGISTRATIONS),
    ("広報", "console.event_publicity", Permission.SEE_REGISTRATIONS),
    (THEMES, "console.event_themes", Permission.SEE_REGISTRATIONS),
    ("申込者", "console.registrations", Permission.SEE_REGISTRATIONS),
    ("団体の枠", "console.bodies", Permission.SEE_REGISTRATIONS),
    ("一斉のお知らせ", "console.event_bulk", Permission.SEND_MESSAGES),
    ("アンケート", "console.event_feedback", Permission.SEE_REGISTRATIONS),
    ("修了証", "console.certificates", Permission.EXPORT),
)


@bp.app_template_global("event_tabs")
def event_tabs(event: EventRow) -> list[tuple[str, str]]:
    """Label and address of each."""
    staff = current_staff()
    left_out = "" if event.audience is Audience.BOTH else THEMES
    return [
        (label, url_for(view, event_id=event.id))
        for label, view, needed in TABS
        if staff.can(needed) and label != left_out
    ]
