"""The door of staff themselves: signing in, one's own account."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("my", __name__, template_folder="templates")
