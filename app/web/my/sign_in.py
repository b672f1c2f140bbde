"""Signing in and out."""

from __future__ import annotations

import re

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import services
from app.accounts.permissions import Permission, Role
from app.accounts.types import SignedIn, StaffRow
from app.infra import clock
from app.kernel.text import clean_email
from app.web.my import bp
from app.web.my.forms import SignInForm
from app.web.parts import limits
from app.web.parts.access import ANYONE, SESSION_KEY, SIGNED_IN, allow, current_actor, staff_or_none

# Sign-in leads to staff pages of this service and nowhere else: no host, no scheme, no backslash, no control character.
_OWN_PATH = re.compile(r"/(?:my|console)/[A-Za-z0-9\-._~/?=&%+:,]{0,500}", re.ASCII)


@bp.get("/my/sign-in/")
@allow(ANYONE)
def sign_in() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    staff = staff_or_none()
    if staff is not None:
        return redirect(_destination(request.args.get("next", ""), staff), 303)
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("my/sign_in.html", form=form, signed_out="signed_out" in request.args)


@bp.post("/my/sign-in/")
@allow(ANYONE)
def sign_in_post() -> ResponseReturnValue:
    """Check the password, begin a session with a new key."""
    form = SignInForm()
    if form.validate_on_submit():
        with form.refusals():
            signed_in = _limited_sign_in(clean_email(form.email.data or ""), form.password.data or "")
            begin_session(signed_in)
            return redirect(_destination(form.next.data or "", signed_in.staff), 303)
    form.password.data = ""
    return render_template("my/sign_in.html", form=form, signed_out=False), 422


@bp.post("/my/sign-out/")
@allow(SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End the session here and in the database."""
    services.sign_out(session[SESSION_KEY], by=current_actor(), now=clock.now())
    session.clear()
    response = redirect(url_for("my.sign_in", signed_out=1), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def begin_session(signed_in: SignedIn) -> None:
    """Put a new session's key into the cookie; nothing of what was there before stays, the CSRF token neither."""
    session.clear()
    session[SESSION_KEY] = signed_in.key


def _limited_sign_in(email: str, password: str) -> SignedIn:
    """Every attempt counts before it is tried, a successful one is taken back: an office shares one address."""
    account = email.lower()
    counted = ((limits.SIGN_IN_ALL, "all"), (limits.SIGN_IN_ADDRESS, None), (limits.SIGN_IN_ACCOUNT, account))
    for limit, who in counted:
        limits.hit(limit, who)
    signed_in = services.sign_in(email, password, now=clock.now())
    for limit, who in counted:
        limits.take_back(limit, who)
    return signed_in


def _destination(wanted: str, staff: StaffRow) -> str:
    if staff.must_change:
        return url_for("my.password")
    if _OWN_PATH.fullmatch(wanted):
        return wanted
    if staff.role is Role.MEMBER:
        return url_for("my.home")
    if staff.can(Permission.SEE_REGISTRATIONS):
        return "/console/"
    return url_for("console.people" if staff.can(Permission.MANAGE_PEOPLE) else "console.audit")
