"""The design room put into the application: templates, filters, what layouts ask for, addresses of static files.

Layouts ask the doors through template globals; each has a quiet default here and is replaced by the door that knows:
`public_nav()`, `footer_nav()`, `console_nav()` give [(label, address)]; `signed_in()` gives the person's name or None;
`sign_out_url()` the address that a sign-out form is sent to; `csp_nonce()` the nonce of this answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from app.design.filters import FILTERS

STATIC = Path(__file__).parent / "static"
ICONS = STATIC / "img" / "icons"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Service:
    """What the header and the footer call this service."""

    name: str = "つどい"
    tagline: str = "催し・研修の申込み"
    city: str = "倉敷市"
    section: str = "市民活動推進課"


def init_app(app: Flask) -> None:
    """Make templates, filters and globals known to `app`, whose static folder is this room's."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(FILTERS)
    env.globals.update(
        asset=asset,
        icon=icon,
        service=Service(),
        public_nav=_nothing,
        footer_nav=_nothing,
        console_nav=_nothing,
        signed_in=_nobody,
        sign_out_url=_nowhere,
        csp_nonce=_nowhere,
    )
    app.register_blueprint(Blueprint("design", __name__, template_folder="templates"))
    app.after_request(_keep_versioned)


@cache
def asset(path: str) -> str:
    """The address of a static file, with a mark of its content. Raises FileNotFoundError where there is none."""
    return f"/static/{path}?v={version(path)}"


@cache
def version(path: str) -> str:
    """Twelve characters that change when the file does."""
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]


@cache
def icon(name: str) -> Markup:
    """An SVG drawing beside words, hidden from screen readers. Raises FileNotFoundError where there is none."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8").strip()
    hidden = f'<svg class="ts-icon ts-icon--{name}" aria-hidden="true" focusable="false" '
    return Markup(drawing.replace("<svg ", hidden, 1))  # noqa: S704  a file of this program, typed by nobody


def _keep_versioned(response: Response) -> Response:
    """Let browsers keep a file for a year when its address names its content."""
    if request.endpoint == "static" and response.status_code in {200, 304} and "v" in request.args:
        path = (request.view_args or {})["filename"]
        if request.args["v"] == version(path):
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def _nothing() -> Sequence[tuple[str, str]]:
    return ()


def _nobody() -> str | None:
    return None


def _nowhere() -> str:
    return ""
