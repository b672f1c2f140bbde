"""The doors: one package an audience. A door reads from rooms, calls their verbs and shows the answer."""

from __future__ import annotations

from flask import Flask

from app.web import console, my, ops, public
from app.web.console import audit, people
from app.web.my import account, sign_in
from app.web.ops import health, metrics
from app.web.parts import access, errors, guards, page_cache

# The modules whose views belong to each door: importing them is what adds their addresses.
VIEWS = (account, audit, health, metrics, people, sign_in)


def init_app(app: Flask) -> None:
    """Install what all doors share, then open each door."""
    guards.init_app(app)
    page_cache.init_app(app)
    shown.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    for door in (public, my, console, ops):
        app.register_blueprint(door.bp)
