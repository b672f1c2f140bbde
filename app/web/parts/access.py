"""Who may enter. A view says it with @allow; a view that says nothing is closed to everybody."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, session, url_for
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from app.accounts import services
from app.accounts.permissions import Permission
from app.accounts.types import StaffRow
from app.infra import clock
from app.kernel.types import RESIDENT, Actor

V = TypeVar("V", bound=Callable[..., Any])


class Access(Enum):
    """Entrances that need no permission of a role."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"


ANYONE = Access.ANYONE
SIGNED_IN = Access.SIGNED_IN

# The one entry of staff in the signed cookie: a random key whose SHA-256 is looked up at each request.
SESSION_KEY = "sid"
_STAFF = "tsudoi.staff"

# With a one-time password, only these can be reached until it is changed.
BEFORE_CHANGE = {"my.password", "my.password_post", "my.sign_out"}


def allow(who: Permission | Access) -> Callable[[V], V]:
    """Say who may enter a view: `@bp.get("/console/people/")` above `@allow(Permission.MANAGE_PEOPLE)`."""

    def mark(view: V) -> V:
        view.allowed = who  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark


def current_staff() -> StaffRow:
    """Who is signed in. Raises Unauthorized where nobody is: use it behind a permission or SIGNED_IN."""
    staff = staff_or_none()
    if staff is None:
        raise Unauthorized
    return staff


def staff_or_none() -> StaffRow | None:
    """Who is signed in, or None. Reads the session: the answer is personal and not cached."""
    environ = request.environ
    if _STAFF not in environ:
        key = session.get(SESSION_KEY)
        environ[_STAFF] = services.resume(key, now=clock.now()) if key else None
    return staff_found()


def staff_found() -> StaffRow | None:
    """Who the guard of this page has found already; never looks at the session, so that any layout may ask."""
    staff: StaffRow | None = request.environ.get(_STAFF)
    return staff


def current_actor() -> Actor:
    """Who acts, for the audit log: the member of staff, or a resident in views open to anyone."""
    view = current_app.view_functions.get(request.endpoint or "")
    return RESIDENT if getattr(view, "allowed", None) is ANYONE else current_staff().actor


def init_app(app: Flask) -> None:
    """Check each request before its view runs."""
    mark = allow(ANYONE)
    if "static" in app.view_functions:
        mark(app.view_functions["static"])
    app.before_request(_check)


def _check() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    who = getattr(current_app.view_functions[endpoint], "allowed", None)
    if who is ANYONE:
        return None
    staff = staff_or_none()
    if staff is None:
        return _to_sign_in()
    if staff.must_change and endpoint not in BEFORE_CHANGE:
        return redirect(url_for("my.password"), 303)
    if who is SIGNED_IN or (isinstance(who, Permission) and staff.can(who)):
        return None
    raise Forbidden


def _to_sign_in() -> Response:
    if request.method not in {"GET", "HEAD"}:
        raise Unauthorized
    wanted = request.full_path if request.query_string else request.path
    return redirect(url_for("my.sign_in", next=wanted), 303)
