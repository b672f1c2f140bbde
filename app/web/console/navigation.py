"""What the console's layout asks for: the menu, each entry with the permission that opens it, and who is signed in."""

from __future__ import annotations

from flask import Flask, url_for

from app.accounts.permissions import Permission
from app.web.console.reach import at_desk
from app.web.parts.access import staff_found

MENU: tuple[tuple[str, str, Permission], ...] = (
    ("ホーム", "/console/", Permission.SEE_REGISTRATIONS),
    ("年間の予定", "/console/calendar/", Permission.SEE_YEAR_PLAN),
    ("研修会・講座", "/console/events/", Permission.SEE_REGISTRATIONS),
    ("必修研修", "/console/compliance/", Permission.SEE_COMPLIANCE),
    ("Eラーニング", "/console/elearning/", Permission.SEE_ELEARNING),
    ("様式・棚卸", "/console/worksheets/", Permission.SEE_WORKSHEETS),
    ("協働環境調査", "/console/surveys/", Permission.SEE_SURVEYS),
    ("提案事業", "/console/proposals/", Permission.SEE_PROPOSALS),
    ("地域課題", "/console/issues/", Permission.SEE_ISSUES),
    ("年次レポート", "/console/reports/", Permission.SEE_REPORTS),
    ("組織と担当", "/console/org/", Permission.SEE_ORG),
    ("送信の状況", "/console/messages/", Permission.SEND_MESSAGES),
    ("職員", "/console/people/", Permission.MANAGE_HELPERS),
    ("操作記録", "/console/audit/", Permission.SEE_AUDIT),
)
# What the section that keeps this service does for the whole city.
OF_THE_DESK = frozenset({"/console/issues/"})
ACCOUNT = ("わたしの手続き", "/my/")


def init_app(app: Flask) -> None:
    """Answer the layout's questions."""
    app.jinja_env.globals.update(
        console_nav=console_nav,
        signed_in=signed_in,
        sign_out_url=lambda: url_for("my.sign_out"),
    )


def console_nav() -> list[tuple[str, str]]:
    """What the signed-in person can open."""
    staff = staff_found()
    if staff is None or staff.must_change:
        return []
    hidden = frozenset() if at_desk(staff) else OF_THE_DESK
    return [*((label, href) for label, href, needed in MENU if staff.can(needed) and href not in hidden), ACCOUNT]


def signed_in() -> str | None:
    """The signed-in person's name."""
    staff = staff_found()
    return staff.name if staff else None
