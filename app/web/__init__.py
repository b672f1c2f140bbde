"""The doors: one package an audience. A door reads from rooms, calls their verbs and shows the answer."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Install what all doors share, then open each door."""
