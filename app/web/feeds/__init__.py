"""The door of programs: calendars, feed readers, search engines."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("feeds", __name__, template_folder="templates")
