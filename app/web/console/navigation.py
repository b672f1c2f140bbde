"""What the console's layout asks for: the menu, each entry with the permission that opens it, and who is signed in."""

from __future__ import annotations

from flask import Flask, g, url_for

from app.accounts.permissions import Permission
from app.accounts.types import StaffRow

MENU: tuple[tuple[str, str, Permission], ...] = (
    ("研修会・講座", "/console/", Permission.SEE_REGISTRATIONS),
    ("職員", "/console/people/", Permission.MANAGE_HELPERS),
    ("操作記録", "/console/audit/", Permission.SEE_AUDIT),
)


def init_app(app: Flask) -> None:
    """Answer the layout's questions."""
    app.jinja_env.globals.update(
        console_nav=console_nav,
        signed_in=signed_in,
        sign_out_url=lambda: url_for("my.sign_out"),
    )


def console_nav() -> list[tuple[str, str]]:
    """What the signed-in person can open."""
    staff = _staff()
    if staff is None or staff.must_change:
        return []
    return [(label, address) for label, address, needed in MENU if staff.can(needed)]


def signed_in() -> str | None:
    """The signed-in person's name."""
    staff = _staff()
    return staff.name if staff else None


def _staff() -> StaffRow | None:
    # Only what the guard of this page has found already: a public page must not read the session for its header.
    staff: StaffRow | None = g.get("staff")
    return staff
