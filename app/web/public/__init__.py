"""The door of residents: no account, and no cookie before a form is opened."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("public", __name__, template_folder="templates")
