"""What a certificate of an e-learning course proves, by its code: never whose it is."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.elearning import certificates
from app.kernel.errors import NotFound
from app.web.parts.access import ANYONE, allow
from app.web.parts.limits import counted_misses
from app.web.public import bp

LONGEST = 40


@bp.get("/verify/")
@allow(ANYONE)
def verify() -> ResponseReturnValue:
    """The form for a code that was read off paper."""
    typed = request.args.get("code", "").strip()[:LONGEST]
    if typed:
        return redirect(url_for("public.verified", code=typed), 303)
    return render_template("public/verify.html", typed="", found=None)


@bp.get("/verify/<code>/")
@allow(ANYONE)
def verified(code: str) -> ResponseReturnValue:
    """The course, the section and the day; the form again where there is no such code."""
    try:
        with counted_misses():
            found = certificates.verified(code[:LONGEST])
    except NotFound:
        return render_template("public/verify.html", typed=code[:LONGEST], found=None), 404
    return render_template("public/verify.html", typed=found.code, found=found)
