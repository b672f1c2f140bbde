"""The doors: one package an audience. A door reads from rooms, calls their verbs and shows the answer."""

from __future__ import annotations

from flask import Flask

from app.web import console, feeds, my, ops, public
from app.web.console import audit, people
from app.web.feeds import atom, ics
from app.web.my import account, sign_in
from app.web.ops import health, metrics
from app.web.parts import access, errors, guards, page_cache
from app.web.public import about, apply, events, my_registration, shown

# The modules whose views belong to each door: importing them is what adds their addresses.
VIEWS = (about, account, apply, atom, audit, events, health, ics, metrics, my_registration, people, sign_in)


def init_app(app: Flask) -> None:
    """Install what all doors share, then open each door."""
    guards.init_app(app)
    page_cache.init_app(app)
    shown.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    for door in (public, feeds, my, console, ops):
        app.register_blueprint(door.bp)
